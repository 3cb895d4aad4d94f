-- What was posted, into the sums by site, hour and currency that key figures of a site are made of. The same sums as `site_flow_of` in
-- migration 035, which says what each is; rows in key order, so two writers never deadlock.
-- $1 site  $2 to $9 postings: SKU, time in ms, type of the transaction, quantity, from, its status, to, its status
insert into site_flow as f (site, hour, currency, net, lag, shipped, shipped_units, available)
select $1, m.hour, l.currency, sum(l.net), sum(l.lag), sum(l.shipped), sum(l.shipped_units), sum(l.available)
from (
  select u.sku, h.hour, round(extract(epoch from h.hour + interval '1 hour' - h.at), 3) as seconds_left,
         (is_on_site(u.to_location)::integer - is_on_site(u.from_location)::integer) * u.quantity as change,
         ((is_on_site(u.to_location) and u.to_status = 'available')::integer
          - (is_on_site(u.from_location) and u.from_status = 'available')::integer) * u.quantity as available,
         u.to_location = 'customer' or u.from_location = 'customer' as is_customers,
         case when u.type <> 'ship' then 0 when u.to_location = 'customer' then u.quantity
              when u.from_location = 'customer' then -u.quantity else 0 end as shipped
  from unnest($2::text[], $3::double precision[], $4::text[], $5::numeric[], $6::text[], $7::text[], $8::text[], $9::text[])
         as u (sku, happened_ms, type, quantity, from_location, from_status, to_location, to_status)
  cross join lateral (select to_timestamp(u.happened_ms / 1000) as at, date_trunc('hour', to_timestamp(u.happened_ms / 1000), 'UTC') as hour) h
) m
left join valued_sku v on v.site = $1 and v.sku = m.sku
cross join lateral (
  values (coalesce(v.currency, ''), m.change * coalesce(v.unit_cost, 1), m.change * m.seconds_left * coalesce(v.unit_cost, 1),
          m.shipped * coalesce(v.unit_cost, 1), 0, 0),
         ('', 0, 0, 0, m.shipped, m.available)
) l (currency, net, lag, shipped, shipped_units, available)
where m.change <> 0 or m.available <> 0 or m.is_customers
group by m.hour, l.currency
order by m.hour, l.currency
on conflict (site, hour, currency) do update
set net = f.net + excluded.net, lag = f.lag + excluded.lag, shipped = f.shipped + excluded.shipped,
    shipped_units = f.shipped_units + excluded.shipped_units, available = f.available + excluded.available
