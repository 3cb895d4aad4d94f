-- Stays in these locations that had become too long between two times: from the movement there to the next one of the same
-- item. What was undone, and what undid it, never happened. Stays that began more than 90 days before are not looked for.
-- $1 site  $2 locations  $3 too long from, ms  $4 from  $5 to
with stay as (
  select t.epc, t.to_location as location, t.happened_at as since,
         lead(t.happened_at) over (partition by t.epc order by t.happened_at, t.recorded_at, t.id) as until
  from transaction t
  where t.site = $1 and t.epc is not null and t.happened_at > $4::timestamptz - interval '90 days' and t.happened_at <= $5
    and t.supersedes is null and not exists (select 1 from transaction u where u.site = t.site and u.supersedes = t.id)
)
select location, epc, since + $3 * interval '1 ms' as too_long_at, until
from stay
where location = any ($2) and since + $3 * interval '1 ms' <= $5 and (until is null or until > since + $3 * interval '1 ms')
  and (until is null or until > $4)
order by too_long_at
limit 100000
