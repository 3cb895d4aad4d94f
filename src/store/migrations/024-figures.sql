-- What moved, summed by SKU and day as it is posted, so that key figures of any period are a few rows away. Made of postings alone:
-- `verify` sums them anew.

-- Is this a place of the site, and not one that only the books know?
create function is_on_site(location text) returns boolean language sql immutable parallel safe as $$
  select location not in ('world', 'supplier', 'customer', 'adjustment', 'unknown', 'network') and location not like 'outbound:%'
     and location not like 'transit:%'
$$;

create table flow (
  site      text not null,
  sku       text not null,
  day       date not null,             -- of UTC
  net       numeric not null,          -- on the site at the end of the day, less at its beginning
  lag       numeric not null,          -- seconds from each change to the end of the day, times the change
  received  numeric not null,
  shipped   numeric not null,          -- to customers, less what was undone
  returned  numeric not null,
  adjusted  numeric not null,
  primary key (site, sku, day)
);
create index flow_by_day on flow (site, day);

create function flow_of(at_site text) returns table (sku text, day date, net numeric, lag numeric, received numeric, shipped numeric,
                                                     returned numeric, adjusted numeric) language sql stable as $$
  select p.sku, (p.happened_at at time zone 'UTC')::date,
         sum(l.change), sum(l.change * round(extract(epoch from
           ((p.happened_at at time zone 'UTC')::date + 1)::timestamp - p.happened_at at time zone 'UTC'), 3)),
         sum(case when t.type = 'receive' then l.change else 0 end),
         sum(case when t.type <> 'ship' then 0 when p.to_location = 'customer' then p.quantity
                  when p.from_location = 'customer' then -p.quantity else 0 end),
         sum(case when t.type = 'return' then l.change else 0 end),
         sum(case when t.type in ('adjust', 'count') then l.change else 0 end)
  from posting p
  join transaction t on t.site = p.site and t.id = p.transaction_id and t.happened_at = p.happened_at
  cross join lateral (select (is_on_site(p.to_location)::integer - is_on_site(p.from_location)::integer) * p.quantity as change) l
  where p.site = at_site and (l.change <> 0 or p.to_location = 'customer' or p.from_location = 'customer')
  group by 1, 2
$$;

insert into flow (site, sku, day, net, lag, received, shipped, returned, adjusted)
select s.site, f.* from (select distinct site from cursor) s cross join lateral flow_of(s.site) f;

-- What left for an order, by the transaction that took it out and the one that had picked it: what fill rate, times and customers'
-- figures are made of.
alter table customer_order add lacked_stock boolean not null default false;
alter table base_customer_order add lacked_stock boolean not null default false;

create table order_shipment (
  site            text not null,
  order_id        text not null,
  transaction_id  uuid not null,
  pick            text not null,             -- the transaction that picked it
  line            text not null,
  epc             text,
  quantity        numeric not null,
  load_id         text,
  happened_at     timestamptz not null,
  primary key (site, order_id, transaction_id, pick)
);
create table base_order_shipment (like order_shipment including defaults, primary key (site, order_id, transaction_id, pick));

-- What stood at the dock until it was put away, by the transaction that did it and the one that had brought it.
create table docked (
  site            text not null,
  transaction_id  uuid not null,
  arrival         uuid not null,
  sku             text not null,
  epc             text,
  quantity        numeric not null,
  arrived_at      timestamptz not null,
  stored_at       timestamptz not null,
  inbound         text,
  receipt         integer,
  primary key (site, transaction_id, arrival, sku)
);
create index docked_by_time on docked (site, stored_at);
create table base_docked (like docked including defaults, primary key (site, transaction_id, arrival, sku));

-- What lines of inbound documents came to with each receipt, when it was closed.
create table receipt_line (
  site          text not null,
  inbound       text not null,
  receipt       integer not null,
  line          text not null,
  sku           text,
  supplier      text not null,
  expected      numeric not null,
  received      numeric not null,
  damaged       numeric not null,
  tolerance     real not null,
  closed_at     timestamptz not null,
  corrected_at  timestamptz,
  primary key (site, inbound, receipt, line)
);
create index receipt_line_by_time on receipt_line (site, closed_at);
create table base_receipt_line (like receipt_line including defaults, primary key (site, inbound, receipt, line));

-- Orders by when they are due.
create index customer_order_due on customer_order (site, coalesce(ship_by, entered_at));
