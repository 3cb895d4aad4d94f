-- Takes what a channel is to be told now, and nobody else takes it for a while: whoever ends on the way leaves it to be taken
-- again. Together goes what went together before.
-- $1 channel  $2 sites  $3 now  $4 until  $5 limit  $6 id of the batch, or null when each goes alone
with due as (
  select d.site, d.id, d.batch from alert_delivery d
  where d.channel = $1 and d.site = any ($2) and d.delivered_at is null and d.due_at <= $3
  order by d.due_at, d.created_at, d.id
  limit $5
  for update skip locked
),
first as (select batch from due where batch is not null limit 1),
taken as (
  select site, id from due where $6::uuid is null or not exists (select 1 from first) or batch = (select batch from first)
)
update alert_delivery d
set due_at = $4, attempts = d.attempts + 1, batch = coalesce(d.batch, $6)
from taken t
where (d.site, d.id) = (t.site, t.id)
returning d.site, d.id, d.content, d.attempts, d.batch, d.created_at
