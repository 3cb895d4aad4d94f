insert into count_task (site, count_id, task, location, state, attempts, counted_by, first_counted_at, counted_at, closed_at, approved_by,
                        records, accurate, lines, uncertain, journal_offset)
select $1, u.count_id, u.task, u.location, u.state, u.attempts, u.counted_by::jsonb, to_timestamp(u.first_ms / 1000),
       to_timestamp(u.counted_ms / 1000), to_timestamp(u.closed_ms / 1000), u.approved_by, u.records, u.accurate, u.lines::jsonb,
       u.uncertain::jsonb, u.journal_offset
from unnest($2::text[], $3::integer[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::double precision[], $9::double precision[],
            $10::double precision[], $11::text[], $12::integer[], $13::integer[], $14::text[], $15::text[], $16::bigint[])
     as u (count_id, task, location, state, attempts, counted_by, first_ms, counted_ms, closed_ms, approved_by, records, accurate, lines,
           uncertain, journal_offset)
on conflict (site, count_id, task) do update
set state = excluded.state, attempts = excluded.attempts, counted_by = excluded.counted_by, first_counted_at = excluded.first_counted_at,
    counted_at = excluded.counted_at, closed_at = excluded.closed_at, approved_by = excluded.approved_by, records = excluded.records,
    accurate = excluded.accurate, lines = excluded.lines, uncertain = excluded.uncertain, journal_offset = excluded.journal_offset
