-- What has been in these locations since before a time. What is inside a container counts with it.
-- $1 site  $2 locations  $3 since before  $4 so many at least
select i.location, count(*) as items, min(i.since) as oldest, (array_agg(i.epc order by i.since))[1:5] as epcs, max(i.confidence) as confidence
from item i
where i.site = $1 and i.location = any ($2) and i.since < $3 and i.kind <> 'unknown' and i.container is null
group by i.location
having count(*) >= $4
order by i.location
