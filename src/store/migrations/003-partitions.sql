-- Partitions by time are made when they are needed, also by the role that may not create tables.

-- Makes the partition of `parent` that holds `at` (a UTC day or month) unless it is there. True when it was made.
create function ensure_partition(parent text, at timestamptz) returns boolean
language plpgsql security definer as $$
declare
  unit text := case when parent in ('journal', 'measure', 'read_rate') then 'day'
                    when parent in ('transaction', 'posting') then 'month' end;
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
