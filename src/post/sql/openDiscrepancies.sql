insert into discrepancy (site, id, kind, severity, happened_at, journal_offset, epc, sku, location, read_point, transaction_id, decision, message)
select $1, u.id, u.kind, u.severity, to_timestamp(u.happened_ms / 1000), u.journal_offset, u.epc, u.sku, u.location, u.read_point,
       u.transaction_id, u.decision, u.message
from unnest($2::uuid[], $3::text[], $4::text[], $5::double precision[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::uuid[], $12::uuid[], $13::text[])
     as u (id, kind, severity, happened_ms, journal_offset, epc, sku, location, read_point, transaction_id, decision, message)
on conflict (site, id) do update
set kind = excluded.kind, severity = excluded.severity, happened_at = excluded.happened_at, journal_offset = excluded.journal_offset,
    epc = excluded.epc, sku = excluded.sku, location = excluded.location, read_point = excluded.read_point,
    transaction_id = excluded.transaction_id, decision = excluded.decision, message = excluded.message,
    state = 'open', settled_at = null, settled_by = null, settlement = null
