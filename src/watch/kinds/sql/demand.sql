-- $1 sites  $2 now
-- Of each SKU at each site: what is available, what customers were sent in 28 days, and what orders wait for.
with stock as (
  select site, sku, sum(quantity) as available from balance
  where site = any ($1) and status in ('available', '') and quantity <> 0 and location not in ('customer', 'supplier', 'adjustment', 'unknown')
  group by site, sku
),
sent as (
  select site, sku, sum(shipped) as shipped from flow
  where site = any ($1) and day <= ($2::timestamptz at time zone 'UTC')::date and day > ($2::timestamptz at time zone 'UTC')::date - 28
  group by site, sku
),
waiting as (
  select l.site, l.sku, sum(l.quantity - l.reserved - l.picked - l.shipped) as waiting
  from order_line l join customer_order o using (site, order_id)
  where l.site = any ($1) and o.state not in ('shipped', 'cancelled') and l.quantity > l.reserved + l.picked + l.shipped
  group by l.site, l.sku
)
select site, sku, coalesce(available, 0) as available, coalesce(shipped, 0) as shipped, coalesce(waiting, 0) as waiting
from stock full join sent using (site, sku) full join waiting using (site, sku)
