-- Stock of whole sites by currency over a period, from the sums by the hour; the hours at its ends from the postings themselves.
-- $1 sites  $2 from  $3 to  $4 the hour that `from` lies in  $5 first whole hour  $6 hour after the last whole one
with edge as (
  select p.site, coalesce(v.currency, '') as currency, p.happened_at, l.change * coalesce(v.unit_cost, 1) as change,
         case when p.to_location = 'customer' then p.quantity when p.from_location = 'customer' then -p.quantity else 0 end
           * (coalesce(t.type, '') = 'ship')::integer * coalesce(v.unit_cost, 1) as shipped
  from posting p
  cross join lateral (select (is_on_site(p.to_location)::integer - is_on_site(p.from_location)::integer) * p.quantity as change) l
  left join valued_sku v on v.site = p.site and v.sku = p.sku
  left join lateral (
    -- Only what customers were sent, or sent back, is asked what it was; `offset 0` keeps to one at a time.
    select t.type from transaction t
    where t.site = p.site and t.id = p.transaction_id and t.happened_at = p.happened_at and 'customer' in (p.from_location, p.to_location) offset 0
  ) t on true
  where p.site = any ($1)
    and (is_on_site(p.from_location) <> is_on_site(p.to_location) or p.from_location = 'customer' or p.to_location = 'customer')
    and ((p.happened_at >= $4 and p.happened_at < least($5::timestamptz, $3::timestamptz)) or (p.happened_at >= $6 and p.happened_at < $3))
), moved as (
  select site, currency, change as before, 0 as within, 0 as shipped, false as is_there from edge where happened_at < $2
  union all
  select site, currency, 0, change * extract(epoch from $3 - happened_at), shipped, true from edge where happened_at >= $2
  union all
  select site, currency, net, 0, 0, false from site_flow where site = any ($1) and hour < $4
  union all
  select site, currency, 0, lag + net * extract(epoch from $3 - (hour + interval '1 hour')), shipped, (net, lag, shipped) <> (0, 0, 0)
  from site_flow where site = any ($1) and hour >= $5 and hour < $6
), later as (
  select site, currency, sum(net) <> 0 or coalesce(bool_or((net, lag, shipped) <> (0, 0, 0)) filter (where hour >= $6), false) as is_there
  from site_flow where site = any ($1) group by site, currency
)
select l.site, l.currency, coalesce(sum(m.shipped), 0) as shipped,
       coalesce(sum(m.before) + sum(m.within) / extract(epoch from $3 - $2::timestamptz), 0) as on_hand_mean
from later l left join moved m using (site, currency)
group by l.site, l.currency, l.is_there
having l.is_there or bool_or(m.is_there)
