-- What is there of the SKUs that have a level, one row a level in its order.
-- $1 site  $2 SKU of each level  $3 its place ('' for the site)  $4 $5 the places, and each location that lies in them
with level as (
  select n, sku, root from unnest($2::text[], $3::text[]) with ordinality as u (sku, root, n)
),
place as (select * from unnest($4::text[], $5::text[]) as u (root, location)),
stock as (
  select l.n, sum(b.quantity) filter (where b.status in ('available', '')) as available,
         sum(b.quantity) filter (where b.status not in ('available', '')) as otherwise
  from level l
  join balance b on b.site = $1 and b.sku = l.sku and b.quantity <> 0
  join place p on p.root = l.root and p.location = b.location
  group by l.n
),
waiting as (
  select p.sku, count(*) as undecided, avg(p.probability) as undecided_in
  from passage p where p.site = $1 and p.outcome = 'undecided' and p.leading_outcome = 'in' and p.sku = any ($2)
  group by p.sku
)
select l.n, coalesce(s.available, 0) as available, coalesce(s.otherwise, 0) as otherwise, coalesce(w.undecided, 0) as undecided, w.undecided_in
from level l left join stock s on s.n = l.n left join waiting w on w.sku = l.sku
order by l.n
