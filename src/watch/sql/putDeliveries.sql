-- $1 site  $2 ids  $3 channels  $4 contents  $5 created  $6 due  $7 which of the channels send what is waiting together
-- What is sent together waits no longer than the first of it.
insert into alert_delivery (site, id, channel, content, created_at, due_at)
select $1, u.id, u.channel, u.content::jsonb, $5,
       case when u.channel = any ($7) then least(u.due_at, (
         select min(d.due_at) from alert_delivery d
         where d.channel = u.channel and d.delivered_at is null and d.batch is null and d.due_at >= $5 and d.due_at <= u.due_at
       )) else u.due_at end
from unnest($2::uuid[], $3::text[], $4::text[], $6::timestamptz[]) as u (id, channel, content, due_at)
on conflict do nothing
