insert into crossing_list (site, list, direction, door, since, epcs, journal_offset)
select $1, u.list, u.direction, u.door, to_timestamp(u.since_ms / 1000), u.epcs::jsonb, u.journal_offset
from unnest($2::text[], $3::text[], $4::text[], $5::double precision[], $6::text[], $7::bigint[])
     as u (list, direction, door, since_ms, epcs, journal_offset)
on conflict (site, list) do update
set direction = excluded.direction, door = excluded.door, since = excluded.since, epcs = excluded.epcs, journal_offset = excluded.journal_offset
