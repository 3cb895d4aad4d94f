-- When old journal is dropped, the cut that everything after it builds on is kept: `verify` begins there.

create table snapshot_base (
  site            text primary key,
  journal_offset  bigint not null,
  decider         integer not null,
  taken_at        timestamptz not null default now()
);

create table snapshot_base_part (
  site     text not null,
  part     text not null,
  key      text not null,
  content  bytea not null,
  primary key (site, part, key)
);

create table base_balance (like balance including defaults, primary key (site, sku, location, container, lot, owner, status));
create table base_item (like item including defaults, primary key (site, epc));
create table base_passage (like passage including defaults, primary key (site, id));
create table base_discrepancy (like discrepancy including defaults, primary key (site, id));
