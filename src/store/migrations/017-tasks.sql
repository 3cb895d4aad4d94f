-- Tasks: what is to be brought to which bin. Derived like the ledger from the site's journal, and committed with it.

create table task (
  site            text not null,
  task            text not null,
  kind            text not null check (kind in ('putaway', 'replenish')),
  sku             text not null,
  lot             text not null,
  owner           text not null,
  from_location   text not null,
  container       text not null,
  status          text not null,
  to_location     text,
  rule            text,
  reason          text not null,
  quantity        numeric not null,
  done            numeric not null,
  gone            numeric not null,
  state           text not null check (state in ('open', 'done', 'gone')),
  claimed_by      text,
  claimed_until   timestamptz,
  created_at      timestamptz not null,
  changed_at      timestamptz not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, task)
);
create index task_by_time on task (site, kind, created_at, task);
create index task_by_offset on task (site, journal_offset);

create table base_task (like task including defaults, primary key (site, task));
