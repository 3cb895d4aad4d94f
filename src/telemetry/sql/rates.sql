-- What antennas read in buckets: whole minutes or hours from their sums, the edges (or everything) from the ten seconds.
-- $1 site  $2 reader  $3 from  $4 to  $5 width of a bucket  $6 first summed  $7 after the last summed
with part as (
  select reader, antenna, at, reads, with_rssi, rssi_sum, rssi_max, tags
  from read_rate
  where site = $1 and ($2::text is null or reader = $2) and ((at >= $3 and at < $6) or (at >= $7 and at < $4))
  union all
  select reader, antenna, at, reads, with_rssi, rssi_sum, rssi_max, tags
  from read_rate_minute
  where site = $1 and ($2::text is null or reader = $2) and at >= $6 and at < $7
)
select reader, antenna, date_bin($5::interval, at, '1970-01-01Z') as at, sum(reads)::bigint as reads, sum(with_rssi)::bigint as with_rssi,
       sum(rssi_sum) as rssi_sum, max(rssi_max) as rssi_max, bit_count(bit_or(tags))::integer as tag_bits
from part
group by reader, antenna, 3
order by reader collate "C", antenna, 3
