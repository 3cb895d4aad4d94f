-- No "on conflict": the cursor lets nothing be posted twice, so an id that is there already is a defect and must be loud.
insert into transaction (site, id, happened_at, journal_offset, ordinal, type, source, confidence, epc, sku, lot, owner, quantity, container,
                         from_location, to_location, read_point, decision, decision_revision, supersedes, actor, reason)
select $1, u.id, to_timestamp(u.happened_ms / 1000), u.journal_offset, u.ordinal, u.type, u.source, u.confidence, u.epc, u.sku,
       nullif(u.lot, ''), nullif(u.owner, ''), u.quantity, nullif(u.container, ''), u.from_location, u.to_location, u.read_point, u.decision,
       u.decision_revision, u.supersedes, u.actor, u.reason
from unnest($2::uuid[], $3::double precision[], $4::bigint[], $5::integer[], $6::text[], $7::text[], $8::real[], $9::text[], $10::text[],
            $11::text[], $12::text[], $13::numeric[], $14::text[], $15::text[], $16::text[], $17::text[], $18::uuid[], $19::integer[],
            $20::uuid[], $21::text[], $22::text[])
     as u (id, happened_ms, journal_offset, ordinal, type, source, confidence, epc, sku, lot, owner, quantity, container, from_location,
           to_location, read_point, decision, decision_revision, supersedes, actor, reason)
