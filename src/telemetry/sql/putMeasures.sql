-- Points, each with the number of its series: what devices and measures are called travels once.
-- $1 site  $2 series of each point, from 1  $3 times, ms  $4 values  $5 offsets in the journal  $6 devices  $7 names  $8 units of the series
insert into measure (site, device, name, at, value, unit, journal_offset)
select $1, s.device, s.name, to_timestamp(p.at_ms / 1000), p.value, s.unit, p.journal_offset
from unnest($2::integer[], $3::double precision[], $4::double precision[], $5::bigint[]) as p (series, at_ms, value, journal_offset)
join unnest($6::text[], $7::text[], $8::text[]) with ordinality as s (device, name, unit, n) on s.n = p.series
