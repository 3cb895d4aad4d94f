-- Marks of stock that are no longer so: something was posted for a time before them. Nearly always there is none so late, which the index
-- by time says at once. Planned anew each time, for that.
-- $1 site  $2 SKUs, $3 when each of them moved first, ms  $4 the first of these
with moved as (
  select sku, to_timestamp(happened_ms / 1000) as at from unnest($2::text[], $3::double precision[]) as u (sku, happened_ms)
)
delete from stock_mark m using moved u where m.site = $1 and m.at >= to_timestamp($4::double precision / 1000) and m.sku = u.sku and m.at >= u.at
