// What never arrived: holes in what gateways have sent, and what gateways and readers say they lost.
import { Type } from 'typebox';
import { sqlFile } from '../store/sql.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging, timeText } from './lists.ts';
import { Problem } from './problem.ts';

const GAPS = sqlFile(import.meta.url, 'sql/gaps.sql');
const Text = Type.Union([Type.String(), Type.Null()]);
const Count = Type.Union([Type.Integer(), Type.Null()]);

const GapJson = Type.Object({
  site: Type.String(),
  gateway: Type.String(),
  epoch: Text,
  state: Type.Enum(['open', 'lost'], { description: 'open: it may still come; lost: it will not.' }),
  fromSeq: Count,
  toSeq: Count,
  lost: Type.Integer({ description: 'Envelopes, or reads where a reader says so.' }),
  fromAt: Text,
  toAt: Text,
  noticedAt: Text,
});

interface GapRow {
  readonly site: string;
  readonly gateway: string;
  readonly epoch: string;
  readonly state: 'open' | 'lost';
  readonly from_seq: number | null;
  readonly to_seq: number | null;
  readonly lost: number;
  readonly from_at: number | null;
  readonly to_at: number | null;
  readonly noticed_at: number | null;
  readonly listed_at: number;
  readonly listed_seq: number;
  readonly began_at: number;
}

const gapJson = (row: GapRow) => ({
  site: row.site,
  gateway: row.gateway,
  epoch: row.epoch || null,
  state: row.state,
  fromSeq: row.from_seq,
  toSeq: row.to_seq,
  lost: row.lost,
  fromAt: timeText(row.from_at),
  toAt: timeText(row.to_at),
  noticedAt: timeText(row.noticed_at),
});

export function gapRoutes(app: App, { pool, catalogue }: Context): void {
  app.get(
    '/v1/gaps',
    {
      schema: {
        tags: ['quarantine'],
        summary: 'What never arrived: holes in sequences first, then what gateways and readers say they lost',
        querystring: Type.Object({ site: Type.Optional(Type.String()), ...Paging }),
        response: { 200: Page(GapJson), default: Problem },
      },
    },
    async ({ query }) => {
      const limit = query.limit ?? LIMIT_DEFAULT;
      const sites = (await catalogue.asked(query.site)).map((plan) => plan.site);
      const after = keyOf(query.cursor, ['time', 'text', 'text', 'text', 'number', 'time']);
      const { rows } = await pool.query<GapRow>({
        name: 'gaps',
        text: GAPS,
        values: [sites, limit + 1, ...(after ?? Array.from({ length: 6 }, () => null))],
      });
      return pageOf(rows, limit, gapJson, (row) => [
        formatTime(row.listed_at),
        row.site,
        row.gateway,
        row.epoch,
        row.listed_seq,
        formatTime(row.began_at),
      ]);
    },
  );
}
