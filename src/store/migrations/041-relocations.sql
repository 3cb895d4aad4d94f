-- Somebody says that goods are to lie in another bin: a task, and a job, of a kind of its own.
alter table task drop constraint task_kind_check;
alter table task add constraint task_kind_check check (kind in ('putaway', 'replenish', 'relocate'));

alter table job drop constraint job_kind_check;
alter table job add constraint job_kind_check
  check (kind in ('putaway', 'replenish', 'relocate', 'pick', 'sort', 'count', 'pack', 'load', 'approve'));
