-- What gateways last said of themselves.  $1 site
select gateway, online,
       case when jsonb_typeof(status -> 'backlog') = 'number' then (status ->> 'backlog')::double precision end as backlog,
       case when jsonb_typeof(status -> 'dropped') = 'number' then (status ->> 'dropped')::double precision end as dropped
from gateway where site = $1 order by gateway
