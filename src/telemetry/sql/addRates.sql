-- Adds what antennas read to the same ten seconds (or minutes, or hours: the name of the table is put in).
-- $1 site  $2 readers  $3 antennas  $4 starts, ms  $5 reads  $6 with RSSI  $7 sum of RSSI  $8 best RSSI  $9 sets of tags
insert into read_rate as r (site, reader, antenna, at, reads, with_rssi, rssi_sum, rssi_max, tags)
select $1, u.reader, u.antenna, to_timestamp(u.at_ms / 1000), u.reads, u.with_rssi, u.rssi_sum, u.rssi_max, u.tags::bit(1024)
from unnest($2::text[], $3::smallint[], $4::double precision[], $5::bigint[], $6::bigint[], $7::double precision[], $8::real[], $9::text[])
     as u (reader, antenna, at_ms, reads, with_rssi, rssi_sum, rssi_max, tags)
order by u.reader, u.antenna, u.at_ms
on conflict (site, reader, antenna, at) do update
set reads = r.reads + excluded.reads, with_rssi = r.with_rssi + excluded.with_rssi, rssi_sum = r.rssi_sum + excluded.rssi_sum,
    rssi_max = greatest(r.rssi_max, excluded.rssi_max), tags = coalesce(r.tags | excluded.tags, excluded.tags)
