-- Adds sums by ten seconds, a row a minute, to those of the same minutes.
-- $1 series of each row  $2 starts of the minutes  $3 count, sum, least and most of each of the six, one row after the other
insert into series_ten_seconds as m (series, at, tens)
select p.series, p.at, ($3::double precision[])[24 * p.n - 23 : 24 * p.n]
from unnest($1::integer[], $2::timestamptz[]) with ordinality as p (series, at, n)
on conflict (series, at) do update set tens = array[
  m.tens[1] + excluded.tens[1], m.tens[2] + excluded.tens[2], least(m.tens[3], excluded.tens[3]), greatest(m.tens[4], excluded.tens[4]),
  m.tens[5] + excluded.tens[5], m.tens[6] + excluded.tens[6], least(m.tens[7], excluded.tens[7]), greatest(m.tens[8], excluded.tens[8]),
  m.tens[9] + excluded.tens[9], m.tens[10] + excluded.tens[10], least(m.tens[11], excluded.tens[11]), greatest(m.tens[12], excluded.tens[12]),
  m.tens[13] + excluded.tens[13], m.tens[14] + excluded.tens[14], least(m.tens[15], excluded.tens[15]), greatest(m.tens[16], excluded.tens[16]),
  m.tens[17] + excluded.tens[17], m.tens[18] + excluded.tens[18], least(m.tens[19], excluded.tens[19]), greatest(m.tens[20], excluded.tens[20]),
  m.tens[21] + excluded.tens[21], m.tens[22] + excluded.tens[22], least(m.tens[23], excluded.tens[23]), greatest(m.tens[24], excluded.tens[24])
]
