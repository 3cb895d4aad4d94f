-- What left for orders: of each transaction and order that is told, what was kept of it goes, and what is told is kept.
-- $1 site  $2 orders and $3 transactions that are told  $4 to $11 the parts of them
with gone as (
  delete from order_shipment s using unnest($2::text[], $3::uuid[]) as u (order_id, transaction_id)
  where (s.site, s.order_id, s.transaction_id) = ($1, u.order_id, u.transaction_id)
    and not exists (
      select from unnest($4::text[], $5::uuid[], $6::text[]) as k (order_id, transaction_id, pick)
      where (k.order_id, k.transaction_id, k.pick) = (s.order_id, s.transaction_id, s.pick)
    )
)
insert into order_shipment (site, order_id, transaction_id, pick, line, epc, quantity, load_id, happened_at)
select $1, u.order_id, u.transaction_id, u.pick, u.line, u.epc, u.quantity, u.load_id, to_timestamp(u.happened_ms / 1000)
from unnest($4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::numeric[], $10::text[], $11::double precision[])
       as u (order_id, transaction_id, pick, line, epc, quantity, load_id, happened_ms)
on conflict (site, order_id, transaction_id, pick) do update
set line = excluded.line, epc = excluded.epc, quantity = excluded.quantity, load_id = excluded.load_id, happened_at = excluded.happened_at
