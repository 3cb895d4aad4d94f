insert into appointment (site, appointment_id, door, direction, from_at, to_at, inbound, load_id, carrier, note, state, made_by, arrived_at, left_at,
                         changed_at, journal_offset)
select $1, u.appointment_id, u.door, u.direction, to_timestamp(u.from_ms / 1000), to_timestamp(u.to_ms / 1000), u.inbound, u.load_id, u.carrier,
       u.note, u.state, u.made_by, to_timestamp(u.arrived_ms / 1000), to_timestamp(u.left_ms / 1000), to_timestamp(u.changed_ms / 1000),
       u.journal_offset
from unnest($2::text[], $3::text[], $4::text[], $5::double precision[], $6::double precision[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::text[], $12::text[], $13::double precision[], $14::double precision[], $15::double precision[], $16::bigint[])
     as u (appointment_id, door, direction, from_ms, to_ms, inbound, load_id, carrier, note, state, made_by, arrived_ms, left_ms, changed_ms,
           journal_offset)
on conflict (site, appointment_id) do update
set door = excluded.door, direction = excluded.direction, from_at = excluded.from_at, to_at = excluded.to_at, inbound = excluded.inbound,
    load_id = excluded.load_id, carrier = excluded.carrier, note = excluded.note, state = excluded.state, arrived_at = excluded.arrived_at,
    left_at = excluded.left_at, changed_at = excluded.changed_at, journal_offset = excluded.journal_offset
