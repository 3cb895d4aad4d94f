insert into pick_list (site, pick, to_location, orders, state, made_by, distance_m, created_at, changed_at, line_count, quantity, picked, short,
                       journal_offset, method, wave, zone, totes)
select $1, u.pick, u.to_location, u.orders::jsonb, u.state, u.made_by, u.distance_m, to_timestamp(u.created_ms / 1000),
       to_timestamp(u.changed_ms / 1000), u.line_count, u.quantity, u.picked, u.short, u.journal_offset, u.method, u.wave, u.zone,
       u.totes::jsonb
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::numeric[], $8::double precision[], $9::double precision[],
            $10::integer[], $11::numeric[], $12::numeric[], $13::numeric[], $14::bigint[], $15::text[], $16::text[], $17::text[], $18::text[])
     as u (pick, to_location, orders, state, made_by, distance_m, created_ms, changed_ms, line_count, quantity, picked, short, journal_offset,
           method, wave, zone, totes)
on conflict (site, pick) do update
set state = excluded.state, orders = excluded.orders, distance_m = excluded.distance_m, changed_at = excluded.changed_at,
    line_count = excluded.line_count, quantity = excluded.quantity, picked = excluded.picked, short = excluded.short,
    journal_offset = excluded.journal_offset, totes = excluded.totes
