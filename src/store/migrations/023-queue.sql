-- The queue: all work that waits for a person, one row a piece. Derived like the ledger from the site's journal, and committed with it.

create table job (
  site            text not null,
  kind            text not null check (kind in ('putaway', 'replenish', 'pick', 'count', 'pack')),
  id              text not null,             -- number of the task, pick list, plan of counts or order
  part            integer not null,          -- number of the bin in a plan of counts; else 0
  from_location   text,
  to_location     text,
  what            text not null,
  priority        integer not null,
  due_at          timestamptz,
  order_id        text,
  not_for         jsonb not null,            -- who may not do it
  claimed_by      text,
  claimed_until   timestamptz,
  state           text not null check (state in ('open', 'over')),
  created_at      timestamptz not null,
  changed_at      timestamptz not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, kind, id, part)
);
create index job_open on job (site) where state = 'open';
create index job_by_offset on job (site, journal_offset);

create table base_job (like job including defaults, primary key (site, kind, id, part));
