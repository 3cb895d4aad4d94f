-- See migrations/045-append-fresh.sql.
select before, received_at, through
from append_fresh($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::integer[], $7::double precision[],
                  $8::integer[], $9::double precision[], $10::smallint[], $11::bigint[], $12::bigint[], $13::integer[], $14::integer[],
                  $15::integer[], $16::bytea)
