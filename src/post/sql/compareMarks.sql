-- Accounts at marks of stock that are not what the mark before and the postings since come to.
-- $1 site
with span as (
  select sku, at, lag(at, 1, '-infinity') over of_sku as since, stock, lag(stock, 1, '[]') over of_sku as stock_before
  from stock_mark where site = $1
  window of_sku as (partition by sku order by at)
), line as (
  select s.sku, s.at, k.location, k.container, k.lot, k.owner, k.status, k.quantity as held, 0 as summed
  from span s
  cross join lateral jsonb_to_recordset(s.stock) as k (location text, container text, lot text, owner text, status text, quantity numeric)
  union all
  select s.sku, s.at, k.location, k.container, k.lot, k.owner, k.status, 0, k.quantity
  from span s
  cross join lateral jsonb_to_recordset(s.stock_before) as k (location text, container text, lot text, owner text, status text, quantity numeric)
  union all
  select s.sku, s.at, l.location, l.container, p.lot, p.owner, l.status, 0, l.quantity
  from span s
  cross join lateral (
    select * from posting p where p.site = $1 and p.sku = s.sku and p.happened_at > s.since and p.happened_at <= s.at offset 0
  ) p
  cross join lateral (
    values (p.to_location, p.to_container, p.to_status, p.quantity), (p.from_location, p.from_container, p.from_status, -p.quantity)
  ) l (location, container, status, quantity)
)
select concat_ws(' ', sku, at, location, container, lot, owner, status) as key, sum(held) as held, sum(summed) as summed
from line
group by sku, at, location, container, lot, owner, status
having sum(held) <> sum(summed)
order by sku, at
