-- From now on a SKU is counted at what its product costs.
-- $1 site  $2 SKU
with cost as (
  select unit_cost, coalesce(currency, '') as currency from product where site = $1 and sku = $2 and unit_cost is not null
), without as (
  delete from valued_sku where site = $1 and sku = $2 and not exists (select from cost)
), done as (
  delete from sku_to_value where site = $1 and sku = $2
)
insert into valued_sku (site, sku, unit_cost, currency) select $1, $2, unit_cost, currency from cost
on conflict (site, sku) do update set unit_cost = excluded.unit_cost, currency = excluded.currency
