-- What a device measures under one name in one unit is a series with a number, and values and sums carry the number instead of four
-- texts: a third of the bytes, and half the time to write. `measure`, `measure_minute` and `measure_hour` are now views that read as the
-- tables did.

create table series (
  id      integer generated always as identity primary key,
  site    text not null,
  device  text not null,
  name    text not null,
  unit    text not null,               -- '' for none
  unique (site, device, name, unit)
);

-- No foreign keys here: checking one costs as much as writing the row, a series is never deleted, and its number comes from its row.
create table series_value (
  series          integer not null,
  at              timestamptz not null,
  value           double precision not null,
  journal_offset  bigint not null
) partition by range (at);
create index series_value_in_time on series_value (series, at);

create table series_ten_seconds (
  series  integer not null,
  at      timestamptz not null,        -- start of the minute
  tens    double precision[] not null, -- of each of its tens of seconds: count, sum, min and max; 0, 0, Infinity and -Infinity when there are none
  primary key (series, at)
) partition by range (at);

create table series_minute (
  series  integer not null,
  at      timestamptz not null,        -- start of the minute
  count   bigint not null,
  sum     double precision not null,
  min     double precision not null,
  max     double precision not null,
  primary key (series, at)
) partition by range (at);
create table series_hour (like series_minute, primary key (series, at)) partition by range (at);

create or replace function ensure_partition(parent text, at timestamptz) returns boolean
language plpgsql security definer as $$
declare
  unit text := case when parent in ('journal', 'series_value', 'series_ten_seconds', 'series_minute', 'read_rate', 'read_rate_minute') then 'day'
                    when parent in ('transaction', 'posting', 'series_hour', 'read_rate_hour') then 'month' end;
  -- Room on each page for the sums that are added to again and again.
  kept text := case when parent in ('series_ten_seconds', 'series_minute', 'series_hour') then ' with (fillfactor = 60)' else '' end;
  since timestamp := date_trunc(unit, at at time zone 'UTC');
  until timestamp := since + ('1 ' || unit)::interval;
  place text := (select relnamespace::regnamespace::text from pg_class where oid = parent::regclass);
  partition text := parent || '_' || to_char(since, case unit when 'day' then 'YYYYMMDD' else 'YYYYMM' end);
begin
  if unit is null then raise exception 'ensure_partition: % is not partitioned by time', parent; end if;
  if to_regclass(place || '.' || partition) is not null then return false; end if;
  execute format('create table %s.%I partition of %s.%I for values from (%L) to (%L)%s',
                 place, partition, place, parent, since::text || '+00', until::text || '+00', kept);
  return true;
exception when duplicate_table or unique_violation then return false; -- somebody else made it meanwhile
end $$;

-- What is there already. The sums reach further back than what they were made of.
insert into series (site, device, name, unit)
select site, device, name, unit from measure_hour
union select site, device, name, unit from measure_minute
union select site, device, name, coalesce(unit, '') from measure;

select ensure_partition('series_value', day) from (select distinct at::date::timestamptz as day from measure) d;
select ensure_partition('series_ten_seconds', day) from (select distinct at::date::timestamptz as day from measure_ten_seconds) d;
select ensure_partition('series_minute', day) from (select distinct at::date::timestamptz as day from measure_minute) d;
select ensure_partition('series_hour', day) from (select distinct at::date::timestamptz as day from measure_hour) d;

insert into series_value (series, at, value, journal_offset)
select s.id, m.at, m.value, m.journal_offset
from measure m join series s on s.site = m.site and s.device = m.device and s.name = m.name and s.unit = coalesce(m.unit, '');
insert into series_ten_seconds (series, at, tens)
select s.id, m.at, m.tens
from measure_ten_seconds m join series s on s.site = m.site and s.device = m.device and s.name = m.name and s.unit = m.unit;
insert into series_minute (series, at, count, sum, min, max)
select s.id, m.at, m.count, m.sum, m.min, m.max
from measure_minute m join series s on s.site = m.site and s.device = m.device and s.name = m.name and s.unit = m.unit;
insert into series_hour (series, at, count, sum, min, max)
select s.id, m.at, m.count, m.sum, m.min, m.max
from measure_hour m join series s on s.site = m.site and s.device = m.device and s.name = m.name and s.unit = m.unit;

drop table measure, measure_ten_seconds, measure_minute, measure_hour;

create view measure as
  select s.site, s.device, s.name, v.at, v.value, nullif(s.unit, '') as unit, v.journal_offset
  from series_value v join series s on s.id = v.series;
create view measure_minute as
  select s.site, s.device, s.name, s.unit, m.at, m.count, m.sum, m.min, m.max
  from series_minute m join series s on s.id = m.series;
create view measure_hour as
  select s.site, s.device, s.name, s.unit, h.at, h.count, h.sum, h.min, h.max
  from series_hour h join series s on s.id = h.series;
