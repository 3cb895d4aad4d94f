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

-- Photos of what came damaged, kept with the line of the document. They change no stock and are not derived: kept as long as the journal.
create table receipt_photo (
  site        text not null,
  photo_id    uuid not null,
  inbound     text not null,
  line        text not null,
  receipt     integer not null,             -- with which receipt of the document it came
  media_type  text not null check (media_type in ('image/jpeg', 'image/png', 'image/webp')),
  content     bytea not null check (octet_length(content) <= 524288),
  note        text,
  taken_by    text not null,
  taken_at    timestamptz not null default now(),
  primary key (site, photo_id)
);
create index receipt_photo_of_line on receipt_photo (site, inbound, line, taken_at);
