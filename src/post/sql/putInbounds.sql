insert into inbound (site, inbound, document, revision, supplier, state, expected_from, expected_to, door, tolerance, announced_at, changed_at,
                     receipts, receipt_opened_at, receipt_door, receipt_by, noted, line_count, quantity, received, journal_offset)
select $1, u.inbound, u.document, u.revision, u.supplier, u.state, to_timestamp(u.from_ms / 1000), to_timestamp(u.to_ms / 1000), u.door,
       u.tolerance, to_timestamp(u.announced_ms / 1000), to_timestamp(u.changed_ms / 1000), u.receipts, to_timestamp(u.opened_ms / 1000),
       u.receipt_door, u.receipt_by, u.noted::jsonb, u.line_count, u.quantity, u.received, u.journal_offset
from unnest($2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::double precision[], $8::double precision[], $9::text[],
            $10::real[], $11::double precision[], $12::double precision[], $13::integer[], $14::double precision[], $15::text[],
            $16::text[], $17::text[], $18::integer[], $19::numeric[], $20::numeric[], $21::bigint[])
     as u (inbound, document, revision, supplier, state, from_ms, to_ms, door, tolerance, announced_ms, changed_ms, receipts, opened_ms,
           receipt_door, receipt_by, noted, line_count, quantity, received, journal_offset)
on conflict (site, inbound) do update
set revision = excluded.revision, supplier = excluded.supplier, state = excluded.state, expected_from = excluded.expected_from,
    expected_to = excluded.expected_to, door = excluded.door, tolerance = excluded.tolerance, changed_at = excluded.changed_at,
    receipts = excluded.receipts, receipt_opened_at = excluded.receipt_opened_at, receipt_door = excluded.receipt_door,
    receipt_by = excluded.receipt_by, noted = excluded.noted, line_count = excluded.line_count, quantity = excluded.quantity,
    received = excluded.received, journal_offset = excluded.journal_offset
