-- One row an account: changes of a commit are summed before. Rows are taken in key order, so two writers never deadlock.
insert into balance as b (site, sku, location, container, lot, owner, status, quantity, changed_at)
select $1, u.sku, u.location, u.container, u.lot, u.owner, u.status, u.change, now()
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::numeric[])
     as u (sku, location, container, lot, owner, status, change)
order by u.sku, u.location, u.container, u.lot, u.owner, u.status
on conflict (site, sku, location, container, lot, owner, status)
do update set quantity = b.quantity + excluded.quantity, version = b.version + 1, changed_at = now()
