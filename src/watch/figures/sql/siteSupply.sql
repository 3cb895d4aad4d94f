-- What is available on whole sites, and what customers were sent up to a moment: from the sums by the hour, its own hour from the postings.
-- $1 sites  $2 the moment  $3 the hour that it lies in  $4 so many days up to that hour, and what came after
with within as (
  select p.site, sum(case when p.to_location = 'customer' then p.quantity else -p.quantity end) as shipped
  from posting p
  join transaction t on t.site = p.site and t.id = p.transaction_id and t.happened_at = p.happened_at and t.type = 'ship'
  where p.site = any ($1)
    and (is_on_site(p.from_location) <> is_on_site(p.to_location) or p.from_location = 'customer' or p.to_location = 'customer')
    and (p.from_location = 'customer') <> (p.to_location = 'customer')
    and p.happened_at >= $3 and p.happened_at < $2 and t.happened_at >= $3 and t.happened_at < $2
  group by p.site
)
select f.site, sum(f.available) as available,
       coalesce(sum(f.shipped_units) filter (where f.hour >= $3 - make_interval(days => $4) and f.hour < $3), 0)
         + coalesce(min(w.shipped), 0) as shipped
from site_flow f left join within w on w.site = f.site
where f.site = any ($1) and f.currency = ''
group by f.site
