-- Streams are numbered per site, under the site's row lock, so that two processes agree.

-- The number of the stream of a gateway (or device) in an epoch; made when it is new. `counts`: it numbers its messages.
create function ensure_stream(p_site text, p_gateway text, p_epoch text, counts boolean) returns integer
language plpgsql as $$
declare
  found_stream integer;
begin
  insert into journal_head (site) values (p_site) on conflict do nothing;
  select s.stream into found_stream from stream s where (s.site, s.gateway, s.epoch) = (p_site, p_gateway, p_epoch);
  if found_stream is not null then return found_stream; end if;
  perform 1 from journal_head h where h.site = p_site for update;
  insert into stream (site, stream, gateway, epoch, received)
  select p_site, coalesce(max(s.stream), 0) + 1, p_gateway, p_epoch, case when counts then '{}'::int8multirange end
  from stream s where s.site = p_site
  on conflict (site, gateway, epoch) do nothing;
  select s.stream into found_stream from stream s where (s.site, s.gateway, s.epoch) = (p_site, p_gateway, p_epoch);
  return found_stream;
end $$;
