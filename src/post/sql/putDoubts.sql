-- Those that are over first: of an item there is one open doubt at a time.
insert into doubt (site, id, epc, sku, location, zone, probability, opened_at, closed_at, ended, heard_at, silent_hours, answers, sweeps,
                   short_picks, steps, journal_offset)
select $1, u.id, u.epc, u.sku, u.location, u.zone, u.probability, to_timestamp(u.opened_ms / 1000), to_timestamp(u.closed_ms / 1000), u.ended,
       to_timestamp(u.heard_ms / 1000), u.silent_hours, u.answers, u.sweeps, u.short_picks, u.steps, u.journal_offset
from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::double precision[], $8::double precision[], $9::double precision[],
            $10::text[], $11::double precision[], $12::integer[], $13::double precision[], $14::integer[], $15::integer[], $16::jsonb[],
            $17::bigint[])
     as u (id, epc, sku, location, zone, probability, opened_ms, closed_ms, ended, heard_ms, silent_hours, answers, sweeps, short_picks, steps,
           journal_offset)
order by (u.closed_ms is null), u.id
on conflict (site, id) do update
set sku = excluded.sku, location = excluded.location, zone = excluded.zone, probability = excluded.probability, closed_at = excluded.closed_at,
    ended = excluded.ended, heard_at = excluded.heard_at, silent_hours = excluded.silent_hours, answers = excluded.answers,
    sweeps = excluded.sweeps, short_picks = excluded.short_picks, steps = excluded.steps, journal_offset = excluded.journal_offset
