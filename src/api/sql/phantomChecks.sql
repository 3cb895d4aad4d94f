-- Places with doubted items that have tags, or with open reports of pickers.  $1 sites
with doubted as (
  select site, location, count(*) as items, sum(probability) as missing, max(probability) as likeliest
  from doubt where site = any ($1) and closed_at is null group by site, location
), short as (
  select site, location, count(*) as short_picks from discrepancy
  where site = any ($1) and kind = 'short-pick' and state = 'open' and location is not null group by site, location
)
select site, location, coalesce(items, 0)::bigint as items, coalesce(missing, 0) as missing, coalesce(likeliest, 0) as likeliest,
       coalesce(short_picks, 0)::bigint as short_picks
from doubted full join short using (site, location)
