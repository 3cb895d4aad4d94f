-- Adds sums of measures to those of the same minutes (or hours: the name of the table is put in).
-- $1 site  $2 series of each sum, from 1  $3 starts, ms  $4 counts  $5 sums  $6 least  $7 most  $8 devices  $9 names  $10 units of the series
insert into measure_minute as m (site, device, name, unit, at, count, sum, min, max)
select $1, s.device, s.name, coalesce(s.unit, ''), to_timestamp(p.at_ms / 1000), sum(p.count), sum(p.sum), min(p.min), max(p.max)
from unnest($2::integer[], $3::double precision[], $4::bigint[], $5::double precision[], $6::double precision[], $7::double precision[])
     as p (series, at_ms, count, sum, min, max)
join unnest($8::text[], $9::text[], $10::text[]) with ordinality as s (device, name, unit, n) on s.n = p.series
group by s.device, s.name, coalesce(s.unit, ''), p.at_ms
order by s.device, s.name, coalesce(s.unit, ''), p.at_ms
on conflict (site, device, name, unit, at) do update
set count = m.count + excluded.count, sum = m.sum + excluded.sum, min = least(m.min, excluded.min), max = greatest(m.max, excluded.max)
