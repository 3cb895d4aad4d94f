-- Adjustments that people make, with what became of them. Derived like the ledger from the site's journal, and committed with it.

create table adjustment (
  site            text not null,
  id              uuid not null,
  kind            text not null check (kind in ('adjust', 'hold', 'remove', 'scrap')),
  epc             text,
  sku             text,
  lot             text not null,
  owner           text not null,
  location        text not null,
  status          text not null,
  quantity        numeric not null,
  code            text not null,
  reason          text,
  asked_by        text not null,
  happened_at     timestamptz not null,
  state           text not null check (state in ('posted', 'waiting', 'rejected')),
  decided_by      text,
  decided_at      timestamptz,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, id)
);
create index adjustment_by_time on adjustment (site, happened_at desc, id desc);
create index adjustment_waiting on adjustment (site, happened_at) where state = 'waiting';

create table base_adjustment (like adjustment including defaults, primary key (site, id));
