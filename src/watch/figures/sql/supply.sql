-- What changed of each SKU on each day up to a moment: of the day that it lies in only what was before it.
-- $1 sites and $2 SKUs, in pairs  $3 that day  $4 so many days  $5 the moment
with later as (
  select p.site, p.sku,
         sum((is_on_site(p.to_location)::integer - is_on_site(p.from_location)::integer) * p.quantity) as net,
         sum(case when coalesce(t.type, '') <> 'ship' then 0
                  when p.to_location = 'customer' then p.quantity when p.from_location = 'customer' then -p.quantity else 0 end) as shipped
  from posting p
  left join lateral (
    -- Only what customers were sent, or sent back, is asked what it was; `offset 0` keeps to one at a time.
    select t.type from transaction t
    where t.site = p.site and t.id = p.transaction_id and t.happened_at = p.happened_at and 'customer' in (p.from_location, p.to_location) offset 0
  ) t on true
  where p.site = any ($1) and p.sku = any ($2)
    and (is_on_site(p.from_location) <> is_on_site(p.to_location) or p.from_location = 'customer' or p.to_location = 'customer')
    and p.happened_at >= $5 and p.happened_at < ($3::date + 1)::timestamp at time zone 'UTC'
  group by p.site, p.sku
)
select f.site, f.sku, $3::date - f.day as ago, f.net - coalesce(l.net, 0) as net, f.shipped - coalesce(l.shipped, 0) as shipped
from flow f
join unnest($1::text[], $2::text[]) as u (site, sku) on f.site = u.site and f.sku = u.sku
left join later l on l.site = f.site and l.sku = f.sku and f.day = $3::date
where f.day <= $3::date and f.day > $3::date - $4::integer
order by f.day desc
