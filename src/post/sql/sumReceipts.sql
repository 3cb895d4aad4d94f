-- Receipts of which something was put away, or is not any more: all of each together.
-- $1 site  $2 inbound documents
with summed as materialized (
  select * from receipts_stored_of($1, $2)
), gone as (
  delete from receipt_stored r
  where r.site = $1 and r.inbound = any ($2::text[])
    and not exists (select from summed s where (s.inbound, s.receipt) = (r.inbound, r.receipt))
)
insert into receipt_stored (site, inbound, receipt, quantity, arrived_at, stored_at)
select $1, s.* from summed s
order by s.inbound, s.receipt
on conflict (site, inbound, receipt) do update
set quantity = excluded.quantity, arrived_at = excluded.arrived_at, stored_at = excluded.stored_at
