-- Open discrepancies by kind and place, with the five newest of each and the confidence of the movements behind them.
-- $1 site  $2 kinds, or null for every other that is critical  $3 kinds that are not among those  $4 so many at least
with open as (
  select d.*, coalesce(d.read_point, d.location, '') as place,
         row_number() over (partition by d.kind, coalesce(d.read_point, d.location, '') order by d.happened_at desc, d.id desc) as nth
  from discrepancy d
  where d.site = $1 and d.state = 'open'
    and case when $2::text[] is null then d.severity = 'critical' and d.kind <> all ($3::text[]) else d.kind = any ($2) end
)
select o.kind, o.place, count(*) as open, min(o.happened_at) as oldest, max(o.happened_at) as newest,
       array_agg(o.id::text order by o.nth) filter (where o.nth <= 5) as ids,
       coalesce(array_agg(o.transaction_id::text order by o.nth) filter (where o.nth <= 5 and o.transaction_id is not null), '{}') as movements,
       array_agg(o.message order by o.nth) filter (where o.nth = 1) as messages,
       coalesce(array_agg(t.confidence order by o.nth) filter (where t.confidence is not null), '{}') as confidences
from open o
left join lateral (
  select t.confidence from transaction t
  where o.nth <= 5 and t.site = o.site and t.id = o.transaction_id
    and t.happened_at between o.happened_at - interval '1 day' and o.happened_at + interval '1 day'
  limit 1
) t on true
group by o.kind, o.place
having count(*) >= $4
order by max(o.happened_at) desc
