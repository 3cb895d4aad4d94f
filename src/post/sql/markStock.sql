-- Marks of stock for some SKUs: after their last mark one for every so many postings, more for a SKU that lies in many places. The first mark
-- of a SKU is the moment before anything happened. `offset 0` keeps to one span at a time.
-- $1 site  $2 SKUs  $3 until  $4 postings from mark to mark, at least  $5 marks of a SKU at once
with last as (
  select a.sku, coalesce(m.at, '-infinity') as at, m.at is null as is_first, coalesce(m.stock, '[]') as stock,
         greatest($4::integer, 2 * jsonb_array_length(coalesce(m.stock, '[]'))) as every
  from unnest($2::text[]) as a (sku)
  left join lateral (select m.at, m.stock from stock_mark m where m.site = $1 and m.sku = a.sku order by m.at desc limit 1) m on true
), numbered as (
  select l.sku, l.every, l.is_first, p.happened_at, row_number() over (partition by l.sku order by p.happened_at) as nth
  from last l
  cross join lateral (
    select p.happened_at from posting p where p.site = $1 and p.sku = l.sku and p.happened_at > l.at and p.happened_at <= $3
    order by p.happened_at limit l.every * $5::integer
  ) p
), due as (
  select distinct sku, at from (
    select sku, max(happened_at) as at from numbered group by sku, (nth - 1) / every, every having count(*) = every
  ) whole
), span as (
  select d.sku, lag(d.at, 1, l.at) over (partition by d.sku order by d.at) as since, d.at from due d join last l using (sku)
), change as (
  select sku, at, location, container, lot, owner, status, sum(quantity) as quantity
  from (
    select s.sku, s.at, l.location, l.container, p.lot, p.owner, l.status, l.quantity
    from span s
    cross join lateral (
      select * from posting p where p.site = $1 and p.sku = s.sku and p.happened_at > s.since and p.happened_at <= s.at offset 0
    ) p
    cross join lateral (
      values (p.to_location, p.to_container, p.to_status, p.quantity), (p.from_location, p.from_container, p.from_status, -p.quantity)
    ) l (location, container, status, quantity)
    union all
    select l.sku, l.at, k.location, k.container, k.lot, k.owner, k.status, k.quantity
    from last l
    cross join lateral jsonb_to_recordset(l.stock) as k (location text, container text, lot text, owner text, status text, quantity numeric)
  ) line
  group by sku, at, location, container, lot, owner, status
), stock as (
  select d.sku, d.at, c.location, c.container, c.lot, c.owner, c.status, sum(c.quantity) as quantity
  from due d join change c on c.sku = d.sku and c.at <= d.at
  group by d.sku, d.at, c.location, c.container, c.lot, c.owner, c.status
  having sum(c.quantity) <> 0
)
insert into stock_mark (site, sku, at, stock, is_first)
select $1, d.sku, d.at, coalesce(jsonb_agg(to_jsonb(s) - 'sku' - 'at' order by s.location, s.container, s.lot, s.owner, s.status)
                                   filter (where s.sku is not null), '[]'), false
from due d left join stock s using (sku, at)
group by d.sku, d.at
union all
select $1, sku, min(happened_at) - interval '1 microsecond', '[]', true from numbered where is_first group by sku
returning sku, at, is_first
