-- What was posted, into the sums by SKU and day that key figures are made of. The same sums as `flow_of` in migration 024, which says
-- what each is; rows in key order, so two writers never deadlock.
-- $1 site  $2 to $7 postings: SKU, time in ms, type of the transaction, quantity, from, to
insert into flow as f (site, sku, day, net, lag, received, shipped, returned, adjusted)
select $1, l.sku, l.day, sum(l.change), sum(l.change * l.seconds_left),
       sum(case when l.type = 'receive' then l.change else 0 end),
       sum(case when l.type <> 'ship' then 0 when l.to_location = 'customer' then l.quantity
                when l.from_location = 'customer' then -l.quantity else 0 end),
       sum(case when l.type = 'return' then l.change else 0 end),
       sum(case when l.type in ('adjust', 'count') then l.change else 0 end)
from (
  select u.sku, u.type, u.quantity, u.from_location, u.to_location, d.day,
         (is_on_site(u.to_location)::integer - is_on_site(u.from_location)::integer) * u.quantity as change,
         round(extract(epoch from (d.day + 1)::timestamp - d.at), 3) as seconds_left
  from unnest($2::text[], $3::double precision[], $4::text[], $5::numeric[], $6::text[], $7::text[])
         as u (sku, happened_ms, type, quantity, from_location, to_location)
  cross join lateral (select to_timestamp(u.happened_ms / 1000) at time zone 'UTC' as at,
                             (to_timestamp(u.happened_ms / 1000) at time zone 'UTC')::date as day) d
) l
where l.change <> 0 or l.to_location = 'customer' or l.from_location = 'customer'
group by l.sku, l.day
order by l.sku, l.day
on conflict (site, sku, day) do update
set net = f.net + excluded.net, lag = f.lag + excluded.lag, received = f.received + excluded.received,
    shipped = f.shipped + excluded.shipped, returned = f.returned + excluded.returned, adjusted = f.adjusted + excluded.adjusted
