-- Takes what a channel is to be told now, the oldest first, and nobody else takes it for a while: whoever ends on the way leaves
-- it to be taken again. What an alert became is not told while what it was before still waits. What went together before goes
-- together again, all of it. To be called under the lock of the channel.
-- $1 channel  $2 sites  $3 now  $4 until  $5 limit  $6 id of a new batch, or null when each goes alone
with ready as (
  select d.site, d.id, d.batch, row_number() over (order by d.created_at, d.revision, d.id) as nth
  from alert_delivery d
  where d.channel = $1 and d.site = any ($2) and d.delivered_at is null and d.due_at <= $3
    and not exists (
      select from alert_delivery e
      where e.site = d.site and e.alert = d.alert and e.channel = d.channel and e.revision < d.revision
        and e.delivered_at is null and e.due_at > $3
    )
  order by d.created_at, d.revision, d.id
  limit $5
),
again as (select r.batch from ready r where r.nth = 1 and r.batch is not null),
taken as (
  select r.site, r.id from ready r where r.batch is null and not exists (select from again)
  union all
  select d.site, d.id from alert_delivery d join again a on a.batch = d.batch
  where d.channel = $1 and d.site = any ($2) and d.delivered_at is null
)
update alert_delivery d
set due_at = $4, attempts = d.attempts + 1, batch = coalesce(d.batch, $6)
from taken t
where (d.site, d.id) = (t.site, t.id)
returning d.site, d.id, d.content, d.attempts, d.created_at
