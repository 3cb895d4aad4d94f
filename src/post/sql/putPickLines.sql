insert into pick_line (site, pick, line, stop, order_id, order_line, sku, lot, owner, location, container, quantity, picked, short, state, sorted, was_picked)
select $1, u.pick, u.line, u.stop, u.order_id, u.order_line, u.sku, u.lot, u.owner, u.location, u.container, u.quantity, u.picked, u.short,
       u.state, u.sorted, u.was_picked
from unnest($2::text[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
            $12::numeric[], $13::numeric[], $14::numeric[], $15::text[], $16::numeric[], $17::boolean[])
     as u (pick, line, stop, order_id, order_line, sku, lot, owner, location, container, quantity, picked, short, state, sorted, was_picked)
on conflict (site, pick, line) do update
set stop = excluded.stop, quantity = excluded.quantity, picked = excluded.picked, short = excluded.short, state = excluded.state,
    sorted = excluded.sorted, was_picked = excluded.was_picked
