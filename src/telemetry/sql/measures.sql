-- Series in buckets: whole tens of seconds, minutes or hours from their sums (where these are is put in), the edges (or everything, when nothing
-- is summed) from what was measured.
-- $1 site  $2 device  $3 name  $4 from  $5 to  $6 width of a bucket  $7 first summed  $8 after the last summed  $9 own figures only
with part as (
  select device, name, coalesce(unit, '') as unit, at, 1::bigint as count, value as sum, value as min, value as max
  from measure
  where site = $1 and ($2::text is null or device = $2) and ($3::text is null or name = $3) and (not $9 or journal_offset = 0)
    and ((at >= $4 and at < $7) or (at >= $8 and at < $5))
  union all
  select device, name, unit, at, count, sum, min, max
  from measure_minute
  where site = $1 and ($2::text is null or device = $2) and ($3::text is null or name = $3) and at >= $7 and at < $8
)
select device, name, nullif(unit, '') as unit, date_bin($6::interval, at, '1970-01-01Z') as at, sum(sum) / sum(count) as mean, min(min), max(max),
       sum(count)::bigint as count
from part
group by device, name, unit, 4
order by device collate "C", name collate "C", unit collate "C" nulls first, 4
