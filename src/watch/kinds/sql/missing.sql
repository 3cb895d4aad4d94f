-- What is missing of each gateway: holes in what it has sent, and what it, or a reader behind it, lost lately: it said so, or began
-- another epoch.
-- $1 site  $2 lost since  $3 so much at least
with missing as (
  select h.gateway, h.epoch, h.from_seq, h.to_seq,
         case when h.given_up_at is null then h.envelopes else 0 end as open,
         case when h.given_up_at is null then 0 else h.envelopes end as lost
  from hole h where h.site = $1 and (h.given_up_at is null or h.given_up_at >= $2)
  union all
  select g.gateway, g.epoch, g.from_seq, g.to_seq, 0, g.lost from gap g where g.site = $1 and g.noticed_at >= $2
)
select gateway, sum(open) as open, sum(lost) as lost,
       coalesce((array_agg(format('%s: %s to %s', epoch, from_seq, to_seq) order by from_seq desc) filter (where from_seq is not null))[1:5], '{}') as ranges
from missing
group by gateway
having sum(open) + sum(lost) >= $3
order by gateway
