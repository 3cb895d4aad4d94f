-- What never arrived: holes in what a gateway has sent (they may still fill) first, then what was lost, the newest first. A hole
-- has no time of its own until it is given up, so that it keeps its place in the list however much its gateway sends.
-- $1 sites  $2 limit  $3 after this: time, $4 site, $5 gateway, $6 epoch, $7 sequence, $8 beginning; or nulls
with missing as (
  select h.site, h.gateway, h.epoch, case when h.given_up_at is null then 'open' else 'lost' end as state, h.from_seq, h.to_seq,
         h.envelopes as lost, null::timestamptz as from_at, null::timestamptz as to_at, coalesce(h.given_up_at, h.last_at) as noticed_at,
         coalesce(h.given_up_at, timestamptz '9999-12-31Z') as listed_at
  from hole h where h.site = any ($1)
  union all
  select g.site, g.gateway, g.epoch, 'lost', g.from_seq, g.to_seq, g.lost, g.from_at, g.to_at, g.noticed_at, g.noticed_at
  from gap g where g.site = any ($1)
),
listed as (
  select m.*, coalesce(m.from_seq, 0) as listed_seq, coalesce(m.from_at, timestamptz '1970-01-01Z') as began_at from missing m
)
select * from listed
where $3::timestamptz is null or listed_at < $3
   or (listed_at = $3 and (site, gateway, epoch, listed_seq, began_at) > ($4::text, $5::text, $6::text, $7::bigint, $8::timestamptz))
order by listed_at desc, site, gateway, epoch, listed_seq, began_at
limit $2
