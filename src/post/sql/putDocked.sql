-- What was put away of what had come in: of each transaction that is told, what was kept of it goes, and what is told is kept.
-- $1 site  $2 transactions that are told  $3 to $11 the parts of them
with gone as (
  delete from docked d using unnest($2::uuid[]) as u (transaction_id)
  where (d.site, d.transaction_id) = ($1, u.transaction_id)
    and not exists (
      select from unnest($3::uuid[], $4::uuid[], $5::text[]) as k (transaction_id, arrival, sku)
      where (k.transaction_id, k.arrival, k.sku) = (d.transaction_id, d.arrival, d.sku)
    )
)
insert into docked (site, transaction_id, arrival, sku, epc, quantity, arrived_at, stored_at, inbound, receipt)
select $1, u.transaction_id, u.arrival, u.sku, u.epc, u.quantity, to_timestamp(u.arrived_ms / 1000), to_timestamp(u.stored_ms / 1000), u.inbound,
       u.receipt
from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::numeric[], $8::double precision[], $9::double precision[], $10::text[],
            $11::integer[])
       as u (transaction_id, arrival, sku, epc, quantity, arrived_ms, stored_ms, inbound, receipt)
on conflict (site, transaction_id, arrival, sku) do update
set epc = excluded.epc, quantity = excluded.quantity, arrived_at = excluded.arrived_at, stored_at = excluded.stored_at,
    inbound = excluded.inbound, receipt = excluded.receipt
