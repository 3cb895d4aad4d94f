insert into announced_return (site, return_id, order_id, customer, owner, state, made_by, expected_by, created_at, changed_at, closed_at, quantity,
                              received, lines, journal_offset)
select $1, u.return_id, u.order_id, u.customer, u.owner, u.state, u.made_by, to_timestamp(u.expected_ms / 1000), to_timestamp(u.created_ms / 1000),
       to_timestamp(u.changed_ms / 1000), to_timestamp(u.closed_ms / 1000), u.quantity, u.received, u.lines::jsonb, u.journal_offset
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::double precision[], $9::double precision[],
            $10::double precision[], $11::double precision[], $12::numeric[], $13::numeric[], $14::text[], $15::bigint[])
     as u (return_id, order_id, customer, owner, state, made_by, expected_ms, created_ms, changed_ms, closed_ms, quantity, received, lines,
           journal_offset)
on conflict (site, return_id) do update
set state = excluded.state, changed_at = excluded.changed_at, closed_at = excluded.closed_at, received = excluded.received, lines = excluded.lines,
    journal_offset = excluded.journal_offset
