// What each portal saw, and the review queue: a person decides what the evidence left open.
import { Type } from 'typebox';
import { Strict } from '../config/schema.ts';
import { LATER_READS, OUTCOMES } from '../infer/passage.ts';
import type { PassageJson as PassageJsonType } from '../wire/movement.ts';
import { PassageJson } from '../wire/movement.ts';
import { formatTime } from '../wire/time.ts';
import { CommandAnswer, KeyHeader, keyOfRequest, actorOf } from './commands.ts';
import type { App, Context } from './context.ts';
import { canonical } from './epc.ts';
import { filters, newest } from './filters.ts';
import { Page, pageOf, Paging, timeOf, TimeParameter, timeText } from './lists.ts';
import { notFound, Problem } from './problem.ts';

export const PassageColumns = `p.site, p.id, p.revision, p.read_point, p.epc, p.sku, p.first_at, p.last_at, p.crossed_at, p.outcome, p.leading_outcome,
  p.probability, p.group_id, p.group_size, p.decided_by`;

const PASSAGES = { table: 'passage', as: 'p', columns: PassageColumns, time: 'last_at' } as const;

const DECIDED_BY = {
  person: 'p.decided_by is not null and p.decided_by <> $1',
  reads: '(p.decided_by is null or p.decided_by = $1)',
} as const;

export interface PassageRow {
  readonly site: string;
  readonly id: string;
  readonly read_point: string;
  readonly epc: string;
  readonly sku: string | null;
  readonly first_at: number;
  readonly last_at: number;
  readonly crossed_at: number | null;
  readonly outcome: string;
  readonly leading_outcome: string;
  readonly probability: number;
  readonly group_id: string | null;
  readonly group_size: number | null;
  readonly decided_by: string | null;
}

export const passageJson = (row: PassageRow): PassageJsonType => ({
  id: row.id,
  site: row.site,
  readPoint: row.read_point,
  epc: row.epc,
  sku: row.sku,
  outcome: row.outcome,
  leading: row.leading_outcome,
  probability: Math.round(row.probability * 10_000) / 10_000,
  firstAt: formatTime(row.first_at),
  lastAt: formatTime(row.last_at),
  crossedAt: timeText(row.crossed_at),
  group: row.group_id === null ? null : { id: row.group_id, size: row.group_size ?? 1 },
  decidedBy: row.decided_by,
});

export function passageRoutes(app: App, { pool, catalogue, commands }: Context): void {
  app.get(
    '/v1/passages',
    {
      schema: {
        tags: ['passages'],
        summary: 'What each portal saw, newest first; with outcome=undecided the review queue',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          readPoint: Type.Optional(Type.String()),
          outcome: Type.Optional(Type.Enum([...OUTCOMES])),
          decidedBy: Type.Optional(
            Type.Enum(['person', 'reads'], {
              description: 'Those that a person decided, or those that the reads did. What they said: /v1/labels.',
            }),
          ),
          epc: Type.Optional(Type.String({ maxLength: 128 })),
          from: TimeParameter('Last read at or after.'),
          to: TimeParameter('Last read before.'),
          ...Paging,
        }),
        response: { 200: Page(PassageJson), default: Problem },
      },
    },
    async ({ query }) => {
      const plans = await catalogue.asked(query.site);
      const where = filters();
      where.add('p.read_point = $', query.readPoint);
      where.add('p.outcome = $', query.outcome);
      if (query.decidedBy !== undefined) where.addAll(DECIDED_BY[query.decidedBy], LATER_READS);
      where.add('p.epc = $', query.epc === undefined ? undefined : canonical(query.epc));
      const from = timeOf(query.from, 'from');
      const to = timeOf(query.to, 'to');
      where.add('p.last_at >= $', from === undefined ? undefined : formatTime(from));
      where.add('p.last_at < $', to === undefined ? undefined : formatTime(to));
      const { limit, ...statement } = newest(PASSAGES, plans, where, query);
      const { rows } = await pool.query<PassageRow>(statement);
      return pageOf(rows, limit, passageJson, (row) => [formatTime(row.last_at), row.id]);
    },
  );

  app.post(
    '/v1/passages/:id/decision',
    {
      schema: {
        tags: ['passages'],
        summary: 'A person decides a passage',
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        headers: KeyHeader,
        body: Strict({
          outcome: Type.Enum(['in', 'out', 'turned_back', 'stayed', 'stray']),
          reason: Type.Optional(Type.String({ maxLength: 500 })),
        }),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    async (request) => {
      const { rows } = await pool.query<{ site: string; id: string }>(
        'select site, id from passage where id = $1 and site = any ($2)',
        [request.params.id, (await catalogue.all()).map((plan) => plan.site)],
      );
      if (rows[0] === undefined) throw notFound(`There is no passage ${request.params.id}.`);
      const { site, id } = rows[0];
      return commands.run(site, keyOfRequest(request), actorOf(request), {
        ...request.body,
        kind: 'decide',
        passage: id,
      });
    },
  );
}
