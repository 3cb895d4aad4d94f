-- $1 site  $2 probability  $3 $4 from, to
-- When each doubt first was as likely, and until when it was open.
select d.epc, d.sku, d.location, d.probability, d.closed_at, s.at
from doubt d
cross join lateral (
  select min((step ->> 'at')::double precision) as at from jsonb_array_elements(d.steps) as step
  where (step ->> 'probability')::double precision >= $2 - 1e-9
) s
where d.site = $1 and s.at is not null and s.at <= $4::double precision
  and (d.closed_at is null or d.closed_at >= to_timestamp($3::double precision / 1000))
order by s.at
