-- Adds sums of series to those of the same minutes (or hours: the name of the table is put in).
-- $1 series of each sum  $2 starts  $3 counts  $4 sums  $5 least  $6 most
insert into series_minute as m (series, at, count, sum, min, max)
select p.series, p.at, p.count, p.sum, p.min, p.max
from unnest($1::integer[], $2::timestamptz[], $3::bigint[], $4::double precision[], $5::double precision[], $6::double precision[])
     as p (series, at, count, sum, min, max)
on conflict (series, at) do update
set count = m.count + excluded.count, sum = m.sum + excluded.sum, min = least(m.min, excluded.min), max = greatest(m.max, excluded.max)
