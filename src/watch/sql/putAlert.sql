-- $1 site  $2 id  $3 kind  $4 subject  $5 state  $6 severity  $7 confidence  $8 message  $9 suggestion  $10 evidence  $11 look
-- $12 times  $13 revision  $14 opened  $15 alarmed  $16 cleared  $17 snoozed until  $18 state at  $19 state by
insert into alert (site, id, kind, subject, state, severity, confidence, message, suggestion, evidence, look, times, revision,
                   opened_at, alarmed_at, cleared_at, snoozed_until, state_at, state_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
on conflict (site, id) do update
set state = excluded.state, severity = excluded.severity, confidence = excluded.confidence, message = excluded.message,
    suggestion = excluded.suggestion, evidence = excluded.evidence, look = excluded.look, times = excluded.times,
    revision = excluded.revision, alarmed_at = excluded.alarmed_at, cleared_at = excluded.cleared_at,
    snoozed_until = excluded.snoozed_until, state_at = excluded.state_at, state_by = excluded.state_by
