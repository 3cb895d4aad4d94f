-- Orders that named no site, and appointments at doors. Derived like the ledger from the site's journal, and committed with it.

-- Why it was given to this site, and the request that it is part of; null for one that named its site.
alter table customer_order add column sourcing jsonb;
alter table base_customer_order add column sourcing jsonb;

create table appointment (
  site            text not null,
  appointment_id  text not null,
  door            text not null,
  direction       text not null check (direction in ('in', 'out')),
  from_at         timestamptz not null,
  to_at           timestamptz not null,
  inbound         text,
  load_id         text,
  carrier         text,
  note            text,
  state           text not null check (state in ('booked', 'arrived', 'left', 'cancelled')),
  made_by         text not null,
  arrived_at      timestamptz,
  left_at         timestamptz,
  changed_at      timestamptz not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, appointment_id)
);
create index appointment_by_time on appointment (site, from_at, appointment_id);
create index appointment_by_offset on appointment (site, journal_offset);
create table base_appointment (like appointment including defaults, primary key (site, appointment_id));
