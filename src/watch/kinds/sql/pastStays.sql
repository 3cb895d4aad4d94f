-- Stays in these locations that had lasted for a while between two times: from the movement there to the next one of the same
-- item. What was undone, and what undid it, never happened. Stays that began more than 90 days before are not looked for.
-- $1 site  $2 locations  $3 lasted for, ms  $4 from  $5 to  $6 with what is inside a container, and what nobody knows
with stay as (
  select t.epc, t.to_location as location, t.container, t.happened_at as since,
         lead(t.happened_at) over (partition by t.epc order by t.happened_at, t.recorded_at, t.id) as until
  from transaction t
  where t.site = $1 and t.epc is not null and t.happened_at > $4::timestamptz - interval '90 days' and t.happened_at <= $5
    and t.supersedes is null and not exists (select 1 from transaction u where u.site = t.site and u.supersedes = t.id)
)
select s.location, s.epc, s.since + $3 * interval '1 ms' as lasted_at, s.until
from stay s
join item i on i.site = $1 and i.epc = s.epc
where s.location = any ($2) and ($6 or (coalesce(s.container, '') = '' and i.kind <> 'unknown'))
  and s.since + $3 * interval '1 ms' <= $5 and (s.until is null or s.until > greatest($4, s.since + $3 * interval '1 ms'))
order by lasted_at
limit 100000
