-- What moved from or to a place, newest first, however long ago: without these it was looked for among all movements of the site, from the
-- newest on.
create index transaction_from on transaction (site, from_location, happened_at desc, id desc);
create index transaction_to on transaction (site, to_location, happened_at desc, id desc);
