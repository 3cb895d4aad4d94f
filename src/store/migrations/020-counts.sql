-- Counts: plans, and the bins of them. Derived like the ledger from the site's journal, and committed with it.

create table count_plan (
  site            text not null,
  count_id        text not null,
  by_what         text not null check (by_what in ('location', 'sku', 'abc', 'sample', 'discrepancy', 'zero')),
  state           text not null check (state in ('open', 'closed', 'cancelled')),
  made_by         text not null,
  created_at      timestamptz not null,
  changed_at      timestamptz not null,
  skus            jsonb not null,
  task_count      integer not null,
  done            integer not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, count_id)
);
create index count_plan_by_time on count_plan (site, created_at desc, count_id desc);
create index count_plan_by_offset on count_plan (site, journal_offset);

create table count_task (
  site              text not null,
  count_id          text not null,
  task              integer not null,
  location          text not null,
  state             text not null check (state in ('open', 'recount', 'resweep', 'approval', 'closed', 'cancelled')),
  attempts          integer not null,
  counted_by        jsonb not null,
  first_counted_at  timestamptz,
  counted_at        timestamptz,
  closed_at         timestamptz,
  approved_by       text,
  records           integer not null,
  accurate          integer not null,
  lines             jsonb not null,
  uncertain         jsonb not null,
  journal_offset    bigint not null,
  primary key (site, count_id, task)
);
create index count_task_at on count_task (site, location, counted_at desc);
create index count_task_by_offset on count_task (site, journal_offset);
create index count_task_by_first on count_task (site, first_counted_at);

create table base_count_plan (like count_plan including defaults, primary key (site, count_id));
create table base_count_task (like count_task including defaults, primary key (site, count_id, task));
