insert into customer_order (site, order_id, revision, customer, owner, priority, ship_by, is_partial, state, load_id, entered_at, changed_at,
                            line_count, quantity, reserved, planned, picked, shipped, lacked_stock, journal_offset, ship_to, sourcing)
select $1, u.order_id, u.revision, u.customer, u.owner, u.priority, to_timestamp(u.ship_by_ms / 1000), u.is_partial, u.state, u.load_id,
       to_timestamp(u.entered_ms / 1000), to_timestamp(u.changed_ms / 1000), u.line_count, u.quantity, u.reserved, u.planned, u.picked,
       u.shipped, u.lacked_stock, u.journal_offset, u.ship_to, u.sourcing::jsonb
from unnest($2::text[], $3::integer[], $4::text[], $5::text[], $6::integer[], $7::double precision[], $8::boolean[], $9::text[], $10::text[],
            $11::double precision[], $12::double precision[], $13::integer[], $14::numeric[], $15::numeric[], $16::numeric[], $17::numeric[],
            $18::numeric[], $19::boolean[], $20::bigint[], $21::text[], $22::text[])
     as u (order_id, revision, customer, owner, priority, ship_by_ms, is_partial, state, load_id, entered_ms, changed_ms, line_count,
           quantity, reserved, planned, picked, shipped, lacked_stock, journal_offset, ship_to, sourcing)
on conflict (site, order_id) do update
set ship_to = excluded.ship_to, revision = excluded.revision, customer = excluded.customer, priority = excluded.priority, ship_by = excluded.ship_by,
    is_partial = excluded.is_partial, state = excluded.state, load_id = excluded.load_id, changed_at = excluded.changed_at,
    line_count = excluded.line_count, quantity = excluded.quantity, reserved = excluded.reserved, planned = excluded.planned,
    picked = excluded.picked, shipped = excluded.shipped, lacked_stock = excluded.lacked_stock,
    journal_offset = excluded.journal_offset
