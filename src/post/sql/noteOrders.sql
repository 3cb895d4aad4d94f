-- Orders of which the figures may have changed: those that were told, those on loads that were closed, and those that tags came back from.
-- A row that is there is written again, so that whoever makes figures of it just now does not take this change for done.
-- $1 site  $2 orders  $3 loads  $4 EPCs
insert into order_to_figure as o (site, order_id)
select $1, order_id
from (
  select unnest($2::text[]) as order_id
  union
  select order_id from order_shipment where site = $1 and load_id is not null and load_id = any ($3::text[])
  union
  select order_id from order_shipment where site = $1 and epc is not null and epc = any ($4::text[])
) changed
order by order_id
on conflict (site, order_id) do update set order_id = excluded.order_id
