insert into job (site, kind, id, part, from_location, to_location, what, priority, due_at, order_id, not_for, claimed_by, claimed_until, state,
                 created_at, changed_at, journal_offset)
select $1, u.kind, u.id, u.part, u.from_location, u.to_location, u.what, u.priority, to_timestamp(u.due_ms / 1000), u.order_id, u.not_for,
       u.claimed_by, to_timestamp(u.claimed_ms / 1000), u.state, to_timestamp(u.created_ms / 1000), to_timestamp(u.changed_ms / 1000),
       u.journal_offset
from unnest($2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::double precision[], $10::text[],
            $11::jsonb[], $12::text[], $13::double precision[], $14::text[], $15::double precision[], $16::double precision[], $17::bigint[])
     as u (kind, id, part, from_location, to_location, what, priority, due_ms, order_id, not_for, claimed_by, claimed_ms, state, created_ms,
           changed_ms, journal_offset)
on conflict (site, kind, id, part) do update
set from_location = excluded.from_location, to_location = excluded.to_location, what = excluded.what, priority = excluded.priority,
    due_at = excluded.due_at, order_id = excluded.order_id, not_for = excluded.not_for, claimed_by = excluded.claimed_by,
    claimed_until = excluded.claimed_until, state = excluded.state, created_at = excluded.created_at, changed_at = excluded.changed_at,
    journal_offset = excluded.journal_offset
