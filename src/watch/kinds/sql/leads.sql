-- How many days it took from ordering to having it, by SKU: the median of purchase orders whose receipts were closed within a year, two at
-- least. And what is on its way: of orders, and of notices that serve none, when the last of it should be here.
-- $1 site  $2 as of
with taken as (
  select r.sku, percentile_cont(0.5) within group (order by extract(epoch from r.closed_at - i.announced_at) / 86400) as days, count(*) as receipts
  from receipt_line r
  join inbound i on i.site = r.site and i.inbound = r.inbound and i.document = 'order'
  where r.site = $1 and r.sku is not null and r.received > 0 and r.closed_at <= $2 and r.closed_at > $2::timestamptz - interval '365 days'
  group by r.sku
  having count(*) >= 2
), coming as (
  select l.sku, jsonb_agg(jsonb_build_object('quantity', l.quantity - l.received,
           'at', extract(epoch from coalesce(i.expected_to, i.expected_from)) * 1000)) as coming
  from inbound_line l
  join inbound i on i.site = l.site and i.inbound = l.inbound and i.state in ('expected', 'receiving', 'partial')
  where l.site = $1 and l.sku is not null and l.quantity > l.received and (i.document = 'order' or l.order_inbound is null)
  group by l.sku
)
select sku, t.days, t.receipts, coalesce(c.coming, '[]') as coming from taken t full join coming c using (sku)
