insert into posting (site, transaction_id, line, happened_at, sku, lot, owner, epc, quantity, from_location, from_container, from_status,
                     to_location, to_container, to_status)
select $1, u.transaction_id, u.line, to_timestamp(u.happened_ms / 1000), u.sku, u.lot, u.owner, u.epc, u.quantity, u.from_location,
       u.from_container, u.from_status, u.to_location, u.to_container, u.to_status
from unnest($2::uuid[], $3::smallint[], $4::double precision[], $5::text[], $6::text[], $7::text[], $8::text[], $9::numeric[], $10::text[],
            $11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
     as u (transaction_id, line, happened_ms, sku, lot, owner, epc, quantity, from_location, from_container, from_status, to_location,
           to_container, to_status)
