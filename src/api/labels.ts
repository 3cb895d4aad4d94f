// What people said of passages, beside what the reads had said: the labels that calibration learns from. In pages for a program, and
// as lines for `tallygate calibrate --truth`.
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { Label } from '../infer/effects.ts';
import { LabelJson } from '../wire/label.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { filters, newest } from './filters.ts';
import { LIMIT_MAX, Page, pageOf, Paging, timeOf, TimeParameter, timeText } from './lists.ts';
import { Problem } from './problem.ts';

/** The label stands in the evidence of the revision that the person made; a later word is a revision of its own. */
const LABELS = {
  table: `(select p.site, p.id, p.read_point, p.epc, p.first_at, p.last_at, p.crossed_at, e.scores -> 'label' as label
           from passage p join evidence e on (e.site, e.id, e.revision) = (p.site, p.id, p.revision)
           where p.decided_by is not null and e.scores ? 'label')`,
  as: 'l',
  columns: 'l.*',
  time: 'last_at',
} as const;

interface LabelRow {
  readonly site: string;
  readonly id: string;
  readonly read_point: string;
  readonly epc: string;
  readonly first_at: number;
  readonly last_at: number;
  readonly crossed_at: number | null;
  readonly label: Label;
}

const labelJson = ({ label, ...row }: LabelRow): LabelJson => ({
  passage: row.id,
  site: row.site,
  readPoint: row.read_point,
  epc: row.epc,
  outcome: label.outcome,
  said: { ...label.said, probability: Math.round(label.said.probability * 10_000) / 10_000 },
  by: label.by,
  at: label.at,
  reason: label.reason,
  firstAt: formatTime(row.first_at),
  lastAt: formatTime(row.last_at),
  crossedAt: timeText(row.crossed_at),
});

const Asked = {
  site: Type.Optional(Type.String()),
  readPoint: Type.Optional(Type.String()),
  from: TimeParameter('Last read at or after.'),
  to: TimeParameter('Last read before.'),
};
interface Asked {
  readonly site?: string;
  readonly readPoint?: string;
  readonly from?: string;
  readonly to?: string;
}

export function labelRoutes(app: App, { pool, catalogue }: Context): void {
  const page = async (query: Asked & { readonly limit?: number; readonly cursor?: string }) => {
    const plans = await catalogue.asked(query.site);
    const where = filters();
    where.add('l.read_point = $', query.readPoint);
    const from = timeOf(query.from, 'from');
    const to = timeOf(query.to, 'to');
    where.add('l.last_at >= $', from === undefined ? undefined : formatTime(from));
    where.add('l.last_at < $', to === undefined ? undefined : formatTime(to));
    const { limit, ...statement } = newest(LABELS, plans, where, query);
    const { rows } = await pool.query<LabelRow>(statement);
    return pageOf(rows, limit, labelJson, (row) => [formatTime(row.last_at), row.id]);
  };

  app.get(
    '/v1/labels',
    {
      schema: {
        tags: ['passages'],
        summary: 'What people said of passages, and what the reads had said; newest first',
        description:
          'Every passage that a person decided, with the last word. The machine’s own outcome and probability stand beside it: how often it was right is how well it is calibrated.',
        querystring: Type.Object({ ...Asked, ...Paging }),
        response: { 200: Page(LabelJson), default: Problem },
      },
    },
    ({ query }) => page(query),
  );

  app.get(
    '/v1/labels.ndjson',
    {
      schema: {
        tags: ['passages'],
        summary: 'The same as lines, all of them: the truth that `tallygate calibrate --truth` takes',
        querystring: Type.Object(Asked),
        response: {
          200: {
            description: 'One label a line, newest first.',
            content: { 'application/x-ndjson': { schema: Type.String() } },
          },
          default: Problem,
        },
      },
    },
    async ({ query }, reply) => {
      // Asked before anything is answered: a mistake in the question is a problem, not half a file.
      const first = await page({ ...query, limit: LIMIT_MAX });
      async function* lines(): AsyncGenerator<string> {
        for (let part = first; ; part = await page({ ...query, limit: LIMIT_MAX, cursor: part.next })) {
          if (part.items.length > 0) yield part.items.map((label) => `${JSON.stringify(label)}\n`).join('');
          if (part.next === null) return;
        }
      }
      return reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(lines()));
    },
  );
}
