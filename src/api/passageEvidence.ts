// Why a passage was decided as it was, or left undecided: its scores and reads. A movement has its own (movements.ts); this
// is for passages that moved nothing, and for whoever works off the review queue.
import { Type } from 'typebox';
import { decodeContent } from '../wire/content.ts';
import { entriesToJson, ReadEntry } from '../wire/envelope.ts';
import { PassageJson } from '../wire/movement.ts';
import type { App, Context } from './context.ts';
import { PassageColumns, passageJson, type PassageRow } from './passages.ts';
import { notFound, Problem } from './problem.ts';
import { readPicture } from './readPicture.ts';

const Answer = Type.Object({
  passage: PassageJson,
  revision: Type.Integer({ description: 'Counts up whenever it is decided otherwise.' }),
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
        summary: 'Why it was decided so, or left undecided: scores and raw reads',
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        response: { 200: Answer, default: Problem },
      },
    },
    async ({ params }) => {
      const { row, reads } = await evidenceOf(context, params.id);
      return { passage: passageJson(row), revision: row.revision, scores: row.scores ?? {}, reads };
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
      const { row, reads } = await evidenceOf(context, params.id);
      const plan = (await context.catalogue.all()).find(({ site }) => site === row.site);
      // It draws what readers sent: a browser that opens it must not run anything.
      return reply
        .type('image/svg+xml; charset=utf-8')
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
        .send(readPicture(passageJson(row), reads, plan));
    },
  );
}

async function evidenceOf({ pool, catalogue }: Context, id: string) {
  const { rows } = await pool.query<Row>(
    `select ${PassageColumns}, e.scores, e.reads from passage p
     left join evidence e on (e.site, e.id, e.revision) = (p.site, p.id, p.revision)
     where p.id = $1 and p.site = any ($2)`,
    [id, (await catalogue.all()).map(({ site }) => site)],
  );
  const row = rows[0];
  if (row === undefined) throw notFound(`There is no passage ${id}.`);
  return { row, reads: row.reads === null ? [] : (entriesToJson(decodeContent(row.reads).entries).reads ?? []) };
}
