// Wrong picks: what was refused in the aisle, caught at the bench, or told by customers; and how good picking is by that.
import { Type, type Static } from 'typebox';
import type { Queryable } from '../store/database.ts';
import { PICK_ERROR_KINDS, type PickErrorKind } from '../wire/packing.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { filters, newest } from './filters.ts';
import { Text } from './inboundJson.ts';
import { Page, pageOf, Paging, timeOf, TimeParameter } from './lists.ts';
import { Problem } from './problem.ts';

const PickErrorJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  kind: Type.Enum([...PICK_ERROR_KINDS], {
    description: 'Refused by the scanner in the aisle, caught at the bench, or told by the customer.',
  }),
  pick: Type.String(),
  line: Type.Integer(),
  order: Type.String(),
  sku: Type.String({ description: 'What the line says.' }),
  found: Text,
  quantity: Type.Number(),
  code: Type.String(),
  message: Type.String(),
  by: Text,
  happenedAt: Type.String({ format: 'date-time' }),
});

interface PickErrorRow extends Record<string, unknown> {
  readonly id: string;
  readonly site: string;
  readonly kind: PickErrorKind;
  readonly pick: string;
  readonly line: number;
  readonly order_id: string;
  readonly sku: string;
  readonly found: string | null;
  readonly quantity: number;
  readonly code: string;
  readonly message: string;
  readonly noted_by: string | null;
  readonly happened_at: number;
}

export function pickErrorRoutes(app: App, { pool, catalogue }: Context): void {
  app.get(
    '/v1/pick-errors',
    {
      schema: {
        tags: ['picks'],
        summary: 'Wrong picks, the newest first',
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          kind: Type.Optional(Type.Enum([...PICK_ERROR_KINDS])),
          pick: Type.Optional(Type.String({ maxLength: 64 })),
          order: Type.Optional(Type.String({ maxLength: 64 })),
          from: TimeParameter('Noticed at or after.'),
          to: TimeParameter('Noticed before.'),
          ...Paging,
        }),
        response: { 200: Page(PickErrorJson), default: Problem },
      },
    },
    async ({ query }) => {
      const where = filters();
      where.add('e.kind = $', query.kind);
      where.add('e.pick = $', query.pick);
      where.add('e.order_id = $', query.order);
      const from = timeOf(query.from, 'from');
      const to = timeOf(query.to, 'to');
      where.add('e.happened_at >= $', from === undefined ? undefined : formatTime(from));
      where.add('e.happened_at < $', to === undefined ? undefined : formatTime(to));
      const listed = { table: 'pick_error', as: 'e', columns: 'e.*', time: 'happened_at' };
      const { limit, ...statement } = newest(listed, await catalogue.asked(query.site), where, query);
      const { rows } = await pool.query<PickErrorRow>(statement);
      return pageOf(rows, limit, errorJson, (row) => [formatTime(row.happened_at), row.id]);
    },
  );
}

const errorJson = (row: PickErrorRow): Static<typeof PickErrorJson> => ({
  id: row.id,
  site: row.site,
  kind: row.kind,
  pick: row.pick,
  line: row.line,
  order: row.order_id,
  sku: row.sku,
  found: row.found,
  quantity: row.quantity,
  code: row.code,
  message: row.message,
  by: row.noted_by,
  happenedAt: formatTime(row.happened_at),
});

const Share = (description: string) =>
  Type.Union([Type.Number(), Type.Null()], { description: `${description} Nothing was picked: null.` });

export const PickingFigures = Type.Object({
  lines: Type.Integer({ description: 'Of pick lists made in the period, those of which something was picked.' }),
  refused: Type.Integer({ description: 'Lines of which the scanner in the aisle refused something.' }),
  caught: Type.Integer({ description: 'Lines that were wrong at the bench.' }),
  shippedWrong: Type.Integer({ description: 'Lines that were wrong with the customer.' }),
  firstPass: Share('Share of lines that were right at once, with nothing refused.'),
  accuracy: Share('Share of lines that left the aisle right.'),
  shippedWrongShare: Share('Share of lines that left the house wrong.'),
});

interface PickingRow extends Record<string, unknown> {
  readonly site: string;
  readonly lines: number;
  readonly refused: number;
  readonly caught: number;
  readonly shipped: number;
  readonly right: number;
  readonly accurate: number;
}

/** How good picking was at each site; times in ms, null for any. */
export async function pickingFigures(
  pool: Queryable,
  sites: readonly string[],
  from: number | null,
  to: number | null,
): Promise<ReadonlyMap<string, Static<typeof PickingFigures>>> {
  const { rows } = await pool.query<PickingRow>({
    name: 'kpis-picking',
    text: `with line as (
             select l.site, coalesce(bool_or(e.kind = 'refused'), false) as refused, coalesce(bool_or(e.kind = 'caught'), false) as caught,
                    coalesce(bool_or(e.kind = 'shipped'), false) as shipped
             from pick_list p join pick_line l using (site, pick) left join pick_error e on (e.site, e.pick, e.line) = (l.site, l.pick, l.line)
             where p.site = any ($1) and (l.was_picked or e.kind <> 'refused')
               and ($2::double precision is null or p.created_at >= to_timestamp($2 / 1000))
               and ($3::double precision is null or p.created_at < to_timestamp($3 / 1000))
             group by l.site, l.pick, l.line
           )
           select site, count(*) as lines, count(*) filter (where refused) as refused, count(*) filter (where caught) as caught,
                  count(*) filter (where shipped) as shipped, count(*) filter (where not (refused or caught or shipped)) as right,
                  count(*) filter (where not (caught or shipped)) as accurate
           from line group by site`,
    values: [sites, from, to],
  });
  return new Map(sites.map((site) => [site, figuresOf(rows.find((row) => row.site === site))]));
}

function figuresOf(row: PickingRow | undefined): Static<typeof PickingFigures> {
  const { lines = 0, refused = 0, caught = 0, shipped = 0, right = 0, accurate = 0 } = row ?? {};
  const share = (of: number): number | null => (lines === 0 ? null : Math.round((of / lines) * 10_000) / 10_000);
  return {
    lines,
    refused,
    caught,
    shippedWrong: shipped,
    firstPass: share(right),
    accuracy: share(accurate),
    shippedWrongShare: share(shipped),
  };
}
