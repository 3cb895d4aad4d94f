-- What is asked of a large ledger.

-- What moved from or to a place, newest first, however long ago: without these it was looked for among all movements of the site, from the
-- newest on.
create index transaction_from on transaction (site, from_location, happened_at desc, id desc);
create index transaction_to on transaction (site, to_location, happened_at desc, id desc);

-- For key figures: what came back, the parts of days at the ends of a period, and all of a receipt.
create index transaction_returned on transaction (site, epc, happened_at) where type = 'return';
create index posting_happened on posting using brin (happened_at) with (autosummarize = on);
create index docked_of_receipt on docked (site, coalesce(inbound, arrival::text), coalesce(receipt, 0));
