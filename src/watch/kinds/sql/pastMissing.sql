-- What gateways, or readers behind them, were found to have lost between two times.  $1 site  $2 from  $3 to
select gateway, noticed_at, lost from (
  select g.gateway, g.noticed_at, g.lost from gap g where g.site = $1
  union all
  select h.gateway, h.given_up_at, h.envelopes from hole h where h.site = $1
) loss
where noticed_at >= $2 and noticed_at < $3
order by noticed_at
limit 100000
