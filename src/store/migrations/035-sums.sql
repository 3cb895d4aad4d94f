-- Key figures of a site, of any period, from few rows however much has moved: worth and units that moved by hour, what orders came to, and
-- when receipts were on their shelves. All of it follows from what other tables have, and `verify` makes it anew.

-- ---------------------------------------------------------------------------------------------------------------
-- What moved on and off a site by the hour, at what each SKU costs, by currency; SKUs without a cost count in units, with currency ''.

create table site_flow (
  site           text not null,
  hour           timestamptz not null,       -- its beginning
  currency       text not null,
  net            numeric not null,
  lag            numeric not null,           -- seconds from each change to the end of the hour, times the change
  shipped        numeric not null,           -- to customers, less what was undone
  shipped_units  numeric not null,           -- of all SKUs, with currency ''
  available      numeric not null,           -- the change of what is available, likewise
  primary key (site, hour, currency)
);

-- What moved so, by time: for the hours at the ends of a period.
create index posting_on_and_off on posting (site, happened_at)
where is_on_site(from_location) <> is_on_site(to_location) or from_location = 'customer' or to_location = 'customer';

-- At what each SKU is counted there; one that is not here has no cost.
create table valued_sku (
  site       text not null,
  sku        text not null,
  unit_cost  numeric not null,
  currency   text not null,
  primary key (site, sku)
);

-- SKUs that cost something else now: until they are counted anew, figures are made SKU by SKU.
create table sku_to_value (
  site  text not null,
  sku   text not null,
  primary key (site, sku)
);

-- What moved of a SKU, or of all, by the hour, in units: of what was posted after an offset and up to another.
create function moved_by_hour(at_site text, of_sku text, after_offset bigint, upto_offset bigint)
returns table (sku text, hour timestamptz, net numeric, lag numeric, shipped numeric, available numeric) language sql stable as $$
  select p.sku, h.hour, sum(l.change), sum(l.change * round(extract(epoch from h.hour + interval '1 hour' - p.happened_at), 3)),
         sum(case when t.type <> 'ship' then 0 when p.to_location = 'customer' then p.quantity
                  when p.from_location = 'customer' then -p.quantity else 0 end),
         sum(l.available)
  from posting p
  join transaction t on t.site = p.site and t.id = p.transaction_id and t.happened_at = p.happened_at
  cross join lateral (
    select (is_on_site(p.to_location)::integer - is_on_site(p.from_location)::integer) * p.quantity as change,
           ((is_on_site(p.to_location) and p.to_status = 'available')::integer
            - (is_on_site(p.from_location) and p.from_status = 'available')::integer) * p.quantity as available
  ) l
  cross join lateral (select date_trunc('hour', p.happened_at, 'UTC') as hour) h
  where p.site = at_site and (of_sku is null or p.sku = of_sku) and t.journal_offset > after_offset and t.journal_offset <= upto_offset
    and (l.change <> 0 or l.available <> 0 or p.to_location = 'customer' or p.from_location = 'customer')
  group by 1, 2
$$;

-- Of all that was posted, or of what was after an offset.
create function site_flow_of(at_site text, after_offset bigint default -1) returns table (hour timestamptz, currency text, net numeric, lag numeric, shipped numeric,
                                                          shipped_units numeric, available numeric) language sql stable as $$
  select m.hour, l.currency, sum(l.net), sum(l.lag), sum(l.shipped), sum(l.shipped_units), sum(l.available)
  from moved_by_hour(at_site, null, after_offset, 9223372036854775807) m
  left join valued_sku v on v.site = at_site and v.sku = m.sku
  cross join lateral (
    values (coalesce(v.currency, ''), m.net * coalesce(v.unit_cost, 1), m.lag * coalesce(v.unit_cost, 1), m.shipped * coalesce(v.unit_cost, 1), 0, 0),
           ('', 0, 0, 0, m.shipped, m.available)
  ) l (currency, net, lag, shipped, shipped_units, available)
  group by 1, 2
$$;

insert into valued_sku (site, sku, unit_cost, currency)
select site, sku, unit_cost, coalesce(currency, '') from product where unit_cost is not null;

insert into site_flow (site, hour, currency, net, lag, shipped, shipped_units, available)
select s.site, f.* from (select distinct site from cursor) s cross join lateral site_flow_of(s.site) f;

-- ---------------------------------------------------------------------------------------------------------------
-- What each order came to, when it was settled; see src/watch/figures/orders.ts for what that is. What may have changed since is noted by the
-- statement that changes it, and made anew beside the service; until then it is made whenever somebody asks.

create table order_figure (
  site           text not null,
  order_id       text not null,
  customer       text not null,
  entered_at     timestamptz not null,
  ship_by        timestamptz,
  settled_at     timestamptz not null,       -- when the first shipment left, or it was due
  out_at         timestamptz,                -- the last of what is out
  is_out         boolean not null,           -- all of it
  is_filled      boolean not null,           -- with the first shipment and in time
  is_documented  boolean not null,           -- on a load
  came_back      boolean not null,           -- some of it
  units          numeric not null,
  units_filled   numeric not null,
  lines          bigint not null,
  lines_filled   bigint not null,
  primary key (site, order_id)
);
create index order_figure_by_time on order_figure (site, settled_at);

create table order_to_figure (
  site      text not null,
  order_id  text not null,
  primary key (site, order_id)
);
create index order_shipment_on_load on order_shipment (site, load_id) where load_id is not null;

-- Of some orders of a site. An order is settled when its first shipment leaves, or when it is due, whichever is earlier; one that says
-- no time is due when it is entered. What nobody waits for any more counts only when it lacked stock. A shipment is a load, or without one
-- what left on one day; it is out when its load is closed.
create function order_figures_of(at_site text, which text[]) returns table (
  order_id text, customer text, entered_at timestamptz, ship_by timestamptz, settled_at timestamptz, out_at timestamptz, is_out boolean,
  is_filled boolean, is_documented boolean, came_back boolean, units numeric, units_filled numeric, lines bigint, lines_filled bigint
) language sql stable as $$
with due as (
  select o.order_id, o.customer, o.entered_at, o.ship_by, coalesce(o.ship_by, o.entered_at) as due_at
  from customer_order o
  where o.site = at_site and o.order_id = any (which) and (o.state <> 'cancelled' or o.lacked_stock)
    and not exists (select from transfer t where t.site = at_site and t.direction = 'out' and t.transfer_id = o.order_id)
), part as (
  select s.order_id, s.line, s.quantity, s.load_id, s.epc, s.happened_at,
         coalesce(s.load_id, (s.happened_at at time zone 'UTC')::date::text) as shipment,
         case when s.load_id is null or l.load_id is null then s.happened_at else l.closed_at end as out_at
  from due d
  join order_shipment s on s.site = at_site and s.order_id = d.order_id
  left join outbound_load l on l.site = at_site and l.load_id = s.load_id
), first as (
  select distinct on (p.order_id) p.order_id, p.shipment, p.out_at as first_at
  from part p where p.out_at is not null order by p.order_id, p.out_at, p.shipment
), settled as (
  select d.*, f.shipment, least(f.first_at, d.due_at) as settled_at from due d left join first f using (order_id)
), back as (
  select distinct p.order_id from part p
  join transaction t on t.site = at_site and t.epc = p.epc and t.type = 'return' and t.happened_at > p.happened_at and t.supersedes is null
  where p.epc is not null
), line as (
  select d.order_id, d.customer, d.entered_at, d.ship_by, d.settled_at, l.line, l.quantity,
         least(l.quantity, coalesce(sum(p.quantity) filter (where p.shipment = d.shipment and (d.ship_by is null or p.out_at <= d.ship_by)), 0)) as filled,
         least(l.quantity, coalesce(sum(p.quantity) filter (where p.out_at is not null), 0)) as out,
         max(p.out_at) as out_at, bool_and(p.load_id is not null) as is_documented
  from settled d
  join order_line l on l.site = at_site and l.order_id = d.order_id
  left join part p on p.order_id = d.order_id and p.line = l.line
  group by d.order_id, d.customer, d.entered_at, d.ship_by, d.settled_at, l.line, l.quantity
)
select l.order_id, l.customer, l.entered_at, l.ship_by, l.settled_at, max(l.out_at), bool_and(l.out >= l.quantity), bool_and(l.filled >= l.quantity),
       coalesce(bool_and(l.is_documented), false), exists (select from back b where b.order_id = l.order_id), sum(l.quantity), sum(l.filled),
       count(*), count(*) filter (where l.filled >= l.quantity)
from line l group by l.order_id, l.customer, l.entered_at, l.ship_by, l.settled_at
$$;

insert into order_figure (site, order_id, customer, entered_at, ship_by, settled_at, out_at, is_out, is_filled, is_documented, came_back, units,
                          units_filled, lines, lines_filled)
select s.site, f.* from (select distinct site from cursor) s cross join lateral order_figures_of(s.site, array(select o.order_id from customer_order o where o.site = s.site)) f;

-- ---------------------------------------------------------------------------------------------------------------
-- Each receipt of a document of which something was put away, all of it together.

create table receipt_stored (
  site        text not null,
  inbound     text not null,
  receipt     integer not null,              -- 0: none is known
  quantity    numeric not null,
  arrived_at  timestamptz not null,          -- the first of it
  stored_at   timestamptz not null,          -- the last of it that was put away
  primary key (site, inbound, receipt)
);
create index receipt_stored_by_time on receipt_stored (site, stored_at);
create index docked_without_document on docked (site, stored_at) where inbound is null;

create function receipts_stored_of(at_site text, of_inbounds text[]) returns table (inbound text, receipt integer, quantity numeric,
                                                                arrived_at timestamptz, stored_at timestamptz) language sql stable as $$
  select d.inbound, coalesce(d.receipt, 0), sum(d.quantity), min(d.arrived_at), max(d.stored_at)
  from docked d
  where d.site = at_site and d.inbound is not null
    and (of_inbounds is null or coalesce(d.inbound, d.arrival::text) = any (of_inbounds))
  group by 1, 2
$$;

insert into receipt_stored (site, inbound, receipt, quantity, arrived_at, stored_at)
select s.site, f.* from (select distinct site from cursor) s cross join lateral receipts_stored_of(s.site, null) f;

-- Up to where all of these are kept: a release that knows of none of them, and goes on beside a newer one, posts beyond it.
alter table cursor add column summed_offset bigint not null default 0;
update cursor set summed_offset = journal_offset;
