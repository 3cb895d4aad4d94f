-- What is known of stock without tags that something speaks against, one row a SKU and bin, as of a time: a picker found less, more was
-- taken than the books had (there or elsewhere), or nobody bought it for long. A count or correction of it begins anew.
-- $1 site  $2 as of  $3 locations that hold stock  $4 whether days without a sale alone make a record doubtful  $5 SKU or null
with told as (
  select d.kind, d.sku, d.location, d.happened_at
  from discrepancy d
  where d.site = $1 and d.kind in ('short-pick', 'negative-balance') and d.sku is not null and d.location = any ($3)
    and d.happened_at <= $2 and d.happened_at > $2::timestamptz - interval '180 days' and ($5::text is null or d.sku = $5)
    and (d.kind = 'negative-balance' or d.settled_at is null or d.settled_at > $2)
), sold as (
  select sku, max(day) as last_day, count(*)::double precision / (max(day) - min(day) + 1) as sells_on
  from flow
  where site = $1 and shipped > 0 and ($4 or sku in (select sku from told)) and day <= ($2::timestamptz at time zone 'UTC')::date
    and day > ($2::timestamptz at time zone 'UTC')::date - 120 and ($5::text is null or sku = $5)
  group by sku
  having count(*) >= 4 and ($2::timestamptz at time zone 'UTC')::date - max(day) >= 3
), suspect as (
  select sku from told union select sku from sold
), later as ( -- what moved since, to be taken off what is there now
  select sku, location, sum(quantity) as quantity
  from (
    select p.sku, p.to_location as location, p.quantity from posting p
    where p.site = $1 and p.sku in (select sku from suspect) and p.happened_at > $2 and p.epc is null
    union all
    select p.sku, p.from_location, -p.quantity from posting p
    where p.site = $1 and p.sku in (select sku from suspect) and p.happened_at > $2 and p.epc is null
  ) moved
  where location = any ($3)
  group by sku, location
), present as (
  select b.sku, b.location, sum(b.quantity) - coalesce((
           select count(*) from item i where i.site = $1 and i.sku = b.sku and i.location = b.location and i.kind = 'item'
         ), 0) as quantity
  from balance b
  where b.site = $1 and b.location = any ($3) and b.quantity <> 0 and b.sku in (select sku from suspect)
  group by b.sku, b.location
), plain as (
  select sku, location, coalesce(n.quantity, 0) - coalesce(l.quantity, 0) as quantity,
         count(*) filter (where coalesce(n.quantity, 0) - coalesce(l.quantity, 0) > 0) over (partition by sku) as bins
  from present n full join later l using (sku, location)
), record as (
  select p.sku, p.location, p.quantity, p.bins
  from plain p
  where p.quantity > 0
), counted as (
  select r.sku, r.location, max(t.counted_at) as at
  from record r
  join count_task t on t.site = $1 and t.location = r.location and t.state = 'closed' and t.counted_at <= $2
  join count_plan c on c.site = t.site and c.count_id = t.count_id and (c.skus = '[]' or c.skus ? r.sku)
  group by r.sku, r.location
), posted as (
  select r.sku, r.location, min(p.happened_at) as first_at,
         max(p.happened_at) filter (where t.type in ('adjust', 'count')) as corrected_at
  from record r
  join posting p on p.site = $1 and p.sku = r.sku and p.happened_at <= $2 and p.happened_at > $2::timestamptz - interval '365 days'
    and r.location in (p.from_location, p.to_location)
  join transaction t on t.site = p.site and t.id = p.transaction_id and t.happened_at = p.happened_at
  group by r.sku, r.location
), outcome as (
  select l.sku, count(*) as counts, count(*) filter (where l.counted < l.expected and not l."isWithin") as short
  from count_task t
  cross join lateral jsonb_to_recordset(t.lines) as l (sku text, expected numeric, counted numeric, "isWithin" boolean)
  where t.site = $1 and t.state = 'closed' and t.counted_at <= $2 and t.counted_at > $2::timestamptz - interval '365 days'
  group by l.sku
), of_site as (select coalesce(sum(counts), 0) as counts, coalesce(sum(short), 0) as short from outcome),
reported as ( -- reports of pickers after which the bin was counted or corrected: right when that took something out of it
  select count(*) as reports, count(*) filter (where exists (
           select from posting p
           join transaction t on t.site = p.site and t.id = p.transaction_id and t.happened_at = p.happened_at and t.type in ('adjust', 'count')
           where p.site = d.site and p.sku = d.sku and p.from_location = d.location
             and p.happened_at >= d.happened_at and p.happened_at <= d.settled_at + interval '1 minute'
         )) as right_ones
  from discrepancy d
  where d.site = $1 and d.kind = 'short-pick' and d.settlement like 'the bin was counted%' and d.settled_at <= $2
    and d.happened_at > $2::timestamptz - interval '365 days'
),
standing as (
  select r.*, greatest(c.at, p.corrected_at) as checked_at, coalesce(greatest(c.at, p.corrected_at), p.first_at) as since
  from record r left join counted c using (sku, location) left join posted p using (sku, location)
), spoken as (
  select s.*,
         coalesce(sum((d.kind = 'short-pick' and d.location = s.location)::integer), 0) as short_picks,
         max(d.happened_at) filter (where d.kind = 'short-pick' and d.location = s.location) as short_at, max(d.happened_at) as told_at,
         coalesce(sum((d.kind = 'negative-balance' and d.location = s.location)::integer), 0) as negative_here,
         coalesce(sum((d.kind = 'negative-balance' and d.location <> s.location)::integer), 0) as negative_elsewhere
  from standing s
  left join told d on d.sku = s.sku and (s.checked_at is null or d.happened_at > s.checked_at)
  group by s.sku, s.location, s.quantity, s.bins, s.checked_at, s.since
)
select s.sku, s.location, s.quantity, s.since, s.checked_at is not null as is_counted, coalesce(o.counts, 0) as counts,
       coalesce(o.short, 0) as counted_short, f.counts as site_counts, f.short as site_counted_short, r.reports as site_reports, r.right_ones as site_reports_right, s.short_picks, s.short_at,
       s.negative_here, s.negative_elsewhere,
       coalesce((
         select count(*) from posting p
         where p.site = $1 and p.sku = s.sku and p.happened_at > s.told_at and p.happened_at <= $2 and p.from_location = s.location
           and p.epc is null
       ), 0) as taken_since,
       case when s.bins = 1 then ($2::timestamptz at time zone 'UTC')::date - greatest(g.last_day, (s.checked_at at time zone 'UTC')::date) end as gap_days,
       g.sells_on
from spoken s
cross join of_site f
cross join reported r
left join outcome o on o.sku = s.sku
left join sold g on g.sku = s.sku
where s.short_picks + s.negative_here + s.negative_elsewhere > 0 or ($4 and s.bins = 1 and g.sku is not null)
order by s.sku, s.location
