-- What the books have in locations where nothing may be.  $1 site  $2 locations
select i.location, count(*) as items, max(i.since) as newest, (array_agg(i.epc order by i.since desc))[1:5] as epcs,
       (array_agg(i.confidence order by i.since desc))[1:5] as confidences
from item i
where i.site = $1 and i.location = any ($2)
group by i.location
order by i.location
