-- When bins with a class were counted, oldest first; before the first count, when the site was first described.
-- $1 site  $2 locations that have a class  $3 until
select l.location, c.at as counted_at
from unnest($2::text[]) as l (location)
cross join lateral (
  select min(effective_at) as at from configuration where site = $1
  union all
  select t.counted_at from count_task t
  where t.site = $1 and t.location = l.location and t.state = 'closed' and t.counted_at <= $3
) c
where c.at is not null
order by l.location, c.at
