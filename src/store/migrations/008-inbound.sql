-- What the warehouse expects: inbound documents, their lines and tags, and lists of what is to cross. Derived like the ledger
-- from the site's journal, and committed with it.

create table inbound (
  site               text not null,
  inbound            text not null,
  document           text not null check (document in ('order', 'notice')),
  revision           integer not null,
  supplier           text not null,
  state              text not null check (state in ('expected', 'receiving', 'partial', 'received', 'cancelled')),
  expected_from      timestamptz,
  expected_to        timestamptz,
  door               text,
  tolerance          real not null,
  announced_at       timestamptz not null,
  changed_at         timestamptz not null,
  receipts           integer not null,
  receipt_opened_at  timestamptz,
  receipt_door       text,
  receipt_by         text,
  noted              jsonb not null,
  line_count         integer not null,
  quantity           numeric not null,
  received           numeric not null,
  journal_offset     bigint not null,
  recorded_at        timestamptz not null default now(),
  primary key (site, inbound)
);
create index inbound_by_time on inbound (site, announced_at desc, inbound desc);
create index inbound_open on inbound (site, announced_at desc, inbound desc) where state in ('expected', 'receiving', 'partial');
create index inbound_by_offset on inbound (site, journal_offset);

create table inbound_line (
  site           text not null,
  inbound        text not null,
  line           text not null,
  ordinal        integer not null,
  sku            text,
  lot            text not null,
  expiry         date,
  quantity       numeric not null,
  order_inbound  text,
  order_line     text,
  sscc           jsonb not null,
  listed         integer not null,
  received       numeric not null,
  unlisted       numeric not null,
  damaged        numeric not null,
  quality        numeric not null,
  batches        jsonb not null,
  primary key (site, inbound, line)
);
create index inbound_line_of_sku on inbound_line (site, sku);
create index inbound_line_of_order on inbound_line (site, order_inbound) where order_inbound is not null;

-- Tags that are listed, and tags that came.
create table inbound_tag (
  site            text not null,
  inbound         text not null,
  epc             text not null,
  line            text not null,
  is_listed       boolean not null,
  status          text not null,
  transaction_id  uuid,
  primary key (site, inbound, epc)
);
create index inbound_of_tag on inbound_tag (site, epc);

create table crossing_list (
  site            text not null,
  list            text not null,
  direction       text not null check (direction in ('in', 'out')),
  door            text,
  since           timestamptz not null,
  epcs            jsonb not null,
  journal_offset  bigint not null,
  primary key (site, list)
);

create table base_inbound (like inbound including defaults, primary key (site, inbound));
create table base_inbound_line (like inbound_line including defaults, primary key (site, inbound, line));
create table base_inbound_tag (like inbound_tag including defaults, primary key (site, inbound, epc));
create table base_crossing_list (like crossing_list including defaults, primary key (site, list));
