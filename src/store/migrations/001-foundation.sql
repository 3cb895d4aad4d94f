-- The journal, the ledger and everything that is derived from them. Every key starts with the site, so that the tables
-- can be distributed by it. Times are timestamptz; "happened" is when it was, "recorded" when this database knew.

-- ---------------------------------------------------------------------------------------------------------------
-- Journal: everything received, in one order a site.

create table journal_head (
  site         text primary key,
  next_offset  bigint not null default 1,
  received_at  timestamptz not null default '-infinity'
);

-- Who sends: a gateway in one epoch, a device that speaks for itself, the API, the service.
create table stream (
  site        text not null,
  stream      integer not null,
  gateway     text not null,
  epoch       text not null,
  -- Sequence numbers that are durable, quarantined or known to be lost; the first range begins at 1.
  -- Null for streams without a sequence of their own.
  received    int8multirange,
  -- Up to here everything was delivered so long ago that single deliveries are no longer remembered.
  forgotten_to bigint not null default 0,
  last_at     timestamptz,
  created_at  timestamptz not null default now(),
  primary key (site, stream),
  unique (site, gateway, epoch)
);

-- What was delivered already. Not partitioned by time: once is once, however late it comes again.
create table delivery (
  site            text not null,
  stream          integer not null,
  seq             bigint not null,
  digest          bigint not null,
  journal_offset  bigint not null,
  primary key (site, stream, seq)
);

create table journal (
  site            text not null,
  journal_offset  bigint not null,
  received_at     timestamptz not null,
  kind            smallint not null,
  stream          integer not null,
  seq             bigint not null,
  content         bytea not null,
  primary key (site, journal_offset, received_at)
) partition by range (received_at);
alter table journal alter column content set storage external;

-- Sequence numbers that a gateway says it no longer has, and reads that a reader says it dropped.
create table gap (
  site        text not null,
  gateway     text not null,
  epoch       text not null,
  from_seq    bigint,
  to_seq      bigint,
  from_at     timestamptz,
  to_at       timestamptz,
  lost        bigint not null,
  noticed_at  timestamptz not null default now()
);
create unique index gap_of_sequence on gap (site, gateway, epoch, from_seq, to_seq) where from_seq is not null;
create index gap_by_time on gap (site, noticed_at desc);

create table quarantine (
  id           bigint generated always as identity primary key,
  site         text,
  received_at  timestamptz not null,
  topic        text not null,
  gateway      text,
  epoch        text,
  seq          bigint,
  code         text not null,
  reason       text not null,
  content      bytea not null,          -- whole, or the head of what was too large
  length       bigint not null,
  sha256       text not null,
  times        bigint not null default 1,   -- how often the very same came
  last_at      timestamptz not null,
  state        text not null default 'open' check (state in ('open', 'replayed', 'discarded')),
  settled_at   timestamptz,
  settled_by   text
);
create unique index quarantine_open on quarantine (sha256, topic, code) where state = 'open';
create index quarantine_by_site on quarantine (site, id desc);

create table gateway (
  site        text not null,
  gateway     text not null,
  online      boolean,
  status      jsonb,
  changed_at  timestamptz not null default now(),
  primary key (site, gateway)
);

-- ---------------------------------------------------------------------------------------------------------------
-- Derived: what a site's writer made of its journal, committed together with the cursor.

create table cursor (
  site            text primary key,
  journal_offset  bigint not null default 0,
  recorded_at     timestamptz not null default now()
);

create table configuration (
  site            text not null,
  journal_offset  bigint not null,
  effective_at    timestamptz not null,
  actor           text,
  source          jsonb not null,
  primary key (site, journal_offset)
);

create table passage (
  site            text not null,
  id              uuid not null,
  revision        integer not null,
  read_point      text not null,
  epc             text not null,
  sku             text,
  first_at        timestamptz not null,
  last_at         timestamptz not null,
  crossed_at      timestamptz,
  outcome         text not null check (outcome in ('in', 'out', 'turned_back', 'stayed', 'stray', 'undecided')),
  leading_outcome text not null check (leading_outcome in ('in', 'out', 'turned_back', 'stayed', 'stray')),
  probability     real not null check (probability between 0 and 1),
  group_id        uuid,
  group_size      integer,
  inferred        boolean not null default false,
  decided_by      text,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, id)
);
create index passage_by_time on passage (site, last_at desc, id desc);
create index passage_by_point on passage (site, read_point, last_at desc, id desc);
create index passage_of_epc on passage (site, epc, last_at desc);
create index passage_undecided on passage (site, last_at desc) where outcome = 'undecided';
create index passage_by_offset on passage (site, journal_offset);

-- Why: scores and the reads that were weighed, one row a revision of a decision. `id` is the passage, the presence or
-- the scan that a transaction names as its decision.
create table evidence (
  site         text not null,
  id           uuid not null,
  revision     integer not null,
  kind         text not null,
  scores       jsonb not null,
  reads        bytea,
  recorded_at  timestamptz not null default now(),
  primary key (site, id, revision)
);

create table transaction (
  site               text not null,
  id                 uuid not null,
  happened_at        timestamptz not null,
  recorded_at        timestamptz not null default now(),
  journal_offset     bigint not null,
  ordinal            integer not null,          -- order within the journal row
  type               text not null check (type in
                       ('receive', 'putaway', 'move', 'pick', 'pack', 'ship', 'transfer', 'return', 'count', 'adjust')),
  source             text not null check (source in ('read', 'scan', 'inferred', 'person', 'import')),
  confidence         real not null check (confidence between 0 and 1),
  epc                text,
  sku                text,
  lot                text,
  owner              text,
  quantity           numeric,
  container          text,
  from_location      text not null,
  to_location        text not null,
  read_point         text,
  decision           uuid,
  decision_revision  integer,
  supersedes         uuid,
  actor              text,
  reason             text,
  primary key (site, id, happened_at)
) partition by range (happened_at);
create index transaction_by_time on transaction (site, happened_at desc, id desc);
create index transaction_of_epc on transaction (site, epc, happened_at desc, id desc);
create index transaction_of_sku on transaction (site, sku, happened_at desc, id desc);
create index transaction_by_offset on transaction (site, journal_offset, ordinal);
create index transaction_superseding on transaction (site, supersedes) where supersedes is not null;

create table posting (
  site            text not null,
  transaction_id  uuid not null,
  line            smallint not null,
  happened_at     timestamptz not null,
  recorded_at     timestamptz not null default now(),
  sku             text not null,
  lot             text not null default '',
  owner           text not null default '',
  epc             text,
  quantity        numeric not null check (quantity > 0),
  from_location   text not null,
  from_container  text not null default '',
  from_status     text not null default '',
  to_location     text not null,
  to_container    text not null default '',
  to_status       text not null default '',
  primary key (site, transaction_id, line, happened_at),
  check ((from_location, from_container, from_status) <> (to_location, to_container, to_status))
) partition by range (happened_at);
create index posting_of_sku on posting (site, sku, happened_at);
create index posting_recorded on posting using brin (recorded_at);

create table balance (
  site        text not null,
  sku         text not null,
  location    text not null,
  container   text not null default '',
  lot         text not null default '',
  owner       text not null default '',
  status      text not null default '',
  quantity    numeric not null,
  version     bigint not null default 1,
  changed_at  timestamptz not null,
  primary key (site, sku, location, container, lot, owner, status)
);
create index balance_by_location on balance (site, location, sku);

create table item (
  site            text not null,
  epc             text not null,
  kind            text not null check (kind in ('item', 'container', 'unknown')),
  sku             text,
  lot             text,
  owner           text,
  location        text not null,
  container       text,
  status          text,
  since           timestamptz not null,
  confidence      real not null,
  last_seen_at    timestamptz,
  last_seen_by    text,
  transaction_id  uuid,
  journal_offset  bigint not null,
  primary key (site, epc)
);
create index item_in_container on item (site, container) where container is not null;
create index item_at_location on item (site, location);
create index item_of_sku on item (site, sku);

create table discrepancy (
  site            text not null,
  id              uuid not null,
  kind            text not null,
  severity        text not null check (severity in ('info', 'warning', 'critical')),
  happened_at     timestamptz not null,
  recorded_at     timestamptz not null default now(),
  journal_offset  bigint not null,
  epc             text,
  sku             text,
  location        text,
  read_point      text,
  transaction_id  uuid,
  decision        uuid,
  message         text not null,
  detail          jsonb not null default '{}',
  state           text not null default 'open' check (state in ('open', 'settled')),
  settled_at      timestamptz,
  settled_by      text,
  settlement      text,
  primary key (site, id)
);
create index discrepancy_open on discrepancy (site, happened_at desc, id desc) where state = 'open';
create index discrepancy_by_time on discrepancy (site, happened_at desc, id desc);
create index discrepancy_by_offset on discrepancy (site, journal_offset);

create table command_outcome (
  site            text not null,
  key             text not null,
  journal_offset  bigint not null,
  outcome         jsonb not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, key)
);

-- ---------------------------------------------------------------------------------------------------------------
-- One cut of the machines' state at one offset: valid as a whole, because it is written as a whole.

create table snapshot (
  site            text primary key,
  journal_offset  bigint not null,
  -- Rows from here on refill what a snapshot leaves out (recent reads).
  refill_offset   bigint not null,
  decider         integer not null,
  taken_at        timestamptz not null default now()
);

create table snapshot_part (
  site     text not null,
  part     text not null,
  key      text not null,
  content  bytea not null,
  primary key (site, part, key)
);

-- ---------------------------------------------------------------------------------------------------------------
-- Telemetry: a projection of the journal, as far as its cursor has come.

create table telemetry_cursor (
  site            text not null,
  sink            text not null,
  journal_offset  bigint not null default 0,
  -- The range being written to a sink that cannot commit with us; it is written again exactly so after a crash.
  pending_offset  bigint,
  primary key (site, sink)
);

create table measure (
  site            text not null,
  device          text not null,
  name            text not null,
  at              timestamptz not null,
  value           double precision not null,
  unit            text,
  journal_offset  bigint not null
) partition by range (at);
create index measure_of_series on measure (site, device, name, at);

create table read_rate (
  site      text not null,
  reader    text not null,
  antenna   smallint not null,
  at        timestamptz not null,      -- start of ten seconds
  reads     bigint not null,
  with_rssi bigint not null,
  rssi_sum  double precision not null,
  rssi_max  real,
  primary key (site, reader, antenna, at)
) partition by range (at);

-- ---------------------------------------------------------------------------------------------------------------
-- What is written stays written.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: a % is corrected by a compensating transaction, never by changing it', tg_table_name, tg_table_name
    using errcode = 'restrict_violation';
end $$;

create trigger journal_is_append_only before update or delete on journal for each row execute function refuse_change();
create trigger transaction_is_append_only before update or delete on transaction for each row execute function refuse_change();
create trigger posting_is_append_only before update or delete on posting for each row execute function refuse_change();
create trigger evidence_is_append_only before update or delete on evidence for each row execute function refuse_change();
create trigger journal_is_not_truncated before truncate on journal execute function refuse_change();
create trigger transaction_is_not_truncated before truncate on transaction execute function refuse_change();
create trigger posting_is_not_truncated before truncate on posting execute function refuse_change();
create trigger evidence_is_not_truncated before truncate on evidence execute function refuse_change();
