-- Of the next postings of a site by their key, which belong to no transaction? The last one that was looked at comes in any case.
-- $1 site  $2 transaction, $3 line and $4 time of the last one before  $5 at most so many
with next as (
  select transaction_id, line, happened_at, count(*) over () as looked_at, row_number() over () as nth
  from (
    select transaction_id, line, happened_at from posting
    where site = $1 and (transaction_id, line, happened_at) > ($2::uuid, $3::smallint, $4::timestamptz)
    order by transaction_id, line, happened_at limit $5) p
), looked as (
  select *, not exists (select from transaction t where t.site = $1 and t.id = n.transaction_id and t.happened_at = n.happened_at) as is_stray
  from next n
)
select transaction_id, line, to_jsonb(happened_at) #>> '{}' as happened_at, is_stray from looked where is_stray or nth = looked_at
order by transaction_id, line, happened_at
