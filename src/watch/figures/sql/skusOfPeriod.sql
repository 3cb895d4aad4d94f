-- The next SKUs that are there, or moved on or off a site since the day that a period begins: by SKU, then site.
-- $1 sites  $2 SKU, or null for any  $3 class, or null for any  $4 that day  $5 SKU and $6 site after which it begins, or null  $7 so many
select k.site, k.sku
from (select distinct b.site, b.sku from balance b where b.site = any ($1) and ($2::text is null or b.sku = $2)) k
where ($3::text is null or exists (select from product p where p.site = k.site and p.sku = k.sku and p.velocity = $3))
  and ($5::text is null or (k.sku collate "C", k.site collate "C") > ($5::text, $6::text))
  and (exists (select from flow f where f.site = k.site and f.sku = k.sku and f.day >= $4::date)
    or exists (select from balance h where h.site = k.site and h.sku = k.sku and h.quantity <> 0 and is_on_site(h.location)))
order by k.sku collate "C", k.site collate "C"
limit $7
