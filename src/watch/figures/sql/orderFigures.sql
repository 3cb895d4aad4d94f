-- Orders that were settled in a period, and what of each went out: with the first shipment in time, and by now. An order is settled when
-- its first shipment leaves, or when it is due, whichever is earlier; one that says no time is due when it is entered. What nobody waits
-- for any more counts only when it lacked stock. A shipment is a load, or without one what left on one day; it is out when its load is
-- closed. To be followed by what is asked of `whole`.
-- $1 sites  $2 from, $3 to  $4 customer, or null for all
with due as (
  select site, order_id, customer, entered_at, ship_by, coalesce(ship_by, entered_at) as due_at
  from customer_order
  where site = any ($1) and ($4::text is null or customer = $4) and (state <> 'cancelled' or lacked_stock)
    and not exists (select from transfer t where t.site = customer_order.site and t.direction = 'out' and t.transfer_id = order_id)
    and coalesce(ship_by, entered_at) >= $2 and entered_at < $3
), part as (
  select s.site, s.order_id, s.line, s.quantity, s.load_id, s.epc, s.happened_at,
         coalesce(s.load_id, (s.happened_at at time zone 'UTC')::date::text) as shipment,
         case when s.load_id is null or l.load_id is null then s.happened_at else l.closed_at end as out_at
  from due d
  join order_shipment s using (site, order_id)
  left join outbound_load l on l.site = s.site and l.load_id = s.load_id
), first as (
  select distinct on (site, order_id) site, order_id, shipment, out_at as first_at
  from part where out_at is not null order by site, order_id, out_at, shipment
), settled as (
  select d.*, f.shipment from due d left join first f using (site, order_id)
  where least(f.first_at, d.due_at) >= $2 and least(f.first_at, d.due_at) < $3
), back as (
  select distinct p.site, p.order_id from part p
  join transaction t on t.site = p.site and t.epc = p.epc and t.type = 'return' and t.happened_at > p.happened_at and t.supersedes is null
  where p.epc is not null
), line as (
  select d.site, d.order_id, d.customer, d.entered_at, d.ship_by, l.line, l.quantity,
         least(l.quantity, coalesce(sum(p.quantity) filter (where p.shipment = d.shipment and (d.ship_by is null or p.out_at <= d.ship_by)), 0)) as filled,
         least(l.quantity, coalesce(sum(p.quantity) filter (where p.out_at is not null), 0)) as out,
         max(p.out_at) as out_at, bool_and(p.load_id is not null) as is_documented
  from settled d
  join order_line l using (site, order_id)
  left join part p on p.site = d.site and p.order_id = d.order_id and p.line = l.line
  group by d.site, d.order_id, d.customer, d.entered_at, d.ship_by, l.line, l.quantity
), whole as (
  select l.site, l.order_id, l.customer, l.entered_at, l.ship_by, bool_and(l.out >= l.quantity) as is_out, bool_and(l.filled >= l.quantity) as is_filled,
         max(l.out_at) as out_at, coalesce(bool_and(l.is_documented), false) as is_documented,
         exists (select from back b where b.site = l.site and b.order_id = l.order_id) as came_back,
         sum(l.quantity) as units, sum(l.filled) as units_filled, count(*) as lines, count(*) filter (where l.filled >= l.quantity) as lines_filled
  from line l group by l.site, l.order_id, l.customer, l.entered_at, l.ship_by
)
