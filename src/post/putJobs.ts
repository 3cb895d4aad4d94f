// The queue of a site, beside the ledger, as it is after a batch.
import type { JobEffect } from '../infer/jobEffects.ts';
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storableJson } from '../store/text.ts';
import { columns, type EffectsBatch } from './batch.ts';

const PUT_JOBS = sqlFile(import.meta.url, 'sql/putJobs.sql');

export async function putJobs(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  // Of several states of one job within a batch the last one holds.
  const last = new Map<string, JobEffect & { readonly offset: number }>();
  for (const { jobs, offset } of effects)
    for (const job of jobs) last.set(`${job.kind} ${job.id} ${job.part}`, { ...job, offset });
  if (last.size === 0) return;
  await client.query({
    name: 'put-jobs',
    text: PUT_JOBS,
    values: [
      site,
      ...columns(
        [...last.values()],
        (j) => j.kind,
        (j) => j.id,
        (j) => j.part,
        (j) => j.from ?? null,
        (j) => j.to ?? null,
        (j) => j.what,
        (j) => j.priority,
        (j) => j.dueAt ?? null,
        (j) => j.order ?? null,
        (j) => storableJson(j.notFor),
        (j) => j.claim?.by ?? null,
        (j) => j.claim?.until ?? null,
        (j) => j.state,
        (j) => j.createdAt,
        (j) => j.changedAt,
        (j) => j.offset,
      ),
    ],
  });
}
