insert into carton (site, sscc, epc, order_id, bench, carton_type, state, packed_by, opened_at, closed_at, changed_at, quantity, weight_g,
                    is_short, contents, seen, wrong, journal_offset, parcel)
select $1, u.sscc, u.epc, u.order_id, u.bench, u.carton_type, u.state, u.packed_by, to_timestamp(u.opened_ms / 1000),
       to_timestamp(u.closed_ms / 1000), to_timestamp(u.changed_ms / 1000), u.quantity, u.weight_g, u.is_short, u.contents::jsonb,
       u.seen::jsonb, u.wrong::jsonb, u.journal_offset, u.parcel::jsonb
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::double precision[],
            $10::double precision[], $11::double precision[], $12::numeric[], $13::integer[], $14::boolean[], $15::text[], $16::text[],
            $17::text[], $18::bigint[], $19::text[])
     as u (sscc, epc, order_id, bench, carton_type, state, packed_by, opened_ms, closed_ms, changed_ms, quantity, weight_g, is_short,
           contents, seen, wrong, journal_offset, parcel)
on conflict (site, sscc) do update
set state = excluded.state, closed_at = excluded.closed_at, changed_at = excluded.changed_at, quantity = excluded.quantity,
    weight_g = excluded.weight_g, is_short = excluded.is_short, contents = excluded.contents, seen = excluded.seen,
    wrong = excluded.wrong, parcel = excluded.parcel, journal_offset = excluded.journal_offset
