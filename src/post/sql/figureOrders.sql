-- The figures of some orders as they are now; of an order that has none any more they go.
-- $1 site  $2 orders
with figure as materialized (
  select * from order_figures_of($1, $2)
), gone as (
  delete from order_figure f where f.site = $1 and f.order_id = any ($2::text[]) and not exists (select from figure n where n.order_id = f.order_id)
)
insert into order_figure (site, order_id, customer, entered_at, ship_by, settled_at, out_at, is_out, is_filled, is_documented, came_back, units,
                          units_filled, lines, lines_filled)
select $1, f.* from figure f
on conflict (site, order_id) do update
set customer = excluded.customer, entered_at = excluded.entered_at, ship_by = excluded.ship_by, settled_at = excluded.settled_at,
    out_at = excluded.out_at, is_out = excluded.is_out, is_filled = excluded.is_filled, is_documented = excluded.is_documented,
    came_back = excluded.came_back, units = excluded.units, units_filled = excluded.units_filled, lines = excluded.lines,
    lines_filled = excluded.lines_filled
