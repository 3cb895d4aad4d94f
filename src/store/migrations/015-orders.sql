-- What goes out: orders of customers, pick lists and loads. Derived like the ledger from the site's journal, and committed with it.

create table customer_order (
  site            text not null,
  order_id        text not null,
  revision        integer not null,
  customer        text not null,
  owner           text not null,
  priority        integer not null,
  ship_by         timestamptz,
  is_partial      boolean not null,
  state           text not null check (state in ('waiting', 'partial', 'reserved', 'picking', 'picked', 'shipped', 'cancelled')),
  load_id         text,
  entered_at      timestamptz not null,
  changed_at      timestamptz not null,
  line_count      integer not null,
  quantity        numeric not null,
  reserved        numeric not null,
  planned         numeric not null,
  picked          numeric not null,
  shipped         numeric not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, order_id)
);
create index customer_order_by_time on customer_order (site, entered_at desc, order_id desc);
create index customer_order_by_offset on customer_order (site, journal_offset);
create index customer_order_on_load on customer_order (site, load_id) where load_id is not null;

create table order_line (
  site      text not null,
  order_id  text not null,
  line      text not null,
  ordinal   integer not null,
  sku       text not null,
  lot       text not null,
  quantity  numeric not null,
  reserved  numeric not null,
  planned   numeric not null,
  picked    numeric not null,
  shipped   numeric not null,
  primary key (site, order_id, line)
);
create index order_line_of_sku on order_line (site, sku);

create table pick_list (
  site            text not null,
  pick            text not null,
  to_location     text not null,
  orders          jsonb not null,
  state           text not null check (state in ('open', 'done')),
  made_by         text not null,
  distance_m      numeric not null,
  created_at      timestamptz not null,
  changed_at      timestamptz not null,
  line_count      integer not null,
  quantity        numeric not null,
  picked          numeric not null,
  short           numeric not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, pick)
);
create index pick_list_by_time on pick_list (site, created_at desc, pick desc);
create index pick_list_by_offset on pick_list (site, journal_offset);

create table pick_line (
  site        text not null,
  pick        text not null,
  line        integer not null,
  stop        integer not null,
  order_id    text not null,
  order_line  text not null,
  sku         text not null,
  lot         text not null,
  owner       text not null,
  location    text not null,
  container   text not null,
  quantity    numeric not null,
  picked      numeric not null,
  short       numeric not null,
  state       text not null check (state in ('open', 'picked', 'short')),
  primary key (site, pick, line)
);
create index pick_line_of_order on pick_line (site, order_id);

create table outbound_load (
  site            text not null,
  load_id         text not null,
  door            text,
  carrier         text not null,
  state           text not null check (state in ('open', 'closed')),
  opened_at       timestamptz not null,
  closed_at       timestamptz,
  changed_at      timestamptz not null,
  orders          jsonb not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, load_id)
);
create index outbound_load_by_time on outbound_load (site, opened_at desc, load_id desc);
create index outbound_load_by_offset on outbound_load (site, journal_offset);

create table base_customer_order (like customer_order including defaults, primary key (site, order_id));
create table base_order_line (like order_line including defaults, primary key (site, order_id, line));
create table base_pick_list (like pick_list including defaults, primary key (site, pick));
create table base_pick_line (like pick_line including defaults, primary key (site, pick, line));
create table base_outbound_load (like outbound_load including defaults, primary key (site, load_id));
