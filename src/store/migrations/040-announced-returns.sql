-- What customers said that they send back, and what came of it. Derived like the ledger from the site's journal, and committed with it.

create table announced_return (
  site            text not null,
  return_id       text not null,
  order_id        text,                      -- that it was shipped with
  customer        text not null,
  owner           text not null,
  state           text not null check (state in ('open', 'received', 'closed')),
  made_by         text not null,
  expected_by     timestamptz,
  created_at      timestamptz not null,
  changed_at      timestamptz not null,
  closed_at       timestamptz,
  quantity        numeric not null,
  received        numeric not null,
  lines           jsonb not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, return_id)
);
create index announced_return_by_time on announced_return (site, created_at desc, return_id desc);
create index announced_return_by_offset on announced_return (site, journal_offset);
create index announced_return_by_order on announced_return (site, order_id);
create table base_announced_return (like announced_return including defaults, primary key (site, return_id));

-- Which return a movement is of.
create table announced_return_arrival (
  site            text not null,
  transaction_id  uuid not null,
  return_id       text not null,
  line            text not null,
  quantity        numeric not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, transaction_id)
);
create index announced_return_arrival_of on announced_return_arrival (site, return_id);
create table base_announced_return_arrival (like announced_return_arrival including defaults, primary key (site, transaction_id));
