-- $1 site  $2 alert  $3 revision  $4 ids  $5 channels  $6 contents  $7 created  $8 due  $9 which of the channels send what is waiting together
-- What is sent together waits no longer than the first of it.
insert into alert_delivery (site, alert, revision, id, channel, content, created_at, due_at)
select $1, $2, $3, u.id, u.channel, u.content::jsonb, $7,
       case when u.channel = any ($9) then least(u.due_at, (
         select min(d.due_at) from alert_delivery d
         where d.channel = u.channel and d.delivered_at is null and d.batch is null and d.due_at >= $7 and d.due_at <= u.due_at
       )) else u.due_at end
from unnest($4::uuid[], $5::text[], $6::text[], $8::timestamptz[]) as u (id, channel, content, due_at)
on conflict do nothing
