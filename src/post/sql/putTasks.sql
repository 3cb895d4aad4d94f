insert into task (site, task, kind, sku, lot, owner, from_location, container, status, to_location, rule, reason, quantity, done, gone, state,
                  claimed_by, claimed_until, created_at, changed_at, journal_offset, order_id, order_line)
select $1, u.task, u.kind, u.sku, u.lot, u.owner, u.from_location, u.container, u.status, u.to_location, u.rule, u.reason, u.quantity, u.done,
       u.gone, u.state, u.claimed_by, to_timestamp(u.claimed_ms / 1000), to_timestamp(u.created_ms / 1000), to_timestamp(u.changed_ms / 1000),
       u.journal_offset, u.order_id, u.order_line
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
            $12::text[], $13::numeric[], $14::numeric[], $15::numeric[], $16::text[], $17::text[], $18::double precision[],
            $19::double precision[], $20::double precision[], $21::bigint[], $22::text[], $23::text[])
     as u (task, kind, sku, lot, owner, from_location, container, status, to_location, rule, reason, quantity, done, gone, state, claimed_by,
           claimed_ms, created_ms, changed_ms, journal_offset, order_id, order_line)
on conflict (site, task) do update
set to_location = excluded.to_location, rule = excluded.rule, reason = excluded.reason, quantity = excluded.quantity, done = excluded.done,
    gone = excluded.gone, state = excluded.state, claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until,
    changed_at = excluded.changed_at, journal_offset = excluded.journal_offset
