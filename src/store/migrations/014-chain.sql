-- A hash chain over the ledger of each site, so that nobody rewrites history unnoticed, not even who owns the tables: every commit
-- that posts transactions adds a link, made of the link before and of all that it posts. What was changed since does not give its
-- link any more; who makes all links anew does not get the heads that somebody kept elsewhere.

create table chain (
  site            text not null,
  journal_offset  bigint not null,             -- covers the transactions after the link before, up to here
  transactions    bigint not null,             -- in the whole chain, up to here
  hash            bytea not null,
  recorded_at     timestamptz not null,
  primary key (site, journal_offset)
);

create trigger chain_is_append_only before update or delete on chain for each row execute function refuse_change();
create trigger chain_is_not_truncated before truncate on chain execute function refuse_change();

-- Digests are taken of bytes that no setting of a session changes. As an array of bytes each value keeps its length, so nothing
-- moves from one column into the next, and null is not ''. These are the same functions when posting and when verifying. A column
-- that is added to a table later must come into its digest, for links from then on.

create function posting_digest(p posting) returns bytea language sql stable parallel safe
return sha256(array_send(array[
  bytea 'posting', convert_to(p.site, 'UTF8'), uuid_send(p.transaction_id), int2send(p.line), timestamptz_send(p.happened_at),
  timestamptz_send(p.recorded_at), convert_to(p.sku, 'UTF8'), convert_to(p.lot, 'UTF8'), convert_to(p.owner, 'UTF8'),
  convert_to(p.epc, 'UTF8'), numeric_send(p.quantity), convert_to(p.from_location, 'UTF8'), convert_to(p.from_container, 'UTF8'),
  convert_to(p.from_status, 'UTF8'), convert_to(p.to_location, 'UTF8'), convert_to(p.to_container, 'UTF8'), convert_to(p.to_status, 'UTF8')
]));

-- `lines`: the digests of its postings, in order.
create function transaction_digest(t transaction, lines bytea[]) returns bytea language sql stable parallel safe
return sha256(array_send(array[
  bytea 'transaction', convert_to(t.site, 'UTF8'), uuid_send(t.id), timestamptz_send(t.happened_at), timestamptz_send(t.recorded_at),
  int8send(t.journal_offset), int4send(t.ordinal), convert_to(t.type, 'UTF8'), convert_to(t.source, 'UTF8'), float4send(t.confidence),
  convert_to(t.epc, 'UTF8'), convert_to(t.sku, 'UTF8'), convert_to(t.lot, 'UTF8'), convert_to(t.owner, 'UTF8'), numeric_send(t.quantity),
  convert_to(t.container, 'UTF8'), convert_to(t.from_location, 'UTF8'), convert_to(t.to_location, 'UTF8'), convert_to(t.read_point, 'UTF8'),
  uuid_send(t.decision), int4send(t.decision_revision), uuid_send(t.supersedes), convert_to(t.actor, 'UTF8'), convert_to(t.reason, 'UTF8'),
  array_send(lines)
]));

-- `previous`: the hash of the link before, null for the first one. `digests`: of the transactions that the link covers, in order.
create function link_hash(previous bytea, site text, journal_offset bigint, transactions bigint, recorded_at timestamptz, digests bytea[])
returns bytea language sql stable parallel safe
return sha256(array_send(array[
  bytea 'link', previous, convert_to(site, 'UTF8'), int8send(journal_offset), int8send(transactions), timestamptz_send(recorded_at),
  array_send(digests)
]));

-- The digest of every transaction as it stands in the ledger now.
create view ledger_digest as
select t.site, t.journal_offset, t.ordinal, transaction_digest(t, l.digests) as digest
from transaction t
cross join lateral (
  select array_agg(posting_digest(p) order by p.line) as digests
  from posting p where p.site = t.site and p.transaction_id = t.id and p.happened_at = t.happened_at
) l;

-- Adds a link over the next transactions that have none, about a thousand, for a value in Postgres is at most 1 GB: how many they
-- are, null when there are none. For what was posted before there was a chain, or by a release that knows of none.
create function chain_next(which text) returns bigint language sql
begin atomic
  with before as (
    select journal_offset, transactions, hash from chain where site = which order by journal_offset desc limit 1
  ), since as (
    select coalesce((select journal_offset from before), 0) as after
  ), next as (
    select max(journal_offset) as upto from (
      select t.journal_offset from transaction t
      where t.site = which and t.journal_offset > (select after from since) order by t.journal_offset limit 1000) t
  ), added as (
    select count(*) as count, coalesce((select transactions from before), 0) + count(*) as transactions,
           array_agg(d.digest order by d.journal_offset, d.ordinal) as digests
    from ledger_digest d
    where d.site = which and d.journal_offset > (select after from since) and d.journal_offset <= (select upto from next)
  )
  insert into chain (site, journal_offset, transactions, hash, recorded_at)
  select which, n.upto, a.transactions, link_hash((select hash from before), which, n.upto, a.transactions, now(), a.digests), now()
  from next n cross join added a where n.upto is not null
  returning (select count from added);
end;

-- All that was posted before is read once, by its indexes, while the service waits: 30 s for a million transactions that are in memory
-- (measured), longer from disk.
do $$
declare
  which text;
begin
  for which in select distinct site from transaction order by site loop
    while chain_next(which) is not null loop end loop;
  end loop;
end $$;
