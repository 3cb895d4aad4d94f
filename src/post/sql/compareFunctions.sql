-- What of the functions of the chain is not in one schema as it is in the other? To be asked with a search path that has neither of
-- them, or the same would be written otherwise.
-- $1 schema  $2 other schema
with defined as (
  select pronamespace::regnamespace::text as place, proname as name, pg_get_functiondef(oid) as definition from pg_proc
  where proname in ('posting_digest', 'transaction_digest', 'link_hash')
  union all
  select relnamespace::regnamespace::text, relname, pg_get_viewdef(oid) from pg_class where relname = 'ledger_digest'
)
select name from defined where place in ($1, $2)
group by name having count(*) <> 2 or count(distinct replace(definition, $2 || '.', $1 || '.')) <> 1
order by name
