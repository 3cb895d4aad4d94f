-- Passages that were decided with rows after one offset up to another, as they stand.
-- $1 site  $2 after this offset  $3 up to this one
select id, read_point, epc, first_at, last_at, crossed_at, outcome, leading_outcome, probability, decided_by, journal_offset
from passage where site = $1 and journal_offset > $2 and journal_offset <= $3
order by last_at, id
