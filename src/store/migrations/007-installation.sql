-- Faults of the installation as they opened and closed, and what each door heard in each hour.

create table finding (
  site            text not null,
  id              uuid not null,
  kind            text not null,
  severity        text not null check (severity in ('info', 'warning', 'critical')),
  read_point      text not null,
  reader          text,
  antenna         integer,
  other           text,
  since           timestamptz not null,
  opened_at       timestamptz not null,
  closed_at       timestamptz,
  certainty       double precision not null check (certainty between 0 and 1),
  evidence        jsonb not null,
  seen            text not null,
  advice          text not null,
  journal_offset  bigint not null,
  primary key (site, id)
);
create index finding_open on finding (site, opened_at desc, id desc) where closed_at is null;
create index finding_by_time on finding (site, opened_at desc, id desc);
create index finding_by_offset on finding (site, journal_offset);

create table door_hour (
  site            text not null,
  read_point      text not null,
  hour            timestamptz not null,
  tags            integer not null,
  reads           bigint not null,
  other_tags      integer not null,
  other_reads     bigint not null,
  passages        integer not null,
  crossed         integer not null,
  stray           integer not null,
  primary key (site, read_point, hour)
);
create index door_hour_by_time on door_hour (site, hour);

create table base_finding (like finding including defaults, primary key (site, id));
create table base_door_hour (like door_hour including defaults, primary key (site, read_point, hour));
