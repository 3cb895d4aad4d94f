insert into inbound_tag (site, inbound, epc, line, is_listed, status, transaction_id)
select $1, u.inbound, u.epc, u.line, u.is_listed, u.status, u.transaction_id
from unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::uuid[])
     as u (inbound, epc, line, is_listed, status, transaction_id)
on conflict (site, inbound, epc) do update
set line = excluded.line, is_listed = excluded.is_listed, status = excluded.status, transaction_id = excluded.transaction_id
