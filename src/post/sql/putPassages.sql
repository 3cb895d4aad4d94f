insert into passage (site, id, revision, read_point, epc, sku, first_at, last_at, crossed_at, outcome, leading_outcome, probability,
                     group_id, group_size, inferred, decided_by, journal_offset)
select $1, u.id, u.revision, u.read_point, u.epc, u.sku, to_timestamp(u.first_ms / 1000), to_timestamp(u.last_ms / 1000),
       to_timestamp(u.crossed_ms / 1000), u.outcome, u.leading_outcome, u.probability, u.group_id, u.group_size, u.inferred, u.decided_by,
       u.journal_offset
from unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::double precision[], $8::double precision[],
            $9::double precision[], $10::text[], $11::text[], $12::real[], $13::uuid[], $14::integer[], $15::boolean[], $16::text[],
            $17::bigint[])
     as u (id, revision, read_point, epc, sku, first_ms, last_ms, crossed_ms, outcome, leading_outcome, probability, group_id, group_size,
           inferred, decided_by, journal_offset)
on conflict (site, id) do update
set revision = excluded.revision, read_point = excluded.read_point, sku = excluded.sku, first_at = excluded.first_at,
    last_at = excluded.last_at, crossed_at = excluded.crossed_at, outcome = excluded.outcome, leading_outcome = excluded.leading_outcome,
    probability = excluded.probability, group_id = excluded.group_id, group_size = excluded.group_size, inferred = excluded.inferred,
    decided_by = excluded.decided_by, journal_offset = excluded.journal_offset, recorded_at = now()
