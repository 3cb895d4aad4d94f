-- Balances as they are, without the ledger's own accounts (supplier, customer…). Planned anew each time, so what is null
-- costs nothing.
-- $1 sites  $2 locations or null  $3 the site of each of them  $4 SKU or null  $5 after this key or null  $6 limit
-- $7 pattern of accounts that are no locations
select b.site, b.sku, b.location, b.container, b.lot, b.owner, b.status, b.quantity
from balance b
where b.site = any ($1) and b.quantity <> 0 and ($4::text is null or b.sku = $4) and b.location !~ $7
  and ($2::text[] is null or (b.location = any ($2) and (b.site, b.location) in (select * from unnest($3::text[], $2::text[]))))
  and ($5::text[] is null or (b.site, b.sku, b.location, b.container, b.lot, b.owner, b.status) > ($5[1], $5[2], $5[3], $5[4], $5[5], $5[6], $5[7]))
order by b.site, b.sku, b.location, b.container, b.lot, b.owner, b.status
limit $6
