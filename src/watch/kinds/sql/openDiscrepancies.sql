-- Open discrepancies by kind and place, with the five newest of each and the confidence of the movements behind them.
-- $1 site  $2 kinds, or null for every other that is critical  $3 kinds that are not among those  $4 so many at least
-- What went out at a door where no load stood is a wrong door, to the books a `wrong-load` as well.
with told as (
  select d.*, coalesce(d.read_point, d.location, '') as place, d.kind as discrepancy,
         case when d.kind = 'wrong-load' and not exists (
                select from outbound_load l
                where l.site = d.site and l.door = d.read_point and l.opened_at <= d.recorded_at and coalesce(l.closed_at, 'infinity') > d.recorded_at
              ) then 'wrong-door' else d.kind end as told_as
  from discrepancy d
  where d.site = $1 and d.state = 'open'
), open as (
  select t.*, row_number() over (partition by t.told_as, t.place order by t.happened_at desc, t.id desc) as nth
  from told t
  where case when $2::text[] is null then t.severity = 'critical' and t.told_as <> all ($3::text[]) else t.told_as = any ($2) end
)
select o.told_as as kind, o.discrepancy, o.place, count(*) as open, min(o.happened_at) as oldest, max(o.happened_at) as newest,
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
group by o.told_as, o.discrepancy, o.place
having count(*) >= $4
order by max(o.happened_at) desc
