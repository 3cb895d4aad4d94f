insert into door_hour (site, read_point, hour, tags, reads, other_tags, other_reads, passages, crossed, stray)
select $1, u.read_point, to_timestamp(u.hour_ms / 1000), u.tags, u.reads, u.other_tags, u.other_reads, u.passages, u.crossed, u.stray
from unnest($2::text[], $3::double precision[], $4::integer[], $5::bigint[], $6::integer[], $7::bigint[], $8::integer[], $9::integer[],
            $10::integer[])
     as u (read_point, hour_ms, tags, reads, other_tags, other_reads, passages, crossed, stray)
on conflict (site, read_point, hour) do update
set tags = excluded.tags, reads = excluded.reads, other_tags = excluded.other_tags, other_reads = excluded.other_reads,
    passages = excluded.passages, crossed = excluded.crossed, stray = excluded.stray
