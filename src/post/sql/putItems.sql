insert into item as i (site, epc, kind, sku, lot, owner, location, container, status, since, confidence, last_seen_at, last_seen_by,
                       transaction_id, journal_offset)
select $1, u.epc, u.kind, u.sku, nullif(u.lot, ''), nullif(u.owner, ''), u.location, nullif(u.container, ''), nullif(u.status, ''),
       to_timestamp(u.since_ms / 1000), u.confidence, to_timestamp(nullif(u.seen_ms, 0) / 1000), u.seen_by, u.transaction_id, u.journal_offset
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::double precision[],
            $11::real[], $12::double precision[], $13::text[], $14::uuid[], $15::bigint[])
     as u (epc, kind, sku, lot, owner, location, container, status, since_ms, confidence, seen_ms, seen_by, transaction_id, journal_offset)
on conflict (site, epc) do update
set kind = excluded.kind, sku = excluded.sku, lot = excluded.lot, owner = excluded.owner, location = excluded.location,
    container = excluded.container, status = excluded.status, since = excluded.since, confidence = excluded.confidence,
    last_seen_at = greatest(i.last_seen_at, excluded.last_seen_at),
    last_seen_by = case when excluded.last_seen_at >= i.last_seen_at or i.last_seen_at is null then excluded.last_seen_by else i.last_seen_by end,
    transaction_id = excluded.transaction_id, journal_offset = excluded.journal_offset
