-- What was posted, into the sums that key figures are made of: by SKU and day, and by site, hour and currency. The same sums as `flow_of` in
-- migration 024 and `site_flow_of` in 035, which say what each is; rows in key order, so two writers never deadlock.
-- $1 site  $2 to $9 postings: SKU, time in ms, type of the transaction, quantity, from, its status, to, its status
with line as materialized (
  select u.sku, u.type, d.day, h.hour, l.change, l.available,
         round(extract(epoch from (d.day + 1)::timestamp - d.at), 3) as seconds_of_day,
         round(extract(epoch from h.hour + interval '1 hour' - h.at), 3) as seconds_of_hour,
         case when u.type <> 'ship' then 0 when u.to_location = 'customer' then u.quantity
              when u.from_location = 'customer' then -u.quantity else 0 end as shipped,
         u.to_location = 'customer' or u.from_location = 'customer' as is_customers
  from unnest($2::text[], $3::double precision[], $4::text[], $5::numeric[], $6::text[], $7::text[], $8::text[], $9::text[])
         as u (sku, happened_ms, type, quantity, from_location, from_status, to_location, to_status)
  cross join lateral (select is_on_site(u.from_location) as is_from, is_on_site(u.to_location) as is_to) s
  cross join lateral (
    select (s.is_to::integer - s.is_from::integer) * u.quantity as change,
           ((s.is_to and u.to_status = 'available')::integer - (s.is_from and u.from_status = 'available')::integer) * u.quantity as available
  ) l
  cross join lateral (select to_timestamp(u.happened_ms / 1000) as at, date_trunc('hour', to_timestamp(u.happened_ms / 1000), 'UTC') as hour) h
  cross join lateral (select h.at at time zone 'UTC' as at, (h.at at time zone 'UTC')::date as day) d
  where l.change <> 0 or l.available <> 0 or u.to_location = 'customer' or u.from_location = 'customer'
), by_day as (
  insert into flow as f (site, sku, day, net, lag, received, shipped, returned, adjusted)
  select $1, l.sku, l.day, sum(l.change), sum(l.change * l.seconds_of_day),
         sum(case when l.type = 'receive' then l.change else 0 end), sum(l.shipped),
         sum(case when l.type = 'return' then l.change else 0 end),
         sum(case when l.type in ('adjust', 'count') then l.change else 0 end)
  from line l
  where l.change <> 0 or l.is_customers
  group by l.sku, l.day
  order by l.sku, l.day
  on conflict (site, sku, day) do update
  set net = f.net + excluded.net, lag = f.lag + excluded.lag, received = f.received + excluded.received,
      shipped = f.shipped + excluded.shipped, returned = f.returned + excluded.returned, adjusted = f.adjusted + excluded.adjusted
)
insert into site_flow as f (site, hour, currency, net, lag, shipped, shipped_units, available)
select $1, l.hour, s.currency, sum(s.net), sum(s.lag), sum(s.shipped), sum(s.shipped_units), sum(s.available)
from line l
left join valued_sku v on v.site = $1 and v.sku = l.sku
cross join lateral (
  values (coalesce(v.currency, ''), l.change * coalesce(v.unit_cost, 1), l.change * l.seconds_of_hour * coalesce(v.unit_cost, 1),
          l.shipped * coalesce(v.unit_cost, 1), 0, 0),
         ('', 0, 0, 0, l.shipped, l.available)
) s (currency, net, lag, shipped, shipped_units, available)
group by l.hour, s.currency
order by l.hour, s.currency
on conflict (site, hour, currency) do update
set net = f.net + excluded.net, lag = f.lag + excluded.lag, shipped = f.shipped + excluded.shipped,
    shipped_units = f.shipped_units + excluded.shipped_units, available = f.available + excluded.available
