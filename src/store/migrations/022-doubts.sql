-- Items that the books have somewhere and that may not be there: how likely that is, what says so, and how each doubt ended.

create table doubt (
  site            text not null,
  id              uuid not null,
  epc             text not null,
  sku             text,
  location        text not null,
  zone            text not null,
  probability     double precision not null check (probability between 0 and 1),
  opened_at       timestamptz not null,
  closed_at       timestamptz,
  ended           text check (ended in ('heard', 'found', 'missing', 'moved', 'faded')),
  heard_at        timestamptz not null,
  silent_hours    integer not null,
  answers         double precision not null,
  sweeps          integer not null,
  short_picks     integer not null,
  steps           jsonb not null,
  journal_offset  bigint not null,
  primary key (site, id),
  check ((closed_at is null) = (ended is null))
);
create unique index doubt_one_an_item on doubt (site, epc) where closed_at is null;
create index doubt_open on doubt (site, probability desc, id desc) where closed_at is null;
create index doubt_by_time on doubt (site, opened_at desc, id desc);
create index doubt_by_offset on doubt (site, journal_offset);

create table base_doubt (like doubt including defaults, primary key (site, id));
