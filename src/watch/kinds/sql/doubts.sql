-- $1 site  $2 probability  $3 at most so many
-- The likeliest to be missing first.
select d.*, (select count(*) from doubt o where o.site = $1 and o.closed_at is null and o.location = d.location) as beside
from doubt d
where d.site = $1 and d.closed_at is null and d.probability >= $2
order by d.probability desc, d.id
limit $3
