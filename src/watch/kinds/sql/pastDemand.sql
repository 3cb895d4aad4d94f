-- What moved on and off each site by SKU and day, and what customers were sent, from the first day that is asked for until now.
-- $1 sites  $2 first day
select site, sku, day::text as day, net, shipped from flow where site = any ($1) and day >= $2::date order by day
