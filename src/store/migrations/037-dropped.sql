-- Products and partners on the live stream: found by the row of the journal that changed them, also those that are known no more.
create index product_by_offset on product (site, journal_offset);
create index partner_by_offset on partner (site, journal_offset);

create table dropped (
  site            text not null,
  kind            text not null check (kind in ('product', 'supplier', 'customer', 'carrier')),
  id              text not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, kind, id)
);
create index dropped_by_offset on dropped (site, journal_offset);
create table base_dropped (like dropped including defaults, primary key (site, kind, id));
