-- Adds sums of measures to those of the same minutes (or hours: the name of the table is put in).
-- $1 site  $2 devices  $3 names  $4 units  $5 starts, ms  $6 counts  $7 sums  $8 least  $9 most
insert into measure_minute as m (site, device, name, unit, at, count, sum, min, max)
select $1, u.device, u.name, u.unit, to_timestamp(u.at_ms / 1000), sum(u.count), sum(u.sum), min(u.min), max(u.max)
from unnest($2::text[], $3::text[], $4::text[], $5::double precision[], $6::bigint[], $7::double precision[], $8::double precision[],
            $9::double precision[]) as u (device, name, unit, at_ms, count, sum, min, max)
group by u.device, u.name, u.unit, u.at_ms
order by u.device, u.name, u.unit, u.at_ms
on conflict (site, device, name, unit, at) do update
set count = m.count + excluded.count, sum = m.sum + excluded.sum, min = least(m.min, excluded.min), max = greatest(m.max, excluded.max)
