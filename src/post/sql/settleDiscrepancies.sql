update discrepancy d
set state = 'settled', settled_at = to_timestamp(u.at_ms / 1000), settled_by = u.settled_by, settlement = u.how, journal_offset = u.journal_offset
from unnest($2::uuid[], $3::text[], $4::double precision[], $5::text[], $6::bigint[]) as u (id, settled_by, at_ms, how, journal_offset)
where d.site = $1 and d.id = u.id and d.state = 'open'
