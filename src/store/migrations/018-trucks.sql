-- Trucks have seals.

alter table outbound_load add column seals jsonb not null default '[]';
alter table base_outbound_load add column seals jsonb not null default '[]';
