-- Points of series.
-- $1 series of each point  $2 times  $3 values  $4 offsets in the journal
insert into series_value (series, at, value, journal_offset)
select p.series, p.at, p.value, p.journal_offset
from unnest($1::integer[], $2::timestamptz[], $3::double precision[], $4::bigint[]) as p (series, at, value, journal_offset)
