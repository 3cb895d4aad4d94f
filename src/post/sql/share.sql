-- $1 the lock that each process shares  $2 sites[]  $3 the locks of those sites
with held as (
  -- A lock's 64-bit key is in two halves.
  select (classid::bigint << 32) | objid::bigint as key, mode
  from pg_locks
  where locktype = 'advisory' and objsubid = 1 and granted
    and database = (select oid from pg_database where datname = current_database())
)
select (select count(*) from held where key = hashtextextended($1, 0) and mode = 'ShareLock') as processes,
       (select coalesce(array_agg(u.site order by u.site), '{}')
        from unnest($2::text[], $3::text[]) as u (site, lock)
        where not exists (select from held where key = hashtextextended(u.lock, 0))) as free
