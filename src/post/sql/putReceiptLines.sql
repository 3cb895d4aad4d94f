insert into receipt_line (site, inbound, receipt, line, sku, supplier, expected, received, damaged, tolerance, closed_at, corrected_at)
select $1, u.inbound, u.receipt, u.line, u.sku, u.supplier, u.expected, u.received, u.damaged, u.tolerance, to_timestamp(u.closed_ms / 1000),
       to_timestamp(u.corrected_ms / 1000)
from unnest($2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::numeric[], $8::numeric[], $9::numeric[], $10::real[],
            $11::double precision[], $12::double precision[])
       as u (inbound, receipt, line, sku, supplier, expected, received, damaged, tolerance, closed_ms, corrected_ms)
on conflict (site, inbound, receipt, line) do update
set sku = excluded.sku, supplier = excluded.supplier, expected = excluded.expected, received = excluded.received, damaged = excluded.damaged,
    tolerance = excluded.tolerance, closed_at = excluded.closed_at, corrected_at = excluded.corrected_at
