-- How many transactions does no link cover, and which are the first? A link is committed with what it covers, so none at any moment.
-- $1 site  $2 how many are counted, and $3 named at most
with outside as (
  (select journal_offset, ordinal, id from transaction where site = $1 and journal_offset < 1 order by journal_offset, ordinal limit $2)
  union all
  (select journal_offset, ordinal, id from transaction
   where site = $1 and journal_offset > coalesce((select max(journal_offset) from chain where site = $1), 0)
   order by journal_offset, ordinal limit $2)
)
select journal_offset, id, count(*) over () as count from outside order by journal_offset, ordinal limit $3
