-- Packing: cartons of orders, and wrong picks on record. Derived like the ledger from the site's journal, and committed with it.

alter table customer_order add column ship_to text;
alter table base_customer_order add column ship_to text;
alter table order_line add column packed numeric not null default 0;
alter table base_order_line add column packed numeric not null default 0;

create table carton (
  site            text not null,
  sscc            text not null,
  epc             text not null,
  order_id        text not null,
  bench           text not null,
  carton_type     text,
  state           text not null check (state in ('open', 'closed', 'shipped', 'cancelled')),
  packed_by       text not null,
  opened_at       timestamptz not null,
  closed_at       timestamptz,
  changed_at      timestamptz not null,
  quantity        numeric not null,
  weight_g        integer,
  is_short        boolean not null,
  contents        jsonb not null,
  seen            jsonb not null,
  wrong           jsonb not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, sscc)
);
create index carton_by_time on carton (site, opened_at desc, sscc desc);
create index carton_by_offset on carton (site, journal_offset);
create index carton_of_order on carton (site, order_id);

create table pick_error (
  site            text not null,
  id              uuid not null,
  kind            text not null check (kind in ('refused', 'caught', 'shipped')),
  pick            text not null,
  line            integer not null,
  order_id        text not null,
  sku             text not null,
  found           text,
  quantity        numeric not null,
  code            text not null,
  message         text not null,
  noted_by        text,
  happened_at     timestamptz not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, id)
);
create index pick_error_by_time on pick_error (site, happened_at desc, id desc);
create index pick_error_of_line on pick_error (site, pick, line);

create table base_carton (like carton including defaults, primary key (site, sscc));
create table base_pick_error (like pick_error including defaults, primary key (site, id));
