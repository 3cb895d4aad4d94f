-- Which return each movement that is told is of; one that brought nothing after all is of none.
-- $1 site  $2 transactions  $3 returns, null of none  $4 lines  $5 quantities  $6 offsets
with told as (
  select * from unnest($2::uuid[], $3::text[], $4::text[], $5::numeric[], $6::bigint[]) as u (transaction_id, return_id, line, quantity, journal_offset)
), gone as (
  delete from announced_return_arrival a using told u where (a.site, a.transaction_id) = ($1, u.transaction_id) and u.return_id is null
)
insert into announced_return_arrival (site, transaction_id, return_id, line, quantity, journal_offset)
select $1, transaction_id, return_id, line, quantity, journal_offset from told where return_id is not null
on conflict (site, transaction_id) do update
set return_id = excluded.return_id, line = excluded.line, quantity = excluded.quantity, journal_offset = excluded.journal_offset
