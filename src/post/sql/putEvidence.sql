-- Named by its content: found again after a late read, it is the same.
insert into evidence (site, id, revision, kind, scores, reads)
select $1, u.id, u.revision, u.kind, u.scores, u.reads
from unnest($2::uuid[], $3::integer[], $4::text[], $5::jsonb[], $6::bytea[]) as u (id, revision, kind, scores, reads)
on conflict do nothing
