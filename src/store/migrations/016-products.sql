-- Products of a site: what its SKUs are. Derived like the ledger from the site's journal, and committed with it.

create table product (
  site            text not null,
  sku             text not null,
  revision        integer not null,
  name            text not null,
  base_unit       text not null,
  packs           jsonb not null,
  length_mm       numeric,
  width_mm        numeric,
  height_mm       numeric,
  weight_g        numeric,
  unit_cost       numeric,
  currency        text,
  tracking        text not null check (tracking in ('none', 'lot', 'serial')),
  expires         boolean not null,
  hazard          text,
  temperature     text,
  velocity        text,
  fixed_bin       text,
  pick_minimum    numeric,
  pick_maximum    numeric,
  changed_at      timestamptz not null,
  journal_offset  bigint not null,
  recorded_at     timestamptz not null default now(),
  primary key (site, sku)
);
create index product_by_gtin on product using gin (packs jsonb_path_ops);

create table base_product (like product including defaults, primary key (site, sku));
