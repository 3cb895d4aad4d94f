-- The last link of each site's chain.
-- $1 sites  $2 limit  $3 after this site, or null
select h.* from unnest($1::text[]) as s (site)
cross join lateral (
  select c.site, c.journal_offset, c.transactions, encode(c.hash, 'hex') as hash, c.recorded_at
  from chain c where c.site = s.site order by c.journal_offset desc limit 1
) h
where $3::text is null or h.site > $3
order by h.site
limit $2
