insert into outbound_load (site, load_id, door, carrier, state, opened_at, closed_at, changed_at, orders, journal_offset, seals)
select $1, u.load_id, u.door, u.carrier, u.state, to_timestamp(u.opened_ms / 1000), to_timestamp(u.closed_ms / 1000),
       to_timestamp(u.changed_ms / 1000), u.orders::jsonb, u.journal_offset, u.seals::jsonb
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::double precision[], $7::double precision[], $8::double precision[], $9::text[],
            $10::bigint[], $11::text[])
     as u (load_id, door, carrier, state, opened_ms, closed_ms, changed_ms, orders, journal_offset, seals)
on conflict (site, load_id) do update
set door = excluded.door, carrier = excluded.carrier, seals = excluded.seals, state = excluded.state, closed_at = excluded.closed_at, changed_at = excluded.changed_at, orders = excluded.orders,
    journal_offset = excluded.journal_offset
