// What a batch tells of doubts: as they are after it.
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storableJson } from '../store/text.ts';
import { columns, type EffectsBatch } from './batch.ts';

const PUT_DOUBTS = sqlFile(import.meta.url, 'sql/putDoubts.sql');

export async function putDoubts(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const latest = new Map(
    effects.flatMap(({ offset, doubts }) => doubts.map((doubt) => [doubt.id, { ...doubt, offset }] as const)),
  );
  if (latest.size === 0) return;
  await client.query({
    name: 'put-doubts',
    text: PUT_DOUBTS,
    values: [
      site,
      ...columns(
        [...latest.values()],
        (d) => d.id,
        (d) => d.epc,
        (d) => d.sku ?? null,
        (d) => d.location,
        (d) => d.zone,
        (d) => d.probability,
        (d) => d.openedAt,
        (d) => d.closedAt ?? null,
        (d) => d.end ?? null,
        (d) => d.evidence.heardAt,
        (d) => d.evidence.silentHours,
        (d) => d.evidence.answers,
        (d) => d.evidence.sweeps,
        (d) => d.evidence.shortPicks,
        (d) => storableJson(d.steps.map((step) => ({ ...step }))),
        (d) => d.offset,
      ),
    ],
  });
}
