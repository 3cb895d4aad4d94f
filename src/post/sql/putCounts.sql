insert into count_plan (site, count_id, by_what, state, made_by, created_at, changed_at, skus, task_count, done, journal_offset)
select $1, u.count_id, u.by_what, u.state, u.made_by, to_timestamp(u.created_ms / 1000), to_timestamp(u.changed_ms / 1000), u.skus::jsonb,
       u.task_count, u.done, u.journal_offset
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::double precision[], $7::double precision[], $8::text[], $9::integer[],
            $10::integer[], $11::bigint[])
     as u (count_id, by_what, state, made_by, created_ms, changed_ms, skus, task_count, done, journal_offset)
on conflict (site, count_id) do update
set state = excluded.state, changed_at = excluded.changed_at, done = excluded.done, journal_offset = excluded.journal_offset
