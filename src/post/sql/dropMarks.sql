-- Marks of stock that are no longer so: something was posted for a time before them.
-- $1 site  $2 SKUs, $3 when each of them moved first, ms
delete from stock_mark m
using unnest($2::text[], $3::double precision[]) as u (sku, happened_ms)
where m.site = $1 and m.sku = u.sku and m.at >= to_timestamp(u.happened_ms / 1000)
