-- Products that were told: what has not moved yet counts at its cost from now on; what has is to be counted anew when it costs something else.
-- $1 site  $2 SKUs
with told as (
  select u.sku, p.unit_cost, coalesce(p.currency, '') as currency, exists (select from flow f where f.site = $1 and f.sku = u.sku) as has_moved,
         (p.unit_cost, case when p.unit_cost is not null then coalesce(p.currency, '') end) is distinct from (v.unit_cost, v.currency) as differs
  from unnest($2::text[]) as u (sku)
  left join product p on p.site = $1 and p.sku = u.sku
  left join valued_sku v on v.site = $1 and v.sku = u.sku
), to_value as (
  insert into sku_to_value (site, sku) select $1, sku from told where differs and has_moved order by sku
  on conflict (site, sku) do update set sku = excluded.sku
), without as (
  delete from valued_sku v using told t where v.site = $1 and v.sku = t.sku and t.differs and not t.has_moved and t.unit_cost is null
)
insert into valued_sku (site, sku, unit_cost, currency)
select $1, sku, unit_cost, currency from told where differs and not has_moved and unit_cost is not null order by sku
on conflict (site, sku) do update set unit_cost = excluded.unit_cost, currency = excluded.currency
