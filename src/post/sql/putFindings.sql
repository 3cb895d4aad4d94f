insert into finding (site, id, kind, severity, read_point, reader, antenna, other, since, opened_at, closed_at, certainty, evidence, seen, advice,
                     journal_offset)
select $1, u.id, u.kind, u.severity, u.read_point, u.reader, u.antenna, u.other, to_timestamp(u.since_ms / 1000),
       to_timestamp(u.opened_ms / 1000), to_timestamp(u.closed_ms / 1000), u.certainty, u.evidence, u.seen, u.advice, u.journal_offset
from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::text[], $9::double precision[],
            $10::double precision[], $11::double precision[], $12::double precision[], $13::jsonb[], $14::text[], $15::text[], $16::bigint[])
     as u (id, kind, severity, read_point, reader, antenna, other, since_ms, opened_ms, closed_ms, certainty, evidence, seen, advice,
           journal_offset)
on conflict (site, id) do update
set closed_at = excluded.closed_at, journal_offset = excluded.journal_offset
