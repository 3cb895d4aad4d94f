-- Takes what moved of a SKU out of the sums at its former cost, and into them at the one that it has now.
-- $1 site  $2 SKU  $3 what moved by the hour
with sign as (
  select coalesce(v.currency, '') as currency, -coalesce(v.unit_cost, 1) as unit_cost
  from (values (1)) one (one) left join valued_sku v on v.site = $1 and v.sku = $2
  union all
  select case when p.unit_cost is null then '' else coalesce(p.currency, '') end, coalesce(p.unit_cost, 1)
  from (values (1)) one (one) left join product p on p.site = $1 and p.sku = $2
)
insert into site_flow as f (site, hour, currency, net, lag, shipped, shipped_units, available)
select $1, m.hour, s.currency, sum(m.net * s.unit_cost), sum(m.lag * s.unit_cost), sum(m.shipped * s.unit_cost), 0, 0
from jsonb_to_recordset($3::jsonb) as m (hour timestamptz, net numeric, lag numeric, shipped numeric)
cross join sign s
group by m.hour, s.currency
order by m.hour, s.currency
on conflict (site, hour, currency) do update
set net = f.net + excluded.net, lag = f.lag + excluded.lag, shipped = f.shipped + excluded.shipped
