// Counts beside the ledger: plans and their bins, as they are after a batch.
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storableJson } from '../store/text.ts';
import { columns, type EffectsBatch } from './batch.ts';

const PUT_PLANS = sqlFile(import.meta.url, 'sql/putCounts.sql');
const PUT_TASKS = sqlFile(import.meta.url, 'sql/putCountTasks.sql');

/** Of several states of one thing within a batch the last one holds. */
const lastOf = <T>(told: readonly T[], keyOf: (one: T) => string): T[] => [
  ...new Map(told.map((one) => [keyOf(one), one])).values(),
];

export async function putCounts(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const told = effects.flatMap(({ counts, offset }) => counts.map((count) => ({ ...count, offset })));
  if (told.length === 0) return;
  await client.query({
    name: 'put-counts',
    text: PUT_PLANS,
    values: [
      site,
      ...columns(
        lastOf(told, ({ id }) => id),
        (c) => c.id,
        (c) => c.by,
        (c) => c.state,
        (c) => c.madeBy,
        (c) => c.createdAt,
        (c) => c.changedAt,
        (c) => storableJson(c.skus),
        (c) => c.taskCount,
        (c) => c.done,
        (c) => c.offset,
      ),
    ],
  });
  const tasks = lastOf(
    told.flatMap(({ id, offset, tasks: all }) => all.map((task) => ({ ...task, count: id, offset }))),
    ({ count, task }) => `${count} ${task}`,
  );
  if (tasks.length === 0) return;
  await client.query({
    name: 'put-count-tasks',
    text: PUT_TASKS,
    values: [
      site,
      ...columns(
        tasks,
        (t) => t.count,
        (t) => t.task,
        (t) => t.location,
        (t) => t.state,
        (t) => t.attempts,
        (t) => storableJson(t.countedBy),
        (t) => t.firstCountedAt ?? null,
        (t) => t.countedAt ?? null,
        (t) => t.closedAt ?? null,
        (t) => t.approvedBy ?? null,
        (t) => t.records,
        (t) => t.accurate,
        (t) => storableJson(t.lines),
        (t) => storableJson(t.uncertain),
        (t) => t.offset,
      ),
    ],
  });
}
