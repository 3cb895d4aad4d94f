-- What a task brings to an order at once, and not to a bin: the line that waits for it.
alter table task add column order_id text, add column order_line text;
alter table base_task add column order_id text, add column order_line text;
