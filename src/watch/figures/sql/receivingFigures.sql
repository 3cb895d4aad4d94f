-- Lines of receipts that were closed in a period: how many needed no correction since, and how many the supplier had sent as announced.
-- $1 sites  $2 from, $3 to: closed
select site, count(*) as lines, count(*) filter (where corrected_at is null) as right_lines,
       count(*) filter (where damaged = 0 and abs(received - expected) <= tolerance * expected) as exact_lines
from receipt_line where site = any ($1) and closed_at >= $2 and closed_at < $3
group by site
