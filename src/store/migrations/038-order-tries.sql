-- An order that was given to a site, until that site has answered: asked again, it is looked for there and not given to another one. Kept
-- beside the ledger, and not derived; what it became stands in the journal of the site.
create table order_try (
  site      text not null,
  key       text not null,                     -- the Idempotency-Key of the command
  order_id  text not null,
  command   json not null,
  tried_at  timestamptz not null default now(),
  primary key (site, key)
);
create index order_try_of_order on order_try (order_id);
