-- Discrepancies that were open at some time between two, each from when it was known until it was settled.
-- $1 site  $2 kinds, or null for every other that is critical  $3 kinds that are not among those  $4 from  $5 to
select t.kind, t.place, t.recorded_at as known_at, t.settled_at, t.message
from (
  -- As openDiscrepancies.sql tells them apart.
  select coalesce(d.read_point, d.location, '') as place, d.recorded_at, d.settled_at, d.message, d.severity,
         case when d.kind = 'wrong-load' and not exists (
                select from outbound_load l
                where l.site = d.site and l.door = d.read_point and l.opened_at <= d.recorded_at and coalesce(l.closed_at, 'infinity') > d.recorded_at
              ) then 'wrong-door' else d.kind end as kind
  from discrepancy d
  where d.site = $1 and d.recorded_at < $5 and (d.settled_at is null or d.settled_at > $4)
) t
where case when $2::text[] is null then t.severity = 'critical' and t.kind <> all ($3::text[]) else t.kind = any ($2) end
order by t.recorded_at
limit 100000
