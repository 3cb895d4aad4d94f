-- Measures by ten seconds too, summed as they are written: a question in tens of seconds reads a row a minute, however often a device
-- measures. What antennas read is kept by ten seconds as it is.

create table measure_ten_seconds (
  site    text not null,
  device  text not null,
  name    text not null,
  unit    text not null,               -- '' for none
  at      timestamptz not null,        -- start of the minute
  tens    double precision[] not null, -- of each of its tens of seconds: count, sum, min and max; 0, 0, Infinity and -Infinity when there are none
  primary key (site, device, name, unit, at)
) partition by range (at);

create or replace function ensure_partition(parent text, at timestamptz) returns boolean
language plpgsql security definer as $$
declare
  unit text := case when parent in ('journal', 'measure', 'read_rate', 'measure_ten_seconds', 'measure_minute', 'read_rate_minute') then 'day'
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
select ensure_partition('measure_ten_seconds', d.day) from (select distinct at::date::timestamptz as day from measure) d;

with ten as (
  select site, device, name, coalesce(unit, '') as unit, date_bin('10 seconds', at, '1970-01-01Z') as at,
         count(*) as count, sum(value) as sum, min(value) as min, max(value) as max
  from measure group by 1, 2, 3, 4, 5
), minute as (
  select distinct site, device, name, unit, date_bin('1 minute', at, '1970-01-01Z') as at from ten
)
insert into measure_ten_seconds (site, device, name, unit, at, tens)
select m.site, m.device, m.name, m.unit, m.at,
       array_agg(case part when 1 then coalesce(t.count, 0) when 2 then coalesce(t.sum, 0) when 3 then coalesce(t.min, 'Infinity')
                           else coalesce(t.max, '-Infinity') end order by n, part)
from minute m
cross join generate_series(0, 5) as n
cross join generate_series(1, 4) as part
left join ten t on t.site = m.site and t.device = m.device and t.name = m.name and t.unit = m.unit and t.at = m.at + n * interval '10 seconds'
group by 1, 2, 3, 4, 5;
