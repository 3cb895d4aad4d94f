insert into pick_error (site, id, kind, pick, line, order_id, sku, found, quantity, code, message, noted_by, happened_at, journal_offset)
select $1, u.id, u.kind, u.pick, u.line, u.order_id, u.sku, u.found, u.quantity, u.code, u.message, u.noted_by,
       to_timestamp(u.happened_ms / 1000), u.journal_offset
from unnest($2::uuid[], $3::text[], $4::text[], $5::integer[], $6::text[], $7::text[], $8::text[], $9::numeric[], $10::text[], $11::text[],
            $12::text[], $13::double precision[], $14::bigint[])
     as u (id, kind, pick, line, order_id, sku, found, quantity, code, message, noted_by, happened_ms, journal_offset)
on conflict (site, id) do nothing
