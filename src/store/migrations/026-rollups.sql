-- Telemetry by the minute and by the hour, summed as it is written, so that a year of it is a few rows away and outlives what it was made
-- of; and which tags antennas heard, as sets that can be united: how many different ones there were in any time.

create table measure_minute (
  site    text not null,
  device  text not null,
  name    text not null,
  unit    text not null,             -- '' for none
  at      timestamptz not null,      -- start of the minute
  count   bigint not null,
  sum     double precision not null,
  min     double precision not null,
  max     double precision not null,
  primary key (site, device, name, unit, at)
) partition by range (at);
create table measure_hour (like measure_minute, primary key (site, device, name, unit, at)) partition by range (at);

-- A tag sets one of 1,024 bits: n tags leave a share of exp(-n / 1,024) of them unset (linear counting).
alter table read_rate add tags bit(1024);
create table read_rate_minute (like read_rate, primary key (site, reader, antenna, at)) partition by range (at);
create table read_rate_hour (like read_rate, primary key (site, reader, antenna, at)) partition by range (at);

create or replace function ensure_partition(parent text, at timestamptz) returns boolean
language plpgsql security definer as $$
declare
  unit text := case when parent in ('journal', 'measure', 'read_rate', 'measure_minute', 'read_rate_minute') then 'day'
                    when parent in ('transaction', 'posting', 'measure_hour', 'read_rate_hour') then 'month' end;
  since timestamp := date_trunc(unit, at at time zone 'UTC');
  until timestamp := since + ('1 ' || unit)::interval;
  place text := (select relnamespace::regnamespace::text from pg_class where oid = parent::regclass);
  partition text := parent || '_' || to_char(since, case unit when 'day' then 'YYYYMMDD' else 'YYYYMM' end);
begin
  if unit is null then raise exception 'ensure_partition: % is not partitioned by time', parent; end if;
  if to_regclass(place || '.' || partition) is not null then return false; end if;
  execute format('create table %s.%I partition of %s.%I for values from (%L) to (%L)',
                 place, partition, place, parent, since::text || '+00', until::text || '+00');
  return true;
exception when duplicate_table or unique_violation then return false; -- somebody else made it meanwhile
end $$;

-- What is there already.
select ensure_partition(t.parent, d.day)
from (select distinct at::date::timestamptz as day from (select at from measure union all select at from read_rate) s) d
cross join unnest(array['measure_minute', 'measure_hour', 'read_rate_minute', 'read_rate_hour']) as t (parent);

insert into measure_minute (site, device, name, unit, at, count, sum, min, max)
select site, device, name, coalesce(unit, ''), date_bin('1 minute', at, '1970-01-01Z'), count(*), sum(value), min(value), max(value)
from measure group by 1, 2, 3, 4, 5;
insert into measure_hour (site, device, name, unit, at, count, sum, min, max)
select site, device, name, unit, date_bin('1 hour', at, '1970-01-01Z'), sum(count), sum(sum), min(min), max(max)
from measure_minute group by 1, 2, 3, 4, 5;
insert into read_rate_minute (site, reader, antenna, at, reads, with_rssi, rssi_sum, rssi_max)
select site, reader, antenna, date_bin('1 minute', at, '1970-01-01Z'), sum(reads), sum(with_rssi), sum(rssi_sum), max(rssi_max)
from read_rate group by 1, 2, 3, 4;
insert into read_rate_hour (site, reader, antenna, at, reads, with_rssi, rssi_sum, rssi_max)
select site, reader, antenna, date_bin('1 hour', at, '1970-01-01Z'), sum(reads), sum(with_rssi), sum(rssi_sum), max(rssi_max)
from read_rate_minute group by 1, 2, 3, 4;
