-- Marks that were made while something was posted for a time before them, which they may not have in them. While it runs nothing is posted.
-- $1 site  $2 posted after this offset
delete from stock_mark m
using (
  select p.sku, min(p.happened_at) as at
  from transaction t
  join posting p on p.site = t.site and p.transaction_id = t.id and p.happened_at = t.happened_at
  where t.site = $1 and t.journal_offset > $2
  group by p.sku
) u
where m.site = $1 and m.sku = u.sku and m.at >= u.at
