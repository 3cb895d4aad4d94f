-- Orders that were settled in a period, and what of each went out: with the first shipment in time, and by now (`order_figures_of` in migration
-- 035 says when that is). What is kept of them, but for those that may have changed since. To be followed by what is asked of `whole`.
-- $1 sites  $2 from, $3 to  $4 customer, or null for all
with whole as (
  select f.* from order_figure f
  where f.site = any ($1) and f.settled_at >= $2 and f.settled_at < $3 and f.entered_at < $3 and ($4::text is null or f.customer = $4)
    and not exists (select from order_to_figure n where n.site = f.site and n.order_id = f.order_id)
  union all
  select s.site, f.*
  from (select n.site, array_agg(n.order_id) as orders from order_to_figure n where n.site = any ($1) group by n.site) s
  cross join lateral order_figures_of(s.site, s.orders) f
  where f.settled_at >= $2 and f.settled_at < $3 and f.entered_at < $3 and ($4::text is null or f.customer = $4)
)
