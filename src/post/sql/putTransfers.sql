insert into transfer (site, direction, other_site, transfer_id, state, created_at, changed_at, closed_at, lines, inbounds, journal_offset)
select $1, u.direction, u.other_site, u.transfer_id, u.state, to_timestamp(u.created_ms / 1000), to_timestamp(u.changed_ms / 1000),
       to_timestamp(u.closed_ms / 1000), u.lines::jsonb, u.inbounds::jsonb, u.journal_offset
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::double precision[], $7::double precision[], $8::double precision[],
            $9::text[], $10::text[], $11::bigint[])
     as u (direction, other_site, transfer_id, state, created_ms, changed_ms, closed_ms, lines, inbounds, journal_offset)
on conflict (site, direction, other_site, transfer_id) do update
set state = excluded.state, changed_at = excluded.changed_at, closed_at = excluded.closed_at, lines = excluded.lines,
    inbounds = excluded.inbounds, journal_offset = excluded.journal_offset
