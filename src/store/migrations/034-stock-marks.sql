-- Stock as it was at some instants of the past, SKU by SKU, so that what was there at any other is a few hundred postings away however long
-- the ledger is. Made beside the service of the postings alone, dropped by what is posted for a time before; where there is none, more
-- postings are read and the answer is the same. `verify` sums them anew.
create table stock_mark (
  site      text not null,
  sku       text not null,
  at        timestamptz not null,
  stock     jsonb not null,                  -- accounts that were not empty, after all that had happened by then
  is_first  boolean not null,                -- nothing had happened yet
  primary key (site, sku, at)
);
create index stock_mark_by_time on stock_mark (site, at);
create index stock_mark_first on stock_mark (site, sku, at) where is_first;

-- How far marks have been looked after.
create table stock_marked (
  site            text primary key,
  journal_offset  bigint not null,           -- what was posted up to here
  sku_after       text                       -- of all SKUs that there were then, those up to this one; null when all of them
);

-- What was recorded long after it happened, or before: as known at an instant it is told apart from the rest, which is in step.
create index posting_out_of_step on posting (site, sku, recorded_at)
where recorded_at - happened_at > interval '1 day' or happened_at - recorded_at > interval '1 day';
