-- Orders of which the figures may have changed after an offset.
-- $1 site  $2 offset
insert into order_to_figure as o (site, order_id)
select $1, order_id
from (
  select order_id from customer_order where site = $1 and journal_offset > $2
  union
  select transfer_id from transfer where site = $1 and direction = 'out' and journal_offset > $2
  union
  select s.order_id from outbound_load l join order_shipment s using (site, load_id) where l.site = $1 and l.journal_offset > $2
  union
  select s.order_id from transaction t join order_shipment s using (site, epc)
  where t.site = $1 and t.journal_offset > $2 and t.type = 'return'
) changed
order by order_id
on conflict (site, order_id) do update set order_id = excluded.order_id
