-- The very same message again is counted, not kept again: a device that repeats itself does not fill the table.
insert into quarantine as q (site, received_at, last_at, topic, gateway, epoch, seq, code, reason, content, length, sha256, times)
select distinct on (u.sha256, u.topic, u.code)
       u.site, to_timestamp(u.received_ms / 1000), to_timestamp(u.received_ms / 1000), u.topic, u.gateway, u.epoch, u.seq, u.code, u.reason,
       u.content, u.length, u.sha256, count(*) over (partition by u.sha256, u.topic, u.code)
from unnest($1::text[], $2::double precision[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::bytea[],
            $10::bigint[], $11::text[])
     as u (site, received_ms, topic, gateway, epoch, seq, code, reason, content, length, sha256)
on conflict (sha256, topic, code) where state = 'open'
do update set times = q.times + excluded.times, last_at = greatest(q.last_at, excluded.last_at)
