// Tasks of a site, beside the ledger, as they are after a batch.
import type { TaskEffect } from '../infer/taskEffects.ts';
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { columns, type EffectsBatch } from './batch.ts';

const PUT_TASKS = sqlFile(import.meta.url, 'sql/putTasks.sql');

export async function putTasks(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  // Of several states of one task within a batch the last one holds.
  const last = new Map<string, TaskEffect & { readonly offset: number }>();
  for (const { tasks, offset } of effects) for (const task of tasks) last.set(task.id, { ...task, offset });
  if (last.size === 0) return;
  await client.query({
    name: 'put-tasks',
    text: PUT_TASKS,
    values: [
      site,
      ...columns(
        [...last.values()],
        (t) => t.id,
        (t) => t.kind,
        (t) => t.sku,
        (t) => t.lot,
        (t) => t.owner,
        (t) => t.from,
        (t) => t.container,
        (t) => t.status,
        (t) => t.to ?? null,
        (t) => t.rule ?? null,
        (t) => t.reason,
        (t) => t.quantity,
        (t) => t.done,
        (t) => t.gone,
        (t) => t.state,
        (t) => t.claim?.by ?? null,
        (t) => t.claim?.until ?? null,
        (t) => t.createdAt,
        (t) => t.changedAt,
        (t) => t.offset,
        (t) => t.wants?.order ?? null,
        (t) => t.wants?.line ?? null,
      ),
    ],
  });
}
