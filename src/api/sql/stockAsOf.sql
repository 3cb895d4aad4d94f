-- Stock of some SKUs as of an instant: the balances as they are (the sum of all postings) less what happened, or was recorded, later. So
-- the near past, which is asked for most, costs no more than what has happened since. Planned anew each time.
-- $1 the site of each SKU  $2 locations or null  $3 the site of each of them  $4 SKUs  $5 after this key or null  $6 limit
-- $7 pattern of accounts that are no locations  $8 happened until or null  $9 recorded until or null
with asked as materialized (
  select * from unnest($1::text[], $4::text[]) as asked (site, sku)
),
later as materialized (
  select p.* from asked join posting p using (site, sku)
  where $8::timestamptz is not null and p.happened_at > $8
  union all
  select p.* from asked join posting p using (site, sku)
  where $9::timestamptz is not null and p.recorded_at > $9 and ($8::timestamptz is null or p.happened_at <= $8)
),
change as (
  select site, sku, location, container, lot, owner, status, sum(quantity) as quantity
  from (
    select site, sku, to_location as location, to_container as container, lot, owner, to_status as status, quantity from later
    union all
    select site, sku, from_location, from_container, lot, owner, from_status, -quantity from later
  ) line
  where location !~ $7
    and ($2::text[] is null or (location = any ($2) and (site, location) in (select * from unnest($3::text[], $2::text[]))))
    and ($5::text[] is null or (site, sku, location, container, lot, owner, status) > ($5[1], $5[2], $5[3], $5[4], $5[5], $5[6], $5[7]))
  group by site, sku, location, container, lot, owner, status
),
present as (
  select b.* from asked join balance b using (site, sku)
  where location !~ $7
    and ($2::text[] is null or (location = any ($2) and (site, location) in (select * from unnest($3::text[], $2::text[]))))
    and ($5::text[] is null or (site, sku, location, container, lot, owner, status) > ($5[1], $5[2], $5[3], $5[4], $5[5], $5[6], $5[7]))
)
select site, sku, location, container, lot, owner, status, present.quantity - coalesce(change.quantity, 0) as quantity
from present left join change using (site, sku, location, container, lot, owner, status)
where present.quantity <> coalesce(change.quantity, 0)
order by site, sku, location, container, lot, owner, status
limit $6
