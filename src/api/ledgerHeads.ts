// The heads of the hash chains over the ledger: to be kept elsewhere, and held against the ledger later (`verify --heads`).
import { Type } from 'typebox';
import { sqlFile } from '../store/sql.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { Problem } from './problem.ts';

const HEADS = sqlFile(import.meta.url, 'sql/ledgerHeads.sql');

const HeadJson = Type.Object({
  site: Type.String(),
  journalOffset: Type.Integer({ description: 'Everything posted up to this row of the journal is in it.' }),
  transactions: Type.Integer({ description: 'In the whole chain.' }),
  hash: Type.String({
    pattern: '^[0-9a-f]{64}$',
    description: 'SHA-256, over the hash before it and what was posted.',
  }),
  recordedAt: Type.String(),
});

interface HeadRow {
  readonly site: string;
  readonly journal_offset: number;
  readonly transactions: number;
  readonly hash: string;
  readonly recorded_at: number;
}

const headJson = (row: HeadRow) => ({
  site: row.site,
  journalOffset: row.journal_offset,
  transactions: row.transactions,
  hash: row.hash,
  recordedAt: formatTime(row.recorded_at),
});

export function ledgerHeadRoutes(app: App, { pool, catalogue }: Context): void {
  app.get(
    '/v1/ledger-heads',
    {
      schema: {
        tags: ['movements'],
        summary:
          'Where the hash chain over the ledger of each site stands: keep it elsewhere, `verify --heads` asks for it',
        description: 'One head a site in which something was posted, by site.',
        querystring: Type.Object({ site: Type.Optional(Type.String()), ...Paging }),
        response: { 200: Page(HeadJson), default: Problem },
      },
    },
    async ({ query }) => {
      const limit = query.limit ?? LIMIT_DEFAULT;
      const sites = (await catalogue.asked(query.site)).map((plan) => plan.site);
      const [after] = keyOf(query.cursor, ['text']) ?? [];
      const { rows } = await pool.query<HeadRow>({
        name: 'ledger-heads',
        text: HEADS,
        values: [sites, limit + 1, after ?? null],
      });
      return pageOf(rows, limit, headJson, ({ site }) => [site]);
    },
  );
}
