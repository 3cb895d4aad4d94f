// Why a passage was decided as it was, or left undecided: its scores and reads. A movement has its own (movements.ts); this
// is for passages that moved nothing, and for whoever works off the review queue.
import { Type } from 'typebox';
import type { Label } from '../infer/effects.ts';
import type { Outcome } from '../infer/passage.ts';
import { whyOf, type Said } from '../infer/why/why.ts';
import { decodeContent } from '../wire/content.ts';
import { entriesToJson, ReadEntry } from '../wire/envelope.ts';
import { PassageJson } from '../wire/movement.ts';
import { WhyJson } from '../wire/why.ts';
import type { App, Context } from './context.ts';
import { PassageColumns, passageJson, type PassageRow } from './passages.ts';
import { notFound, Problem } from './problem.ts';
import { readPicture } from './readPicture.ts';

const Answer = Type.Object({
  passage: PassageJson,
  revision: Type.Integer({ description: 'Counts up whenever it is decided otherwise.' }),
  why: WhyJson,
  scores: Type.Record(Type.String(), Type.Unknown(), {
    description: 'Natural logarithms of likelihood ratios and odds.',
  }),
  reads: Type.Array(ReadEntry, { description: 'The reads that were weighed, in corrected time.' }),
});

interface Row extends PassageRow {
  readonly revision: number;
  readonly scores: Record<string, unknown> | null;
  readonly reads: Buffer | null;
}

export function passageEvidenceRoutes(app: App, context: Context): void {
  app.get(
    '/v1/passages/:id/evidence',
    {
      schema: {
        tags: ['passages'],
        summary:
          'Why it was decided so, or left undecided, and what would have changed it: words, scores and raw reads',
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        response: { 200: Answer, default: Problem },
      },
    },
    async ({ params }) => {
      const { row, reads, plan } = await evidenceOf(context, params.id);
      const scores = row.scores ?? {};
      const why = whyOf({
        plan,
        readPoint: row.read_point,
        said: saidOf(row, scores),
        crossedAt: row.crossed_at ?? undefined,
        group: row.group_size ?? undefined,
        decidedBy: row.decided_by ?? undefined,
        scores,
        reads,
      });
      return { passage: passageJson(row), revision: row.revision, why, scores: plainScores(scores), reads };
    },
  );
  app.get(
    '/v1/passages/:id/evidence.svg',
    {
      schema: {
        tags: ['passages'],
        summary: 'The same as a picture: RSSI over time, a lane for each antenna',
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        response: {
          200: { description: 'An SVG document.', content: { 'image/svg+xml': { schema: Type.String() } } },
          default: Problem,
        },
      },
    },
    async ({ params }, reply) => {
      const { row, reads, plan } = await evidenceOf(context, params.id);
      // It draws what readers sent: a browser that opens it must not run anything.
      return reply
        .type('image/svg+xml; charset=utf-8')
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
        .send(readPicture(passageJson(row), reads, plan));
    },
  );
}

/** What the reads said of the passage, also where a person has said something else since. */
export function saidOf(row: PassageRow, scores: Readonly<Record<string, unknown>>): Said {
  const label = scores['label'] as Label | undefined;
  return (
    label?.said ?? {
      outcome: row.outcome as Outcome,
      leading: row.leading_outcome as Outcome,
      probability: row.probability,
    }
  );
}

/** The scores that are numbers; what else is kept beside them is told by `why`. */
export const plainScores = (scores: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(scores).filter(([, value]) => value === null || typeof value !== 'object'));

async function evidenceOf({ pool, catalogue }: Context, id: string) {
  const plans = await catalogue.all();
  const { rows } = await pool.query<Row>(
    `select ${PassageColumns}, e.scores, e.reads from passage p
     left join evidence e on (e.site, e.id, e.revision) = (p.site, p.id, p.revision)
     where p.id = $1 and p.site = any ($2)`,
    [id, plans.map(({ site }) => site)],
  );
  const row = rows[0];
  if (row === undefined) throw notFound(`There is no passage ${id}.`);
  const reads = row.reads === null ? [] : (entriesToJson(decodeContent(row.reads).entries).reads ?? []);
  return { row, reads, plan: plans.find(({ site }) => site === row.site)! };
}
