-- What is missing of each gateway: holes in what it has sent, and what it, or a reader behind it, said to have lost lately.
-- $1 site  $2 lost since  $3 so much at least
with hole as (
  select s.gateway, upper(hole) - lower(hole) as open, 0::bigint as lost, s.epoch, lower(hole) as from_seq, upper(hole) - 1 as to_seq
  from stream s
  cross join lateral unnest(int8multirange(int8range(1, (select max(upper(r)) from unnest(s.received) as r))) - s.received) as hole
  where s.site = $1 and s.received is not null and s.received <> '{}'
  union all
  select g.gateway, 0, g.lost, g.epoch, g.from_seq, g.to_seq from gap g where g.site = $1 and g.noticed_at >= $2
)
select gateway, sum(open) as open, sum(lost) as lost,
       coalesce((array_agg(format('%s: %s to %s', epoch, from_seq, to_seq) order by from_seq desc) filter (where from_seq is not null))[1:5], '{}') as ranges
from hole
group by gateway
having sum(open) + sum(lost) >= $3
order by gateway
