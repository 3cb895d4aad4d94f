-- $1 site, $2 ended no earlier (when they were to be over), $3 began no later, $4 were waited for then or later
select appointment_id as id, door, direction, from_at, to_at, inbound, load_id, carrier, note,
       case when state = 'cancelled' then changed_at else arrived_at end as ended_at
from appointment
where site = $1 and to_at >= $2::timestamptz and from_at < $3::timestamptz
  and coalesce(case when state = 'cancelled' then changed_at else arrived_at end, 'infinity') >= $4::timestamptz
order by from_at, appointment_id
