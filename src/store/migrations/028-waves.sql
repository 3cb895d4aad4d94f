-- How lists are picked: by whom together, into which totes, and what of a batch was sorted.

alter table pick_list
  add column method text not null default 'line' check (method in ('line', 'single', 'batch', 'cluster', 'zone')),
  add column wave text,                                  -- what the lists of one release have in common
  add column zone text,                                  -- of a wave by zones
  add column totes jsonb not null default '[]';          -- of a cluster: [{order, tote}]
alter table base_pick_list
  add column method text not null default 'line',
  add column wave text,
  add column zone text,
  add column totes jsonb not null default '[]';
create index pick_list_of_wave on pick_list (site, wave) where wave is not null;

alter table pick_line add column sorted numeric not null default 0;
alter table base_pick_line add column sorted numeric not null default 0;

alter table job drop constraint job_kind_check;
alter table job add constraint job_kind_check
  check (kind in ('putaway', 'replenish', 'pick', 'sort', 'count', 'pack', 'load', 'approve'));
