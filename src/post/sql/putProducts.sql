insert into product (site, sku, revision, name, base_unit, packs, length_mm, width_mm, height_mm, weight_g, unit_cost, currency, tracking, expires,
                     hazard, temperature, velocity, rotation, fixed_bin, pick_minimum, pick_maximum, changed_at, journal_offset)
select $1, u.sku, u.revision, u.name, u.base_unit, u.packs, u.length_mm, u.width_mm, u.height_mm, u.weight_g, u.unit_cost, u.currency, u.tracking,
       u.expires, u.hazard, u.temperature, u.velocity, u.rotation, u.fixed_bin, u.pick_minimum, u.pick_maximum, to_timestamp(u.changed_ms / 1000),
       u.journal_offset
from unnest($2::text[], $3::integer[], $4::text[], $5::text[], $6::jsonb[], $7::numeric[], $8::numeric[], $9::numeric[], $10::numeric[],
            $11::numeric[], $12::text[], $13::text[], $14::boolean[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[],
            $20::numeric[], $21::numeric[], $22::double precision[], $23::bigint[])
     as u (sku, revision, name, base_unit, packs, length_mm, width_mm, height_mm, weight_g, unit_cost, currency, tracking, expires, hazard,
           temperature, velocity, rotation, fixed_bin, pick_minimum, pick_maximum, changed_ms, journal_offset)
on conflict (site, sku) do update
set revision = excluded.revision, name = excluded.name, base_unit = excluded.base_unit, packs = excluded.packs, length_mm = excluded.length_mm,
    width_mm = excluded.width_mm, height_mm = excluded.height_mm, weight_g = excluded.weight_g, unit_cost = excluded.unit_cost,
    currency = excluded.currency, tracking = excluded.tracking, expires = excluded.expires, hazard = excluded.hazard,
    temperature = excluded.temperature, velocity = excluded.velocity, rotation = excluded.rotation, fixed_bin = excluded.fixed_bin, pick_minimum = excluded.pick_minimum,
    pick_maximum = excluded.pick_maximum, changed_at = excluded.changed_at, journal_offset = excluded.journal_offset
