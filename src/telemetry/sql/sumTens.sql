-- Adds sums by ten seconds, a row a minute, to those of the same minutes.
-- $1 site  $2 series of each row, from 1  $3 starts of the minutes, ms  $4 count, sum, least and most of each of the six  $5 devices  $6 names  $7 units of the series
insert into measure_ten_seconds as m (site, device, name, unit, at, tens)
select $1, s.device, s.name, coalesce(s.unit, ''), to_timestamp(p.at_ms / 1000), p.tens::double precision[]
from unnest($2::integer[], $3::double precision[], $4::text[]) as p (series, at_ms, tens)
join unnest($5::text[], $6::text[], $7::text[]) with ordinality as s (device, name, unit, n) on s.n = p.series
order by s.device, s.name, coalesce(s.unit, ''), p.at_ms
on conflict (site, device, name, unit, at) do update set tens = array[
  m.tens[1] + excluded.tens[1], m.tens[2] + excluded.tens[2], least(m.tens[3], excluded.tens[3]), greatest(m.tens[4], excluded.tens[4]),
  m.tens[5] + excluded.tens[5], m.tens[6] + excluded.tens[6], least(m.tens[7], excluded.tens[7]), greatest(m.tens[8], excluded.tens[8]),
  m.tens[9] + excluded.tens[9], m.tens[10] + excluded.tens[10], least(m.tens[11], excluded.tens[11]), greatest(m.tens[12], excluded.tens[12]),
  m.tens[13] + excluded.tens[13], m.tens[14] + excluded.tens[14], least(m.tens[15], excluded.tens[15]), greatest(m.tens[16], excluded.tens[16]),
  m.tens[17] + excluded.tens[17], m.tens[18] + excluded.tens[18], least(m.tens[19], excluded.tens[19]), greatest(m.tens[20], excluded.tens[20]),
  m.tens[21] + excluded.tens[21], m.tens[22] + excluded.tens[22], least(m.tens[23], excluded.tens[23]), greatest(m.tens[24], excluded.tens[24])
]
