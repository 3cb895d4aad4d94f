-- Numbers of series, made for those that have none.
-- $1 site  $2 devices  $3 names  $4 units, '' for none
with asked as (
  select * from unnest($2::text[], $3::text[], $4::text[]) with ordinality as a (device, name, unit, n)
), made as (
  insert into series (site, device, name, unit)
  select $1, a.device, a.name, a.unit from asked a
  where not exists (select from series s where s.site = $1 and s.device = a.device and s.name = a.name and s.unit = a.unit)
  on conflict (site, device, name, unit) do update set unit = excluded.unit -- made by another meanwhile
  returning id, device, name, unit
)
select a.n::integer as n, coalesce(m.id, s.id) as id
from asked a
left join made m on m.device = a.device and m.name = a.name and m.unit = a.unit
left join series s on s.site = $1 and s.device = a.device and s.name = a.name and s.unit = a.unit
