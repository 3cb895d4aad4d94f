-- Discrepancies that were open at some time between two, each from when it was known until it was settled.
-- $1 site  $2 kinds, or null for every other that is critical  $3 kinds that are not among those  $4 from  $5 to
select d.kind, coalesce(d.read_point, d.location, '') as place, d.recorded_at as known_at, d.settled_at, d.message
from discrepancy d
where d.site = $1 and d.recorded_at < $5 and (d.settled_at is null or d.settled_at > $4)
  and case when $2::text[] is null then d.severity = 'critical' and d.kind <> all ($3::text[]) else d.kind = any ($2) end
order by d.recorded_at
limit 100000
