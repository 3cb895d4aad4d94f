-- From the dock to the shelf, for each receipt of which something was put away in a period: from its first arrival to the last of it that
-- was put away. What came without a document stands for itself, by transaction.
-- $1 sites  $2 from, $3 to: put away
with done as (
  select distinct site, arrival from docked where site = any ($1) and inbound is null and stored_at >= $2 and stored_at < $3
), per as (
  select site, quantity, arrived_at, stored_at from receipt_stored where site = any ($1) and stored_at >= $2 and stored_at < $3
  union all
  select d.site, sum(k.quantity), min(k.arrived_at), max(k.stored_at)
  from done d
  join docked k on k.site = d.site and k.inbound is null and coalesce(k.inbound, k.arrival::text) = d.arrival::text
  group by d.site, d.arrival
)
select site, count(*) as receipts, sum(quantity) as units,
       percentile_cont(0.5) within group (order by extract(epoch from stored_at - arrived_at)) / 3600 as median_hours,
       percentile_cont(0.9) within group (order by extract(epoch from stored_at - arrived_at)) / 3600 as p90_hours
from per where stored_at >= $2 and stored_at < $3
group by site
