-- What stood on the sites on average over a period, and what came and went in it, by site and SKU. Whole days come from their sums, the
-- rest of the first and the last day from the postings themselves; what was there at the end is what is there now, less what moved since.
-- Each source is summed by itself, so that of a row no more is added up than it has.
-- $1 sites  $2 SKUs, or null for all  $3 from  $4 to  $5 first whole day  $6 day after the last whole one  $7 day after `to`
with edge as (
  select p.site, p.sku, t.type, p.quantity, p.from_location, p.to_location, p.happened_at,
         (is_on_site(p.to_location)::integer - is_on_site(p.from_location)::integer) * p.quantity as change
  from posting p
  join transaction t on t.site = p.site and t.id = p.transaction_id and t.happened_at = p.happened_at
  where p.site = any ($1) and ($2::text[] is null or p.sku = any ($2))
    -- What `flow` has, too; there is an index of it by time.
    and (is_on_site(p.from_location) <> is_on_site(p.to_location) or p.from_location = 'customer' or p.to_location = 'customer')
    -- Said of both, so that of both only these days are read.
    and t.site = any ($1)
    and ((t.happened_at >= $3 and t.happened_at < least($4, $5::date::timestamp at time zone 'UTC'))
      or (t.happened_at >= least($4, greatest($3, $6::date::timestamp at time zone 'UTC')) and t.happened_at < $7::date::timestamp at time zone 'UTC'))
    and ((p.happened_at >= $3 and p.happened_at < least($4, $5::date::timestamp at time zone 'UTC'))
      or (p.happened_at >= greatest($3, $6::date::timestamp at time zone 'UTC') and p.happened_at < $4 and $5::date < $6::date)
      or (p.happened_at >= $4 and p.happened_at < $7::date::timestamp at time zone 'UTC'))
), at_edges as (
  select site, sku, coalesce(sum(change) filter (where is_within), 0) as net,
         coalesce(sum(change * extract(epoch from $4 - happened_at)) filter (where is_within), 0) as weighted,
         coalesce(sum(change) filter (where is_within and type = 'receive'), 0) as received,
         coalesce(sum(case when to_location = 'customer' then quantity when from_location = 'customer' then -quantity else 0 end)
                  filter (where is_within and type = 'ship'), 0) as shipped,
         coalesce(sum(change) filter (where is_within and type = 'return'), 0) as returned,
         coalesce(sum(change) filter (where is_within and type in ('adjust', 'count')), 0) as adjusted,
         coalesce(sum(change) filter (where not is_within), 0) as later
  from edge cross join lateral (select happened_at < $4 as is_within) w
  group by site, sku
), in_days as (
  select site, sku, sum(net) as net,
         sum(lag) + 86400 * sum(net * ($6::date - 1 - day)) + sum(net) * extract(epoch from $4 - $6::date::timestamp at time zone 'UTC') as weighted,
         sum(received) as received, sum(shipped) as shipped, sum(returned) as returned, sum(adjusted) as adjusted
  from flow where site = any ($1) and ($2::text[] is null or sku = any ($2)) and day >= $5::date and day < $6::date
  group by site, sku
), since as (
  select site, sku, sum(net) as later
  from flow where site = any ($1) and ($2::text[] is null or sku = any ($2)) and day >= $7::date
  group by site, sku
), held as (
  select site, sku, sum(quantity) as on_hand, sum(quantity) filter (where status = 'available') as available
  from balance
  where site = any ($1) and ($2::text[] is null or sku = any ($2)) and quantity <> 0 and is_on_site(location)
  group by site, sku
), known as (
  select site, sku from at_edges union select site, sku from in_days union select site, sku from since union select site, sku from held
), summed as (
  select site, sku, coalesce(e.net, 0) + coalesce(d.net, 0) as net, coalesce(e.weighted, 0) + coalesce(d.weighted, 0) as weighted,
         coalesce(e.received, 0) + coalesce(d.received, 0) as received, coalesce(e.shipped, 0) + coalesce(d.shipped, 0) as shipped,
         coalesce(e.returned, 0) + coalesce(d.returned, 0) as returned, coalesce(e.adjusted, 0) + coalesce(d.adjusted, 0) as adjusted,
         coalesce(e.later, 0) + coalesce(s.later, 0) as later, coalesce(h.on_hand, 0) as on_hand, coalesce(h.available, 0) as available
  from known
  left join at_edges e using (site, sku)
  left join in_days d using (site, sku)
  left join since s using (site, sku)
  left join held h using (site, sku)
)
select s.site, s.sku, p.unit_cost, p.currency, p.velocity, s.on_hand, s.available, s.on_hand - s.later as on_hand_at_end,
       s.on_hand - s.later - s.net + s.weighted / extract(epoch from $4 - $3) as on_hand_mean,
       s.received, s.shipped, s.returned, s.adjusted
from summed s
left join product p on p.site = s.site and p.sku = s.sku
