-- Faults of the installation that are open, or that were within a time.
-- $1 site  $2 certainty at least  $3 opened before  $4 null: still open; else: open at this time or since
select kind, severity, read_point, reader, antenna, other, since, opened_at, closed_at, certainty, evidence, seen, advice
from finding
where site = $1 and certainty >= $2 and opened_at <= $3
  and (closed_at is null or closed_at >= $4::timestamptz)
order by opened_at desc, id desc
