// What a batch tells of the installation: findings that opened or closed, and what doors heard hour by hour.
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storableJson } from '../store/text.ts';
import { columns, type EffectsBatch } from './batch.ts';

const PUT_FINDINGS = sqlFile(import.meta.url, 'sql/putFindings.sql');
const PUT_DOOR_HOURS = sqlFile(import.meta.url, 'sql/putDoorHours.sql');

/** Findings as they are after the batch. */
export async function putFindings(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const latest = new Map(
    effects.flatMap(({ offset, findings }) => findings.map((finding) => [finding.id, { ...finding, offset }] as const)),
  );
  if (latest.size === 0) return;
  await client.query({
    name: 'put-findings',
    text: PUT_FINDINGS,
    values: [
      site,
      ...columns(
        [...latest.values()],
        (f) => f.id,
        (f) => f.kind,
        (f) => f.severity,
        (f) => f.subject.readPoint,
        (f) => f.subject.reader ?? null,
        (f) => f.subject.antenna ?? null,
        (f) => f.subject.other ?? null,
        (f) => f.since,
        (f) => f.openedAt,
        (f) => f.closedAt ?? null,
        (f) => f.certainty,
        (f) => storableJson(f.evidence),
        (f) => f.seen,
        (f) => f.advice,
        (f) => f.offset,
      ),
    ],
  });
}

/** The hours of doors that changed, as they are after the batch. */
export async function putDoorHours(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const latest = new Map(
    effects.flatMap(({ doorHours }) => doorHours.map((door) => [`${door.readPoint} ${door.hour}`, door] as const)),
  );
  if (latest.size === 0) return;
  await client.query({
    name: 'put-door-hours',
    text: PUT_DOOR_HOURS,
    values: [
      site,
      ...columns(
        [...latest.values()],
        (d) => d.readPoint,
        (d) => d.hour,
        (d) => d.tags,
        (d) => d.reads,
        (d) => d.otherTags,
        (d) => d.otherReads,
        (d) => d.passages,
        (d) => d.crossed,
        (d) => d.stray,
      ),
    ],
  });
}
