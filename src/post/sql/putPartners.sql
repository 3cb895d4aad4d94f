insert into partner (site, kind, partner_id, revision, name, address, tolerance, changed_at, journal_offset)
select $1, u.kind, u.partner_id, u.revision, u.name, u.address, u.tolerance, to_timestamp(u.changed_ms / 1000), u.journal_offset
from unnest($2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::numeric[], $8::double precision[], $9::bigint[])
     as u (kind, partner_id, revision, name, address, tolerance, changed_ms, journal_offset)
on conflict (site, kind, partner_id) do update
set revision = excluded.revision, name = excluded.name, address = excluded.address, tolerance = excluded.tolerance,
    changed_at = excluded.changed_at, journal_offset = excluded.journal_offset
