// What a look reads of the alerts of a site.
import { expect, it } from 'vitest';
import { sqlFile } from '../../src/store/sql.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase } from '../support/database.ts';

const TO_STEP = sqlFile(import.meta.url, '../../src/watch/sql/alertsToStep.sql');
const LATELY = '2026-11-27T10:00:00Z';

interface Node {
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Node[];
}
const readBy = (node: Node): number =>
  Math.max(
    node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0),
    ...(node.Plans ?? []).map((part) => readBy(part)),
  );

it('of a year of alerts only those are read that may still change, and of each thing one', async () => {
  const { rows, owner } = await openDatabase(closeAfterTest);
  const put = (count: number, subject: string, state: string, stateAt: string, clearedAt: string | null) =>
    rows(
      `insert into alert (site, id, kind, subject, state, severity, confidence, message, suggestion, evidence, look, opened_at, alarmed_at,
                          cleared_at, state_at, state_by)
       select 'T1', gen_random_uuid(), 'dwell', $2, $3, 'info', 1, '', '', '{}', '', $4::timestamptz - n * interval '1 minute', $4, $5, $4, 'x'
       from generate_series(1, $1) n`,
      [count, subject, state, stateAt, clearedAt],
    );
  const [longAgo, justNow] = ['2026-03-01T10:00:00Z', '2026-11-27T10:30:00Z'];
  await put(20_000, 'OVER', 'resolved', longAgo, longAgo);
  await put(1, 'GOES-ON', 'resolved', longAgo, null);
  await put(3, 'LATELY', 'resolved', justNow, justNow);
  await put(1, 'LATELY-GOES-ON', 'resolved', justNow, null);
  await put(1, 'OPEN', 'open', longAgo, null);
  await rows('analyze alert');
  const found = await owner.query<{ subject: string }>(TO_STEP, ['T1', LATELY]);
  expect(found.rows.map(({ subject }) => subject).toSorted()).toEqual(['GOES-ON', 'LATELY', 'LATELY-GOES-ON', 'OPEN']);
  // Prepared and used often, as the watch does it, it is planned without knowing what is asked.
  await owner.query('set plan_cache_mode = force_generic_plan');
  await owner.query(`prepare step (text, timestamptz) as ${TO_STEP}`);
  const explained = await owner.query<{ 'QUERY PLAN': readonly { readonly Plan: Node }[] }>(
    `explain (analyze, format json) execute step ('T1', '${LATELY}')`,
  );
  expect(readBy(explained.rows[0]!['QUERY PLAN'][0]!.Plan)).toBeLessThan(20);
});
