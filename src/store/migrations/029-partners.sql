-- Partners of a site, and what goes back to its suppliers. Derived like the ledger from the site's journal, and committed with it.

create table partner (
  site            text not null,
  kind            text not null check (kind in ('supplier', 'customer', 'carrier')),
  partner_id      text not null,
  revision        integer not null,
  name            text not null,
  address         text,
  tolerance       numeric,                   -- share of a line, of suppliers
  changed_at      timestamptz not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, kind, partner_id)
);
create table base_partner (like partner including defaults, primary key (site, kind, partner_id));

create table supplier_return (
  site            text not null,
  return_id       text not null,
  supplier        text not null,
  inbound         text,                      -- what it came with
  authorisation   text,                      -- the supplier's number
  owner           text not null,
  state           text not null check (state in ('open', 'sent', 'closed')),
  made_by         text not null,
  created_at      timestamptz not null,
  changed_at      timestamptz not null,
  closed_at       timestamptz,
  quantity        numeric not null,
  sent            numeric not null,
  lines           jsonb not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, return_id)
);
create index supplier_return_by_time on supplier_return (site, created_at desc, return_id desc);
create index supplier_return_by_offset on supplier_return (site, journal_offset);
create table base_supplier_return (like supplier_return including defaults, primary key (site, return_id));
