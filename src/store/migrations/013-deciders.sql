-- Which version of the decider made what of a site's journal: from the row after `journal_offset` on. Written with the snapshot that
-- it goes on from. `shape` is the form in which a snapshot holds what is heard just now.

create table decider_since (
  site            text not null,
  journal_offset  bigint not null,
  decider         integer not null,
  taken_at        timestamptz not null default now(),
  primary key (site, journal_offset)
);

alter table snapshot add column shape integer not null default 0;
alter table snapshot_base add column shape integer not null default 0;
-- The release before this one had the form that this one has.
update snapshot set shape = 1 where decider = 6;
update snapshot_base set shape = 1 where decider = 6;
insert into decider_since (site, journal_offset, decider) select site, 0, decider from snapshot;
