-- The quick way into the journal, for what almost every commit is: deliveries that nobody has sent before, each stream going on where it
-- had ended. `append_journal` asks of every delivery what this asks of every stream, which costs it more than the rows themselves.
--
-- One element of each `of_` array is one delivery, in order of arrival; one of each of the others is a stream: its lowest and highest
-- sequence number here, between which nothing is left out if it counts, and the lowest that its gateway still holds (null: not told).
-- `of_streams` is the place of a delivery's stream in these arrays; `of_places` that of its row among those of its site, from 1 on, 0 for one
-- that is quarantined; `of_received_ms` never falls within a site. `rows` and `newest_ms` tell of each stream how many rows
-- it gets and when the last of them was received (null: none). `contents` holds all contents back to back, each from `of_starts` on.
--
-- Returns a row a stream, in their order: the offset before those of its site, when the row there was received, and the receipt of the stream.
-- Returns nothing, having changed nothing, when any of it is not as plain as that: then it is for `append_journal`.
create function append_fresh(
  sites           text[],
  streams         integer[],
  lowest          bigint[],
  highest         bigint[],
  oldest          bigint[],
  rows            integer[],
  newest_ms       double precision[],
  of_streams      integer[],
  of_received_ms  double precision[],
  of_kinds        smallint[],
  of_seqs         bigint[],
  of_digests      bigint[],
  of_places       integer[],
  of_starts       integer[],
  of_lengths      integer[],
  contents        bytea
) returns table (before bigint, received_at timestamptz, through bigint)
language plpgsql as $$
#variable_conflict use_column
declare
  befores    bigint[];
  times      timestamptz[];
  are_plain  boolean;
begin
  perform 1 from journal_head where site = any (sites) order by site for update;

  -- What is known of a number, lost or late, is for the other way; so is the first sign that something will never come.
  select array_agg(h.next_offset - 1 order by u.n), array_agg(h.received_at order by u.n),
         coalesce(bool_and(s.forgotten_to < u.lowest and (s.received is null or (
           not int8range(u.lowest, u.highest, '[]') && s.received
           and (u.oldest is null or u.oldest <= 1
                or int8multirange(int8range(1, u.oldest)) <@ (s.received + int8multirange(int8range(u.lowest, u.highest, '[]')))))
         )), false)
  into befores, times, are_plain
  from unnest(sites, streams, lowest, highest, oldest) with ordinality as u (site, stream, lowest, highest, oldest, n)
  join journal_head h using (site)
  join stream s using (site, stream);
  if not are_plain then return; end if;

  begin
    insert into delivery (site, stream, seq, digest, journal_offset)
    select sites[u.s], streams[u.s], u.seq, u.digest, case when u.place = 0 then 0 else befores[u.s] + u.place end
    from unnest(of_streams, of_seqs, of_digests, of_places) as u (s, seq, digest, place);
  exception when unique_violation then return;
  end;

  insert into journal (site, journal_offset, received_at, kind, stream, seq, content)
  select sites[u.s], befores[u.s] + u.place, greatest(times[u.s], to_timestamp(u.received_ms / 1000)), u.kind, streams[u.s], u.seq,
         substring(contents from u.start + 1 for u.length)
  from unnest(of_streams, of_received_ms, of_kinds, of_seqs, of_places, of_starts, of_lengths) as u (s, received_ms, kind, seq, place, start, length)
  where u.place > 0;

  update journal_head h
  set next_offset = h.next_offset + last.rows, received_at = greatest(h.received_at, to_timestamp(last.newest_ms / 1000))
  from (select site, sum(rows) as rows, max(newest_ms) as newest_ms from unnest(sites, rows, newest_ms) as u (site, rows, newest_ms) group by site) as last
  where h.site = last.site and last.rows > 0;

  return query
  with told as (
    update stream s set received = s.received + int8multirange(int8range(u.lowest, u.highest, '[]')), last_at = now()
    from unnest(sites, streams, lowest, highest) as u (site, stream, lowest, highest)
    where (s.site, s.stream) = (u.site, u.stream) and s.received is not null
    returning s.site, s.stream, s.received
  )
  select befores[u.n], times[u.n],
         (select case when lower(r) <= 1 then upper(r) - 1 else 0 end from unnest(t.received) as r order by lower(r) limit 1)
  from unnest(sites, streams) with ordinality as u (site, stream, n) left join told t using (site, stream)
  order by u.n;
end $$;
