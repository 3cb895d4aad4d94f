-- How much of a SKU was available in some locations: at a time, and after each change since. What is there now, less what has
-- come since, is what was there then.
-- $1 site  $2 SKU  $3 locations  $4 from
with change as (
  select happened_at as at, sum(quantity) as quantity
  from (
    select p.happened_at, p.quantity from posting p
    where p.site = $1 and p.sku = $2 and p.happened_at > $4 and p.to_location = any ($3) and p.to_status in ('available', '')
    union all
    select p.happened_at, -p.quantity from posting p
    where p.site = $1 and p.sku = $2 and p.happened_at > $4 and p.from_location = any ($3) and p.from_status in ('available', '')
  ) line
  group by happened_at
),
present as (
  select coalesce(sum(b.quantity), 0) as quantity from balance b
  where b.site = $1 and b.sku = $2 and b.location = any ($3) and b.status in ('available', '')
),
first as (select present.quantity - coalesce((select sum(quantity) from change), 0) as quantity from present)
select $4::timestamptz as at, first.quantity from first
union all
select c.at, first.quantity + sum(c.quantity) over (order by c.at) from change c cross join first
order by at
limit 100000
