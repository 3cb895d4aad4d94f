-- Adjustments that people make, with what became of them; transfers between sites, and what one site told another. Derived like the ledger from the site's journal, and committed with it.

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

create table transfer (
  site            text not null,
  direction       text not null check (direction in ('out', 'in')),
  other_site      text not null,
  transfer_id     text not null,
  state           text not null check (state in ('ordered', 'transit', 'received', 'closed')),
  created_at      timestamptz not null,
  changed_at      timestamptz not null,
  closed_at       timestamptz,
  lines           jsonb not null,
  inbounds        jsonb not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, direction, other_site, transfer_id)
);
create index transfer_by_time on transfer (site, created_at desc, transfer_id desc);
create index transfer_by_offset on transfer (site, journal_offset);

-- Snapshots of stock that a 3PL or a marketplace holds.
create table feed_snapshot (
  site            text not null,
  as_of           timestamptz not null,
  taken_at        timestamptz not null,
  told_by         text not null,
  line_count      integer not null,
  arrived         numeric not null,
  adjusted        numeric not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, as_of)
);
create table base_feed_snapshot (like feed_snapshot including defaults, primary key (site, as_of));

-- What one site told another: appended to the journal of the other in the commit that wrote this row.
create table notice (
  site            text not null,
  key             text not null,
  to_site         text not null,
  journal_offset  bigint not null,
  command         jsonb not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, key)
);
create index notice_by_offset on notice (site, journal_offset);

create table base_transfer (like transfer including defaults, primary key (site, direction, other_site, transfer_id));
create table base_adjustment (like adjustment including defaults, primary key (site, id));
