-- Lots on hand whose day is near or past, as inbound documents said of the lot.
-- $1 site  $2 good until this day at most  $3 units at least
with said as (
  select sku, lot, expiry from inbound_line where site = $1 and sku is not null and lot <> '' and expiry is not null
  union all
  select l.sku, b.lot, b.expiry::date
  from inbound_line l
  cross join lateral jsonb_to_recordset(l.batches) as b (lot text, expiry text)
  where l.site = $1 and l.sku is not null and b.lot <> '' and b.expiry is not null
), lot as (select sku, lot, max(expiry) as expiry from said group by sku, lot having max(expiry) <= $2::date)
select l.sku, l.lot, l.expiry::text as expiry, sum(b.quantity) as quantity, array_agg(distinct b.location order by b.location) as locations
from lot l
join balance b on b.site = $1 and b.sku = l.sku and b.lot = l.lot and b.quantity > 0 and is_on_site(b.location)
group by l.sku, l.lot, l.expiry
having sum(b.quantity) >= $3
order by l.expiry, l.sku, l.lot
limit 200
