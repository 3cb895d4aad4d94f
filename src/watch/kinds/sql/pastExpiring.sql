-- How much of each lot whose day is near or past was on hand: at a time, and after each change since. What is there now, less what has
-- come since, is what was there then.
-- $1 site  $2 good until this day at most  $3 from
with said as (
  select sku, lot, expiry from inbound_line where site = $1 and sku is not null and lot <> '' and expiry is not null
  union all
  select l.sku, b.lot, b.expiry::date
  from inbound_line l
  cross join lateral jsonb_to_recordset(l.batches) as b (lot text, expiry text)
  where l.site = $1 and l.sku is not null and b.lot <> '' and b.expiry is not null
), lot as (
  select sku, lot, max(expiry) as expiry from said group by sku, lot having max(expiry) <= $2::date
), change as (
  select l.sku, l.lot, p.happened_at as at,
         sum((is_on_site(p.to_location)::integer - is_on_site(p.from_location)::integer) * p.quantity) as quantity
  from lot l
  join posting p on p.site = $1 and p.sku = l.sku and p.lot = l.lot and p.happened_at > $3
  group by l.sku, l.lot, p.happened_at
), first as (
  select l.sku, l.lot, l.expiry,
         coalesce((select sum(b.quantity) from balance b where b.site = $1 and b.sku = l.sku and b.lot = l.lot and is_on_site(b.location)), 0)
           - coalesce((select sum(c.quantity) from change c where c.sku = l.sku and c.lot = l.lot), 0) as quantity
  from lot l
)
select f.sku, f.lot, f.expiry::text as expiry, $3::timestamptz as at, f.quantity from first f
union all
select f.sku, f.lot, f.expiry::text, c.at, f.quantity + sum(c.quantity) over (partition by c.sku, c.lot order by c.at)
from change c join first f using (sku, lot)
order by 1, 2, 4
limit 100000
