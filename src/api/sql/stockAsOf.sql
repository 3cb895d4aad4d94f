-- Stock of some SKUs as of an instant: what it was at the mark that is nearest to the pivot, or what it is now where none comes after, with what
-- happened in between. The pivot is the instant itself; as known at an earlier one it is a day before that, so that what happened by the pivot and
-- was recorded later is out of step and has an index of its own. Planned anew each time; `offset 0` keeps to one SKU at a time.
-- $1 the site of each SKU  $2 locations or null  $3 the site of each of them  $4 SKUs  $5 after this key or null  $6 limit
-- $7 pattern of accounts that are no locations  $8 happened until  $9 recorded until or null  $10 pivot
with base as materialized (
  select a.site, a.sku, w.is_after, case when w.is_after then m.stock else n.stock end as stock,
         case when w.is_after then m.at else $10::timestamptz end as since,
         case when w.is_after then $10::timestamptz else coalesce(n.at, 'infinity') end as until
  from unnest($1::text[], $4::text[]) as a (site, sku)
  left join lateral (
    select m.at, m.stock from stock_mark m where m.site = a.site and m.sku = a.sku and m.at >= $10::timestamptz order by m.at limit 1
  ) n on true
  left join lateral (
    select m.at, m.stock from stock_mark m where m.site = a.site and m.sku = a.sku and m.at < $10::timestamptz order by m.at desc limit 1
  ) m on true
  cross join lateral (
    select case when m.at is null or not isfinite($10::timestamptz) then false else $10 - m.at < coalesce(n.at, now()) - $10 end as is_after
  ) w
), moved as materialized (
  select p.*, case when b.is_after then 1 else -1 end as sign from base b
  cross join lateral (
    select * from posting p where p.site = b.site and p.sku = b.sku and p.happened_at > b.since and p.happened_at <= b.until offset 0
  ) p
  union all
  select p.*, -1 from base b
  cross join lateral (
    select * from posting p
    where p.site = b.site and p.sku = b.sku and p.recorded_at > $9::timestamptz and p.happened_at <= $10
      and p.recorded_at - p.happened_at > interval '1 day' offset 0
  ) p
  union all
  select p.*, 1 from base b
  cross join lateral (
    select * from posting p
    where p.site = b.site and p.sku = b.sku and p.happened_at > $10 and p.happened_at <= least($8::timestamptz, $9::timestamptz + interval '1 day')
      and p.recorded_at <= $9::timestamptz offset 0
  ) p
  union all
  select p.*, 1 from base b
  cross join lateral (
    select * from posting p
    where p.site = b.site and p.sku = b.sku and p.recorded_at <= $9::timestamptz and p.happened_at <= $8
      and p.happened_at > $9::timestamptz + interval '1 day' and p.happened_at - p.recorded_at > interval '1 day' offset 0
  ) p
), line as (
  select b.site, b.sku, k.* from base b
  cross join lateral jsonb_to_recordset(b.stock) as k (location text, container text, lot text, owner text, status text, quantity numeric)
  union all
  select site, sku, k.location, k.container, k.lot, k.owner, k.status, k.quantity from base b join balance k using (site, sku)
  where b.stock is null and k.quantity <> 0
  union all
  select site, sku, to_location, to_container, lot, owner, to_status, sign * quantity from moved
  union all
  select site, sku, from_location, from_container, lot, owner, from_status, -sign * quantity from moved
)
select site, sku, location, container, lot, owner, status, sum(quantity) as quantity
from line
where location !~ $7
  and ($2::text[] is null or (location = any ($2) and (site, location) in (select * from unnest($3::text[], $2::text[]))))
  and ($5::text[] is null or (site, sku, location, container, lot, owner, status) > ($5[1], $5[2], $5[3], $5[4], $5[5], $5[6], $5[7]))
group by site, sku, location, container, lot, owner, status
having sum(quantity) <> 0
order by site, sku, location, container, lot, owner, status
limit $6
