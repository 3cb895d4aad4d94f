-- Transactions, their postings, and the link that chains them to what was posted before: made of the rows as they were stored, so
-- that nothing is read again. Only who holds the site's lock, and has moved its cursor, adds a link.
-- No "on conflict": the cursor lets nothing be posted twice, so an id that is there already is a defect and must be loud.
-- $1 site  $2 cursor after this batch  $3 to $23 transactions  $24 to $37 postings
with posted as (
  insert into transaction as t (site, id, happened_at, journal_offset, ordinal, type, source, confidence, epc, sku, lot, owner, quantity,
                                container, from_location, to_location, read_point, decision, decision_revision, supersedes, actor, reason)
  select $1, u.id, to_timestamp(u.happened_ms / 1000), u.journal_offset, u.ordinal, u.type, u.source, u.confidence, u.epc, u.sku,
         nullif(u.lot, ''), nullif(u.owner, ''), u.quantity, nullif(u.container, ''), u.from_location, u.to_location, u.read_point,
         u.decision, u.decision_revision, u.supersedes, u.actor, u.reason
  from unnest($3::uuid[], $4::double precision[], $5::bigint[], $6::integer[], $7::text[], $8::text[], $9::real[], $10::text[], $11::text[],
              $12::text[], $13::text[], $14::numeric[], $15::text[], $16::text[], $17::text[], $18::text[], $19::uuid[], $20::integer[],
              $21::uuid[], $22::text[], $23::text[])
       as u (id, happened_ms, journal_offset, ordinal, type, source, confidence, epc, sku, lot, owner, quantity, container, from_location,
             to_location, read_point, decision, decision_revision, supersedes, actor, reason)
  returning t as row
), lines as (
  insert into posting as p (site, transaction_id, line, happened_at, sku, lot, owner, epc, quantity, from_location, from_container,
                            from_status, to_location, to_container, to_status)
  select $1, u.transaction_id, u.line, to_timestamp(u.happened_ms / 1000), u.sku, u.lot, u.owner, u.epc, u.quantity, u.from_location,
         u.from_container, u.from_status, u.to_location, u.to_container, u.to_status
  from unnest($24::uuid[], $25::smallint[], $26::double precision[], $27::text[], $28::text[], $29::text[], $30::text[], $31::numeric[],
              $32::text[], $33::text[], $34::text[], $35::text[], $36::text[], $37::text[])
       as u (transaction_id, line, happened_ms, sku, lot, owner, epc, quantity, from_location, from_container, from_status, to_location,
             to_container, to_status)
  returning p.transaction_id as id, p.happened_at, p.line, posting_digest(p) as digest
), before as (
  select transactions, hash from chain where site = $1 order by journal_offset desc limit 1
), added as (
  select (select count(*) from posted) + coalesce((select transactions from before), 0) as transactions,
         array_agg(transaction_digest(t.row, l.digests) order by (t.row).journal_offset, (t.row).ordinal) as digests
  from posted t
  left join (select id, happened_at, array_agg(digest order by line) as digests from lines group by id, happened_at) l
    on l.id = (t.row).id and l.happened_at = (t.row).happened_at
)
insert into chain (site, journal_offset, transactions, hash, recorded_at)
select $1, $2, a.transactions, link_hash((select hash from before), $1, $2, a.transactions, now(), a.digests), now()
from added a
