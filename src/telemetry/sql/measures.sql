-- Series in buckets: whole tens of seconds, minutes or hours from their sums (where these are is put in), the edges (or everything, when nothing
-- is summed) from what was measured.
-- $1 site  $2 device  $3 name  $4 from  $5 to  $6 width of a bucket  $7 first summed  $8 after the last summed  $9 own figures only
with asked as materialized (
  select id, device, name, unit from series
  where site = $1 and ($2::text is null or device = $2) and ($3::text is null or name = $3)
), part as (
  select series, at, 1::bigint as count, value as sum, value as min, value as max
  from series_value
  where series in (select id from asked) and (not $9 or journal_offset = 0) and ((at >= $4 and at < $7) or (at >= $8 and at < $5))
  union all
  select series, at, count, sum, min, max
  from series_minute
  where series in (select id from asked) and at >= $7 and at < $8
), bucket as (
  select series, date_bin($6::interval, at, '1970-01-01Z') as at, sum(sum) / sum(count) as mean, min(min), max(max), sum(count)::bigint as count
  from part
  group by 1, 2
)
select a.device, a.name, nullif(a.unit, '') as unit, b.at, b.mean, b.min, b.max, b.count
from bucket b join asked a on a.id = b.series
order by a.device collate "C", a.name collate "C", a.unit collate "C" nulls first, b.at
