insert into inbound_line (site, inbound, line, ordinal, sku, lot, expiry, quantity, order_inbound, order_line, sscc, listed, received, unlisted,
                          damaged, quality, batches)
select $1, u.inbound, u.line, u.ordinal, u.sku, u.lot, u.expiry::date, u.quantity, u.order_inbound, u.order_line, u.sscc::jsonb, u.listed,
       u.received, u.unlisted, u.damaged, u.quality, u.batches::jsonb
from unnest($2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::numeric[], $9::text[], $10::text[], $11::text[],
            $12::integer[], $13::numeric[], $14::numeric[], $15::numeric[], $16::numeric[], $17::text[])
     as u (inbound, line, ordinal, sku, lot, expiry, quantity, order_inbound, order_line, sscc, listed, received, unlisted, damaged, quality,
           batches)
on conflict (site, inbound, line) do update
set ordinal = excluded.ordinal, sku = excluded.sku, lot = excluded.lot, expiry = excluded.expiry, quantity = excluded.quantity,
    order_inbound = excluded.order_inbound, order_line = excluded.order_line, sscc = excluded.sscc, listed = excluded.listed,
    received = excluded.received, unlisted = excluded.unlisted, damaged = excluded.damaged, quality = excluded.quality,
    batches = excluded.batches
