-- The alerts that may still change by themselves: those that are not resolved, and of each thing the last one that may be
-- re-opened, or whose cause has not ended yet.
-- $1 site  $2 resolved after
select a.* from alert a where a.site = $1 and a.state <> 'resolved'
union all
select * from (
  select distinct on (a.kind, a.subject) a.* from alert a
  where a.site = $1 and a.state = 'resolved' and (a.state_at > $2 or a.cleared_at is null)
  order by a.kind, a.subject, a.opened_at desc, a.state_at desc
) resolved
