// Where the books and the building disagree: open until someone or something settles it.
import { Type } from 'typebox';
import { Strict } from '../config/schema.ts';
import { formatTime } from '../wire/time.ts';
import { actorOf, CommandAnswer, KeyHeader, keyOfRequest } from './commands.ts';
import type { App, Context } from './context.ts';
import { canonical } from './epc.ts';
import { filters, newest } from './filters.ts';
import { Page, pageOf, Paging, timeText } from './lists.ts';
import { notFound, Problem } from './problem.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
export const DiscrepancyJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  kind: Type.String(),
  severity: Type.String(),
  state: Type.String(),
  message: Type.String(),
  happenedAt: Type.String({ format: 'date-time' }),
  recordedAt: Type.String({ format: 'date-time' }),
  epc: Text,
  sku: Text,
  location: Text,
  readPoint: Text,
  movement: Text,
  settledAt: Text,
  settledBy: Text,
  settlement: Text,
});

const DISCREPANCIES = { table: 'discrepancy', as: 'd', columns: 'd.*', time: 'happened_at' } as const;

export interface DiscrepancyRow {
  readonly site: string;
  readonly id: string;
  readonly kind: string;
  readonly severity: string;
  readonly state: string;
  readonly message: string;
  readonly happened_at: number;
  readonly recorded_at: number;
  readonly epc: string | null;
  readonly sku: string | null;
  readonly location: string | null;
  readonly read_point: string | null;
  readonly transaction_id: string | null;
  readonly settled_at: number | null;
  readonly settled_by: string | null;
  readonly settlement: string | null;
}

export const discrepancyJson = (row: DiscrepancyRow) => ({
  id: row.id,
  site: row.site,
  kind: row.kind,
  severity: row.severity,
  state: row.state,
  message: row.message,
  happenedAt: formatTime(row.happened_at),
  recordedAt: formatTime(row.recorded_at),
  epc: row.epc,
  sku: row.sku,
  location: row.location,
  readPoint: row.read_point,
  movement: row.transaction_id,
  settledAt: timeText(row.settled_at),
  settledBy: row.settled_by,
  settlement: row.settlement,
});

export function discrepancyRoutes(app: App, { pool, catalogue, commands }: Context): void {
  app.get(
    '/v1/discrepancies',
    {
      schema: {
        tags: ['discrepancies'],
        summary: 'What is open, newest first',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          kind: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum(['open', 'settled', 'all'], { default: 'open' })),
          epc: Type.Optional(Type.String({ maxLength: 128 })),
          ...Paging,
        }),
        response: { 200: Page(DiscrepancyJson), default: Problem },
      },
    },
    async ({ query }) => {
      const plans = await catalogue.asked(query.site);
      const where = filters();
      where.add('d.kind = $', query.kind);
      where.add('d.epc = $', query.epc === undefined ? undefined : canonical(query.epc));
      where.add('d.state = $', query.state === 'all' ? undefined : (query.state ?? 'open'));
      const { limit, ...statement } = newest(DISCREPANCIES, plans, where, query);
      const { rows } = await pool.query<DiscrepancyRow>(statement);
      return pageOf(rows, limit, discrepancyJson, (row) => [formatTime(row.happened_at), row.id]);
    },
  );

  app.post(
    '/v1/discrepancies/:id/settlement',
    {
      schema: {
        tags: ['discrepancies'],
        summary: 'A person settles it',
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        headers: KeyHeader,
        body: Strict({ reason: Type.String({ minLength: 1, maxLength: 500 }) }),
        response: { 200: CommandAnswer, default: Problem },
      },
    },
    async (request) => {
      const { rows } = await pool.query<{ site: string; id: string }>(
        'select site, id from discrepancy where id = $1 and site = any ($2)',
        [request.params.id, (await catalogue.all()).map((plan) => plan.site)],
      );
      if (rows[0] === undefined) throw notFound(`There is no discrepancy ${request.params.id}.`);
      return commands.run(rows[0].site, keyOfRequest(request), actorOf(request), {
        kind: 'settle',
        discrepancy: rows[0].id,
        reason: request.body.reason,
      });
    },
  );
}
