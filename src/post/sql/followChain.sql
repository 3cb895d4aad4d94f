-- The next links of a site's chain: does each of them follow from the link before it, as that is stored, and from the transactions
-- that it covers, as they stand in the ledger now? Some at a time, so that no statement takes long.
-- $1 site  $2 offset, $3 transactions and $4 hash of the link before: 0, 0 and null before the first one  $5 up to this offset
-- $6 links and $7 transactions at most
with next as (
  select *, row_number() over o - 1 as nth, lag(journal_offset, 1, $2::bigint) over o as after,
         lag(transactions, 1, $3::bigint) over o as transactions_before, lag(hash, 1, $4::bytea) over o as hash_before,
         bool_and(transactions <= $3::bigint + $7::bigint) over o as is_within
  from (select * from chain where site = $1 and journal_offset > $2 and journal_offset <= $5 order by journal_offset limit $6) c
  window o as (order by journal_offset)
), link as materialized (
  select * from next where is_within or nth = 0
), covered as materialized (
  select width_bucket(journal_offset - 1, (select array_agg(l.journal_offset order by l.journal_offset) from link l)) as nth,
         count(*) as found, array_agg(digest order by journal_offset, ordinal) as digests
  from ledger_digest
  where site = $1 and journal_offset > $2 and journal_offset <= (select max(l.journal_offset) from link l)
  group by 1
)
select l.journal_offset, l.after, l.transactions, l.hash,
       coalesce(to_char(l.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), l.recorded_at::text) as recorded_at,
       l.transactions - l.transactions_before as posted, coalesce(c.found, 0) as found,
       l.transactions - l.transactions_before = coalesce(c.found, 0)
         and l.hash = link_hash(l.hash_before, $1, l.journal_offset, l.transactions, l.recorded_at, c.digests) as follows
from link l left join covered c using (nth)
order by l.journal_offset
