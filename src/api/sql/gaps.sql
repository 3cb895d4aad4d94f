-- What never arrived: holes in what a gateway has sent (they may still fill) first, then what was said to be lost, the newest
-- first. A hole has no time of its own, so that it keeps its place in the list however much its gateway sends.
-- $1 sites  $2 limit  $3 after this: time, $4 site, $5 gateway, $6 epoch, $7 sequence, $8 beginning; or nulls
with hole as (
  select s.site, s.gateway, s.epoch, 'open' as state, lower(hole) as from_seq, upper(hole) - 1 as to_seq, upper(hole) - lower(hole) as lost,
         null::timestamptz as from_at, null::timestamptz as to_at, s.last_at as noticed_at, timestamptz '9999-12-31Z' as listed_at
  from stream s
  cross join lateral unnest(int8multirange(int8range(1, (select max(upper(r)) from unnest(s.received) as r))) - s.received) as hole
  where s.site = any ($1) and s.received is not null and s.received <> '{}'
  union all
  select g.site, g.gateway, g.epoch, 'lost', g.from_seq, g.to_seq, g.lost, g.from_at, g.to_at, g.noticed_at, g.noticed_at
  from gap g where g.site = any ($1)
),
listed as (
  select h.*, coalesce(h.from_seq, 0) as listed_seq, coalesce(h.from_at, timestamptz '1970-01-01Z') as began_at from hole h
)
select * from listed
where $3::timestamptz is null or listed_at < $3
   or (listed_at = $3 and (site, gateway, epoch, listed_seq, began_at) > ($4::text, $5::text, $6::text, $7::bigint, $8::timestamptz))
order by listed_at desc, site, gateway, epoch, listed_seq, began_at
limit $2
