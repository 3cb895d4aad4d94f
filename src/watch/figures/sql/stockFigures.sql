-- What stood on the sites on average over a period, and what came and went in it, by site and SKU. Whole days come from their sums, the
-- rest of the first and the last day from the postings themselves; what was there at the end is what is there now, less what moved since.
-- $1 sites  $2 SKU, or null for all  $3 from  $4 to  $5 first whole day  $6 day after the last whole one  $7 day after `to`
with product_of as (
  select site, sku, unit_cost, currency, velocity from product where site = any ($1) and ($2::text is null or sku = $2)
), edge as (
  select p.site, p.sku, t.type, p.quantity, p.from_location, p.to_location, p.happened_at,
         (is_on_site(p.to_location)::integer - is_on_site(p.from_location)::integer) * p.quantity as change
  from posting p
  join transaction t on t.site = p.site and t.id = p.transaction_id and t.happened_at = p.happened_at
  where p.site = any ($1) and ($2::text is null or p.sku = $2)
    -- Said of both, so that of both only these days are read.
    and t.site = any ($1)
    and ((t.happened_at >= $3 and t.happened_at < least($4, $5::date::timestamp at time zone 'UTC'))
      or (t.happened_at >= least($4, greatest($3, $6::date::timestamp at time zone 'UTC')) and t.happened_at < $7::date::timestamp at time zone 'UTC'))
    and ((p.happened_at >= $3 and p.happened_at < least($4, $5::date::timestamp at time zone 'UTC'))
      or (p.happened_at >= greatest($3, $6::date::timestamp at time zone 'UTC') and p.happened_at < $4 and $5::date < $6::date)
      or (p.happened_at >= $4 and p.happened_at < $7::date::timestamp at time zone 'UTC'))
), moved as (
  select site, sku, change as net, change * extract(epoch from $4 - happened_at) as weighted,
         case when type = 'receive' then change else 0 end as received,
         case when type <> 'ship' then 0 when to_location = 'customer' then quantity when from_location = 'customer' then -quantity else 0 end as shipped,
         case when type = 'return' then change else 0 end as returned,
         case when type in ('adjust', 'count') then change else 0 end as adjusted, 0 as later
  from edge where happened_at < $4
  union all
  select site, sku, 0, 0, 0, 0, 0, 0, change from edge where happened_at >= $4
  union all
  select site, sku, net, lag + net * extract(epoch from $4 - (day + 1)::timestamp at time zone 'UTC'), received, shipped, returned, adjusted, 0
  from flow where site = any ($1) and ($2::text is null or sku = $2) and day >= $5::date and day < $6::date
  union all
  select site, sku, 0, 0, 0, 0, 0, 0, net
  from flow where site = any ($1) and ($2::text is null or sku = $2) and day >= $7::date
  union all
  select site, sku, 0, 0, 0, 0, 0, 0, 0 from balance
  where site = any ($1) and ($2::text is null or sku = $2) and quantity <> 0 and is_on_site(location)
), summed as (
  select site, sku, sum(net) as net, sum(weighted) as weighted, sum(received) as received, sum(shipped) as shipped,
         sum(returned) as returned, sum(adjusted) as adjusted, sum(later) as later
  from moved group by site, sku
), held as (
  select site, sku, sum(quantity) as on_hand, sum(quantity) filter (where status = 'available') as available
  from balance where site = any ($1) and ($2::text is null or sku = $2) and quantity <> 0 and is_on_site(location)
  group by site, sku
)
select s.site, s.sku, p.unit_cost, p.currency, p.velocity,
       coalesce(h.on_hand, 0) as on_hand, coalesce(h.available, 0) as available,
       coalesce(h.on_hand, 0) - s.later as on_hand_at_end,
       coalesce(h.on_hand, 0) - s.later - s.net + s.weighted / extract(epoch from $4 - $3) as on_hand_mean,
       s.received, s.shipped, s.returned, s.adjusted
from summed s
left join held h using (site, sku)
left join product_of p using (site, sku)
