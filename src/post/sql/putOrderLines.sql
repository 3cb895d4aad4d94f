insert into order_line (site, order_id, line, ordinal, sku, lot, quantity, reserved, planned, picked, shipped, packed)
select $1, u.order_id, u.line, u.ordinal, u.sku, u.lot, u.quantity, u.reserved, u.planned, u.picked, u.shipped, u.packed
from unnest($2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::numeric[], $8::numeric[], $9::numeric[], $10::numeric[],
            $11::numeric[], $12::numeric[])
     as u (order_id, line, ordinal, sku, lot, quantity, reserved, planned, picked, shipped, packed)
on conflict (site, order_id, line) do update
set ordinal = excluded.ordinal, sku = excluded.sku, lot = excluded.lot, quantity = excluded.quantity, reserved = excluded.reserved,
    planned = excluded.planned, picked = excluded.picked, shipped = excluded.shipped, packed = excluded.packed
