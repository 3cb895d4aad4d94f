-- Orders that named no site. Derived like the ledger from the site's journal, and committed with it.

-- Why it was given to this site, and the request that it is part of; null for one that named its site.
alter table customer_order add column sourcing jsonb;
alter table base_customer_order add column sourcing jsonb;
