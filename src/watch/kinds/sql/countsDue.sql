-- Bins with a class, when each was counted last; and planned bins that wait, since when.
-- $1 site  $2 locations that have a class  $3 as of
select l.location, max(t.counted_at) as counted_at,
       (select min(c.effective_at) from configuration c where c.site = $1) as known_at
from unnest($2::text[]) as l (location)
left join count_task t on t.site = $1 and t.location = l.location and t.state = 'closed' and t.counted_at <= $3
group by l.location
order by l.location
