-- See migrations/002-append.sql.
select verdict, journal_offset, received_at, through
from append_journal($1::text[], $2::double precision[], $3::smallint[], $4::integer[], $5::bigint[], $6::bigint[], $7::bigint[],
                    $8::integer[], $9::bytea)
