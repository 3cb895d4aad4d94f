-- What was posted after an offset, into the sums by the hour.
-- $1 site  $2 offset
insert into site_flow as f (site, hour, currency, net, lag, shipped, shipped_units, available)
select $1, r.* from site_flow_of($1, $2) r order by r.hour, r.currency
on conflict (site, hour, currency) do update
set net = f.net + excluded.net, lag = f.lag + excluded.lag, shipped = f.shipped + excluded.shipped,
    shipped_units = f.shipped_units + excluded.shipped_units, available = f.available + excluded.available
