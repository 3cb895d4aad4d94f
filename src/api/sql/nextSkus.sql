-- The next SKUs that the books ever had at these sites, or at locations of them, but for those of which it is known that nothing had happened
-- yet. Planned anew each time.
-- $1 sites  $2 locations or null  $3 the site of each of them  $4 SKU or null  $5 site and $6 SKU to begin with, or null  $7 not that one itself
-- $8 so many  $9 happened until
select distinct b.site, b.sku
from balance b
where b.site = any ($1) and ($4::text is null or b.sku = $4)
  and ($2::text[] is null or (b.location = any ($2) and (b.site, b.location) in (select * from unnest($3::text[], $2::text[]))))
  and ($5::text is null or (b.site, b.sku) >= ($5, $6::text)) and not ($7 and (b.site, b.sku) = ($5, $6::text))
  and not exists (select from stock_mark m where m.site = b.site and m.sku = b.sku and m.is_first and m.at >= $9::timestamptz)
order by b.site, b.sku
limit $8
