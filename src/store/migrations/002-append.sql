-- The one way into the journal. One round trip, one commit: offsets are handed out under the sites' row locks, sites in
-- sorted order, so they are gapless, in commit order, and two appenders never deadlock.
--
-- One element of each array is one delivery, in order of arrival. kind 0 is a message that is quarantined: its sequence
-- number counts as received and its digest is remembered, but it gets no offset. `contents` holds all contents back to back.
--
-- Returns one row a delivery, in the same order: 'fresh' with its offset, 'duplicate', or 'conflict' (same stream and
-- sequence, other bytes); and `through`, the receipt of its stream: everything up to it is durable, quarantined or lost.
--
-- Gaps tell the truth: what comes in the same commit was never lost, what comes after all is lost no longer, and a gateway
-- cannot say of numbers beyond the one it sends that they will never come.
create function append_journal(
  sites        text[],
  received_ms  double precision[],
  kinds        smallint[],
  streams      integer[],
  seqs         bigint[],
  oldests      bigint[],
  digests      bigint[],
  lengths      integer[],
  contents     bytea
) returns table (verdict text, journal_offset bigint, received_at timestamptz, through bigint)
language plpgsql as $$
#variable_conflict use_column
begin
  perform 1 from journal_head where site = any (sites) order by site for update;

  -- What was on its way when it was given up: the gap shrinks to what is still missing.
  with came as (
    select s.site, s.gateway, s.epoch, range_agg(int8range(u.seq, u.seq, '[]')) as these
    from unnest(sites, streams, seqs) as u (site, stream, seq) join stream s using (site, stream)
    where s.received is not null group by s.site, s.gateway, s.epoch
  ), filled as (
    delete from gap g using came c
    where (g.site, g.gateway, g.epoch) = (c.site, c.gateway, c.epoch) and g.from_seq is not null
      and int8range(g.from_seq, g.to_seq, '[]') && c.these
    returning g.site, g.gateway, g.epoch, g.from_seq, g.to_seq, g.noticed_at, c.these
  )
  insert into gap (site, gateway, epoch, from_seq, to_seq, lost, noticed_at)
  select f.site, f.gateway, f.epoch, lower(rest), upper(rest) - 1, upper(rest) - lower(rest), f.noticed_at
  from filled f cross join lateral unnest(int8multirange(int8range(f.from_seq, f.to_seq, '[]')) - f.these) as rest
  on conflict do nothing;

  -- What a gateway no longer holds will never come: the hole is recorded, and the receipt may pass it.
  insert into gap (site, gateway, epoch, from_seq, to_seq, lost)
  select s.site, s.gateway, s.epoch, lower(hole), upper(hole) - 1, upper(hole) - lower(hole)
  from (select site, stream, max(case when oldest is not null then least(oldest, seq) end) as oldest,
               range_agg(int8range(seq, seq, '[]')) as these
        from unnest(sites, streams, seqs, oldests) as u (site, stream, seq, oldest) group by site, stream) as told
  join stream s using (site, stream)
  cross join lateral unnest(int8multirange(int8range(1, told.oldest)) - s.received - told.these) as hole
  where s.received is not null and told.oldest > 1
  on conflict do nothing;

  update stream s
  set received = s.received + told.these + case when told.oldest > 1 then int8multirange(int8range(1, told.oldest)) else '{}' end,
      last_at = now()
  from (select site, stream, range_agg(int8range(seq, seq, '[]')) as these,
               max(case when oldest is not null then least(oldest, seq) end) as oldest
        from unnest(sites, streams, seqs, oldests) as u (site, stream, seq, oldest) group by site, stream) as told
  where (s.site, s.stream) = (told.site, told.stream) and s.received is not null;

  return query
  with input as (
    select u.*, sum(u.length) over (order by u.n) - u.length as start
    from unnest(sites, received_ms, kinds, streams, seqs, digests, lengths)
         with ordinality as u (site, received_ms, kind, stream, seq, digest, length, n)
  ), known as (
    select i.*, case when i.seq <= s.forgotten_to then i.digest else d.digest end as old_digest,
           row_number() over same_key as nth, first_value(i.digest) over same_key as first_digest
    from input i
    join stream s on (s.site, s.stream) = (i.site, i.stream)
    left join delivery d on (d.site, d.stream, d.seq) = (i.site, i.stream, i.seq)
    window same_key as (partition by i.site, i.stream, i.seq order by i.n)
  ), fresh as (
    select k.*,
           case when k.kind = 0 then 0
                else h.next_offset - 1 + count(*) filter (where k.kind <> 0) over in_order end as new_offset,
           greatest(h.received_at, max(to_timestamp(k.received_ms / 1000)) over in_order) as at
    from known k join journal_head h on h.site = k.site
    where k.old_digest is null and k.nth = 1
    window in_order as (partition by k.site order by k.n)
  ), deliveries as (
    insert into delivery (site, stream, seq, digest, journal_offset)
    select f.site, f.stream, f.seq, f.digest, f.new_offset from fresh f
  ), rows as (
    insert into journal (site, journal_offset, received_at, kind, stream, seq, content)
    select f.site, f.new_offset, f.at, f.kind, f.stream, f.seq, substring(contents from f.start::int + 1 for f.length)
    from fresh f where f.kind <> 0
  ), heads as (
    update journal_head h set next_offset = last.new_offset + 1, received_at = last.at
    from (select f.site, max(f.new_offset) as new_offset, max(f.at) as at from fresh f where f.kind <> 0 group by f.site) as last
    where h.site = last.site
  )
  select case when f.n is not null then 'fresh'
              when coalesce(k.old_digest, k.first_digest) = k.digest then 'duplicate'
              else 'conflict' end,
         f.new_offset, f.at,
         (select case when lower(r) <= 1 then upper(r) - 1 else 0 end
          from stream s cross join lateral unnest(s.received) as r
          where (s.site, s.stream) = (k.site, k.stream) order by lower(r) limit 1)
  from known k left join fresh f on f.n = k.n
  order by k.n;
end $$;
