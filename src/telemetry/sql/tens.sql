-- Tens of seconds out of the minutes that have them, as a table like those of minutes and hours.  $7 first  $8 after the last
(
    select m.series, m.at + n * interval '10 seconds' as at,
           m.tens[4 * n + 1]::bigint as count, m.tens[4 * n + 2] as sum, m.tens[4 * n + 3] as min, m.tens[4 * n + 4] as max
    from series_ten_seconds m cross join generate_series(0, 5) as n
    where m.at >= date_bin('1 minute', $7::timestamptz, '1970-01-01Z') and m.at < $8 and m.tens[4 * n + 1] > 0
  ) as tens
