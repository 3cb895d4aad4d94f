-- What is no longer needed to tell doubles apart, once the journal up to an offset is gone.
-- $1 site  $2 offset
with through as (
  select s.site, s.stream, s.received is not null as counts,
         (select upper(r) - 1 from unnest(s.received) as r where lower(r) <= 1 order by lower(r) limit 1) as seq
  from stream s where s.site = $1
), gone as (
  delete from delivery d using through t
  where (d.site, d.stream) = (t.site, t.stream) and d.journal_offset <= $2 and (not t.counts or d.seq <= t.seq)
  returning d.stream, d.seq, t.counts
)
update stream s set forgotten_to = greatest(s.forgotten_to, f.seq)
from (select stream, max(seq) as seq from gone where counts group by stream) f
where s.site = $1 and s.stream = f.stream
