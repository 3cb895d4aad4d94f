-- How far the ledger of a site is behind, and what waits there.  $1 site
select (select (h.next_offset - 1 - c.journal_offset)::double precision from journal_head h join cursor c using (site) where site = $1) as lag,
       p.undecided::double precision as undecided,
       coalesce(extract(epoch from now() - p.oldest), 0)::double precision as undecided_s,
       (select count(*)::double precision from quarantine where site = $1 and state = 'open') as quarantined,
       (select jsonb_array_length(differences)::double precision from verification where site = $1) as differences,
       (select count(*)::double precision from discrepancy where site = $1 and state = 'open') as discrepancies,
       (select count(*)::double precision from alert where site = $1 and state <> 'resolved') as alerts
from (select count(*) as undecided, min(last_at) as oldest from passage where site = $1 and outcome = 'undecided') p
