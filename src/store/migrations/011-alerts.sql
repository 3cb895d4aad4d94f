-- What is wrong now, and who was told. Alerts are no part of the ledger: they follow from it, from telemetry, from the health
-- of the service and from the time of day, so they are not in the journal and `verify` does not compare them.

create table alert (
  site             text not null,
  id               uuid not null,
  kind             text not null,
  subject          text not null,              -- the thing: one alert is open for it at a time
  state            text not null check (state in ('open', 'acknowledged', 'snoozed', 'resolved')),
  severity         text not null check (severity in ('info', 'warning', 'critical')),
  confidence       real not null check (confidence between 0 and 1),
  message          text not null,
  suggestion       text not null,
  evidence         jsonb not null,
  look             text not null,              -- the route of the API that shows what it is about
  times            integer not null default 1, -- how often it came up: opened once, re-opened the other times
  revision         integer not null default 1, -- counts the rows of alert_change
  opened_at        timestamptz not null,
  alarmed_at       timestamptz not null,       -- opened, re-opened, woken or escalated last: escalation counts from here
  cleared_at       timestamptz,                -- since when the cause has been gone; null while it holds
  snoozed_until    timestamptz,
  state_at         timestamptz not null,
  state_by         text not null,
  primary key (site, id)
);
create unique index alert_one_a_thing on alert (site, kind, subject) where state <> 'resolved';
create index alert_present on alert (site, state_at desc) where state <> 'resolved';
create index alert_resolved on alert (site, state_at desc) where state = 'resolved';
create index alert_resolved_not_over on alert (site) where state = 'resolved' and cleared_at is null;
create index alert_by_time on alert (site, opened_at desc, id desc);

-- Its history, one row a change; what was told to the channels is a row of it.
create table alert_change (
  site      text not null,
  alert     uuid not null,
  revision  integer not null,
  at        timestamptz not null,
  change    text not null check (change in
              ('opened', 'reopened', 'acknowledged', 'snoozed', 'woken', 'escalated', 'resolved')),
  actor     text not null,
  note      text,
  state     text not null,
  severity  text not null,
  message   text not null,
  key       text,                              -- Idempotency-Key of a person's action
  request   text,                              -- what was asked under it
  primary key (site, alert, revision),
  foreign key (site, alert) references alert (site, id) on delete cascade
);
create unique index alert_change_of_key on alert_change (site, key) where key is not null;

-- What a channel is still to be told, written with the change itself. Stays for a while after it was delivered.
create table alert_delivery (
  site          text not null,
  id            uuid not null,                 -- made of alert, revision and channel: the same however often it is sent
  alert         uuid not null,
  revision      integer not null,              -- of the alert: what it became later is told later
  channel       text not null,
  content       jsonb not null,
  created_at    timestamptz not null,
  due_at        timestamptz not null,          -- not before: grouping, quiet hours, back-off
  batch         uuid,                          -- what went out together, and goes out together again
  attempts      integer not null default 0,
  error         text,
  delivered_at  timestamptz,
  primary key (site, id)
);
create index alert_delivery_waiting on alert_delivery (channel, created_at, revision, id) where delivered_at is null;
create index alert_delivery_of_batch on alert_delivery (batch) where delivered_at is null and batch is not null;
create index alert_delivery_of_alert on alert_delivery (site, alert, revision);
create index alert_delivery_done on alert_delivery (delivered_at) where delivered_at is not null;

-- How a channel is doing, whoever serves it.
create table alert_channel (
  channel        text primary key,
  delivered      bigint not null default 0,
  failures       bigint not null default 0,
  delivered_at   timestamptz,
  failing_since  timestamptz,
  error          text                        -- of the last try: of a mail that was taken, whom it was not taken for
);

-- What `tallygate verify` found last at each site.
create table verification (
  site         text primary key,
  verified_at  timestamptz not null,
  from_offset  bigint not null,
  to_offset    bigint not null,
  differences  jsonb not null
);

-- Looked at every few seconds from now on.
create index discrepancy_open_of_kind on discrepancy (site, kind, severity) where state = 'open';
create index quarantine_by_last on quarantine (last_at);

-- Holes in what gateways have sent. They may still fill, unless the gateway has begun another epoch and not come back to this
-- one: then it has lost its outbox, and what was missing is given up.
create view hole as
select s.site, s.gateway, s.epoch, lower(missing) as from_seq, upper(missing) - 1 as to_seq, upper(missing) - lower(missing) as envelopes,
       s.last_at, next.given_up_at
from stream s
cross join lateral unnest(int8multirange(int8range(1, (select max(upper(r)) from unnest(s.received) as r))) - s.received) as missing
cross join lateral (
  select min(n.created_at) as given_up_at from stream n
  where n.site = s.site and n.gateway = s.gateway and n.stream <> s.stream and n.received is not null and n.created_at >= s.last_at
) next
where s.received is not null and s.received <> '{}';
