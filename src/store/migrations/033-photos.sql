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
