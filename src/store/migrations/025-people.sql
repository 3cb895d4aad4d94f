-- Work for people: the queue, what is brought to orders at once, and cartons that carriers take. Derived like the ledger from the site's
-- journal, and committed with it.

-- All work that waits for a person, one row a piece.

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

-- What a task brings to an order at once, and not to a bin: the line that waits for it.
alter table task add column order_id text, add column order_line text;
alter table base_task add column order_id text, add column order_line text;

-- What a carton is booked as with a carrier; and the label that the carrier gave for it, which changes no stock and is not derived.
alter table carton add column parcel jsonb;
alter table base_carton add column parcel jsonb;

create table parcel_label (
  site        text not null,
  sscc        text not null,
  media_type  text not null,
  content     bytea not null,
  booked_at   timestamptz not null default now(),
  primary key (site, sscc)
);
