-- $1 site  $2 after this offset  $3 at most so many
select j.site, j.journal_offset, j.received_at, j.kind, s.gateway, j.content
from journal j join stream s using (site, stream)
where j.site = $1 and j.journal_offset > $2
order by j.journal_offset
limit $3
