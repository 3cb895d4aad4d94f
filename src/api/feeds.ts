// Stock that a 3PL or a marketplace holds for us: what they say of it, as JSON or CSV, and what follows: on hand, under way, how old that is.
import { Type, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { Strict } from '../config/schema.ts';
import { inBooks } from '../infer/balances.ts';
import { CommandSchemas } from '../wire/command.ts';
import { FeedEntry, SnapshotLine } from '../wire/feed.ts';
import { formatTime } from '../wire/time.ts';
import { bodyOf, runCommand, type Body } from './commandRoutes.ts';
import { CommandAnswer, KeyHeader } from './commands.ts';
import type { App, Context } from './context.ts';
import { rowsOfCsv } from './feedCsv.ts';
import { filters } from './filters.ts';
import { keyOf, LIMIT_DEFAULT, Page, pageOf, Paging } from './lists.ts';
import { ApiFault, Problem } from './problem.ts';
import { NO_LOCATION } from './balanceRow.ts';

const FILE_BYTES_MAX = 4_194_304;
const DateTime = Type.String({ format: 'date-time' });

const SnapshotJson = Type.Object({
  site: Type.String(),
  asOf: DateTime,
  takenAt: DateTime,
  by: Type.String(),
  lines: Type.Integer(),
  arrived: Type.Number({ description: 'Units that it showed to have come from transit.' }),
  adjusted: Type.Number({ description: 'Units by which the books differed beyond that.' }),
});

interface SnapshotRow extends Record<string, unknown> {
  readonly site: string;
  readonly as_of: number;
  readonly taken_at: number;
  readonly told_by: string;
  readonly line_count: number;
  readonly arrived: number;
  readonly adjusted: number;
}

const snapshotJson = (row: SnapshotRow) => ({
  site: row.site,
  asOf: formatTime(row.as_of),
  takenAt: formatTime(row.taken_at),
  by: row.told_by,
  lines: row.line_count,
  arrived: row.arrived,
  adjusted: row.adjusted,
});

/** A row of a file as it would have to be in JSON; `bad-csv` says which is not. */
function expectRows(schema: TSchema, rows: readonly object[]): void {
  for (const [index, row] of rows.entries()) {
    if (Value.Check(schema, row)) continue;
    const [first] = Value.Errors(schema, row);
    throw new ApiFault(
      422,
      'bad-csv',
      `row ${index + 1}: ${first?.instancePath ?? ''} ${first?.message ?? 'is wrong'}.`,
    );
  }
}

export function feedRoutes(app: App, context: Context): void {
  const { pool, catalogue, clock } = context;
  const schemaOf = (summary: string, description: string) => ({
    tags: ['feeds'],
    summary,
    description,
    headers: KeyHeader,
    response: { 200: CommandAnswer, default: Problem },
  });
  const said = {
    snapshots: `It sets what the books say as of \`asOf\`: what is more is first of all what was under way there, the rest is adjusted and told
(\`snapshot-differs\`). An older one, or the same again, changes nothing. As \`text/csv\`: columns \`sku\` or \`fnsku\`, \`quantity\`; \`site\` and \`asOf\` in the query.`,
    feeds: `Each by its \`ref\` once; what is older than the last snapshot is in it. As \`text/csv\`: columns \`ref\`, \`at\`, \`type\`, \`sku\` or \`fnsku\`, \`quantity\`.`,
  };
  app.register(async (scope) => {
    const files = scope as unknown as App;
    files.addContentTypeParser('text/csv', { parseAs: 'string', bodyLimit: FILE_BYTES_MAX }, (_request, body, done) =>
      done(null, { csv: body }),
    );
    const Csv = Strict({ csv: Type.String() });
    const Query = Type.Object({
      site: Type.Optional(Type.String({ description: 'Of a CSV file.' })),
      asOf: Type.Optional(Type.String({ maxLength: 40, description: 'Of a CSV file of a snapshot.' })),
      partial: Type.Optional(Type.Boolean({ description: 'Of a CSV file of a snapshot.' })),
    });
    const needed = (name: string, value: string | undefined): string => {
      if (value === undefined) throw new ApiFault(400, 'bad-request', `${name}: say it in the query of a CSV file.`);
      return value;
    };
    files.post(
      '/v1/snapshots',
      {
        schema: {
          ...schemaOf('Say all that a 3PL or marketplace has on hand, as of a moment', said.snapshots),
          querystring: Query,
          body: Type.Union([bodyOf(CommandSchemas.snapshot), Csv]),
        },
      },
      (request) => {
        const body = request.body as Body | { readonly csv: string };
        if (!('csv' in body)) return runCommand(context, request, 'snapshot', body);
        const lines = rowsOfCsv(body.csv as string, ['quantity'], ['sku', 'fnsku']);
        expectRows(SnapshotLine, lines);
        const { site, asOf, partial } = request.query;
        return runCommand(context, request, 'snapshot', {
          site: needed('site', site),
          asOf: needed('asOf', asOf),
          lines,
          ...(partial === undefined ? {} : { partial }),
        });
      },
    );
    files.post(
      '/v1/feeds',
      {
        schema: {
          ...schemaOf('Say what came to, left, or was corrected at a 3PL or marketplace', said.feeds),
          querystring: Query,
          body: Type.Union([bodyOf(CommandSchemas.feed), Csv]),
        },
      },
      (request) => {
        const body = request.body as Body | { readonly csv: string };
        if (!('csv' in body)) return runCommand(context, request, 'feed', body);
        const entries = rowsOfCsv(body.csv as string, ['ref', 'at', 'type', 'quantity'], ['sku', 'fnsku']);
        expectRows(FeedEntry, entries);
        return runCommand(context, request, 'feed', { site: needed('site', request.query.site), entries });
      },
    );
  });

  app.get(
    '/v1/snapshots',
    {
      schema: {
        tags: ['feeds'],
        summary: 'Snapshots that were taken in, of the latest moment first',
        querystring: Type.Object({ site: Type.Optional(Type.String()), ...Paging }),
        response: { 200: Page(SnapshotJson), default: Problem },
      },
    },
    async ({ query }) => {
      const limit = query.limit ?? LIMIT_DEFAULT;
      const where = filters();
      where.add(
        's.site = any ($)',
        (await catalogue.asked(query.site)).map(({ site }) => site),
      );
      const after = keyOf(query.cursor, ['time', 'text']);
      if (after !== undefined) where.addAll('(s.as_of, s.site) < ($1::timestamptz, $2)', ...after);
      const { rows } = await pool.query<SnapshotRow>(
        `select s.* from feed_snapshot s where ${where.where()} order by s.as_of desc, s.site desc limit ${where.bind(limit + 1)}`,
        [...where.values],
      );
      return pageOf(rows, limit, snapshotJson, (row) => [formatTime(row.as_of), row.site]);
    },
  );

  app.get(
    '/v1/holdings',
    {
      schema: {
        tags: ['feeds'],
        summary:
          'What a site has on hand and what is under way to it, SKU by SKU, and how old the word of who holds it is',
        querystring: Type.Object({ site: Type.String() }),
        response: {
          200: Type.Object({
            site: Type.String(),
            asOf: Type.Union([Type.String(), Type.Null()], {
              description: 'Of the last snapshot; null where there is none.',
            }),
            ageS: Type.Union([Type.Integer(), Type.Null()], { description: 'Seconds since then.' }),
            stock: Type.Array(
              Type.Object({ sku: Type.String(), onHand: Type.Number(), transit: Type.Number(), total: Type.Number() }),
            ),
          }),
          default: Problem,
        },
      },
    },
    async ({ query }) => {
      const { site } = await catalogue.one(query.site);
      const [{ rows: last }, { rows }] = await Promise.all([
        pool.query<{ as_of: number | null }>('select max(as_of) as as_of from feed_snapshot where site = $1', [site]),
        pool.query<{ sku: string; on_hand: number; transit: number }>({
          name: 'holdings',
          text: `select sku, coalesce(sum(quantity) filter (where location !~ $2), 0) as on_hand,
                        coalesce(sum(quantity) filter (where location like 'transit:%' and not starts_with(location, $3)), 0) as transit
                 from balance where site = $1 group by sku order by sku`,
          values: [site, NO_LOCATION, `transit:${site}:`],
        }),
      ]);
      const asOf = last[0]?.as_of ?? null;
      return {
        site,
        asOf: asOf === null ? null : formatTime(asOf),
        ageS: asOf === null ? null : Math.max(0, Math.round((clock() - asOf) / 1000)),
        stock: rows
          .filter((row) => row.on_hand !== 0 || row.transit !== 0)
          .map(({ sku, on_hand: onHand, transit }) => ({ sku, onHand, transit, total: inBooks(onHand + transit) })),
      };
    },
  );
}
