-- SKUs that were posted to after an offset, by transactions that were recorded long enough ago, and the offset up to which these are all.
-- $1 site  $2 after this offset  $3 recorded until  $4 so many transactions, and the rest of a row
with next as (
  select max(journal_offset) as upto from (
    select journal_offset from transaction where site = $1 and journal_offset > $2 and recorded_at <= $3 order by journal_offset limit $4
  ) t
)
select (select upto from next) as upto, array(
  select distinct p.sku
  from transaction t
  join posting p on p.site = t.site and p.transaction_id = t.id and p.happened_at = t.happened_at
  where t.site = $1 and t.journal_offset > $2 and t.journal_offset <= (select upto from next)
) as skus
