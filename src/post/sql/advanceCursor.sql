-- Compare and set: only who derived everything up to $2 may go on to $3.
-- $1 site  $2 from  $3 to
update cursor set journal_offset = $3, summed_offset = $3, recorded_at = now() where site = $1 and journal_offset = $2
