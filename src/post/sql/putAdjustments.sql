insert into adjustment (site, id, kind, epc, sku, lot, owner, location, status, quantity, code, reason, asked_by, happened_at, state, decided_by,
                        decided_at, journal_offset)
select $1, u.id, u.kind, u.epc, u.sku, u.lot, u.owner, u.location, u.status, u.quantity, u.code, u.reason, u.asked_by,
       to_timestamp(u.happened_ms / 1000), u.state, u.decided_by, to_timestamp(u.decided_ms / 1000), u.journal_offset
from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::numeric[], $11::text[],
            $12::text[], $13::text[], $14::double precision[], $15::text[], $16::text[], $17::double precision[], $18::bigint[])
     as u (id, kind, epc, sku, lot, owner, location, status, quantity, code, reason, asked_by, happened_ms, state, decided_by, decided_ms,
           journal_offset)
on conflict (site, id) do update
set state = excluded.state, decided_by = excluded.decided_by, decided_at = excluded.decided_at, journal_offset = excluded.journal_offset
