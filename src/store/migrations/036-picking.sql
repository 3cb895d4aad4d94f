-- A line of a pick list of which something was taken counts as picked in the key figures, also when it was brought back since.
alter table pick_line add column was_picked boolean not null default false;
update pick_line set was_picked = true where picked > 0;
alter table base_pick_line add column was_picked boolean not null default false;
update base_pick_line set was_picked = true where picked > 0;

-- From which bin a product is taken first; null: as the rules of the site say.
alter table product add column rotation text check (rotation in ('fefo', 'fifo', 'lifo', 'nearest'));
alter table base_product add column rotation text check (rotation in ('fefo', 'fifo', 'lifo', 'nearest'));

-- What a return was shipped with: by its tag.
create index order_shipment_of_epc on order_shipment (site, epc, happened_at desc) where epc is not null;
