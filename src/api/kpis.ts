// Key figures of a site: how much of what was asked for has gone out, and how many records were right when somebody counted.
import { Type } from 'typebox';
import type { App, Context } from './context.ts';
import { timeOf, TimeParameter } from './lists.ts';
import { Problem } from './problem.ts';

const Fill = Type.Object({
  asked: Type.Number(),
  filled: Type.Number({ description: 'Out; of lines and orders those that are out whole.' }),
  share: Type.Union([Type.Number(), Type.Null()], { description: 'Nothing was asked for: null.' }),
});

const Accuracy = Type.Object({
  counted: Type.Integer({ description: 'Records: a SKU, lot, owner, status and container in a bin.' }),
  accurate: Type.Integer({ description: 'Within tolerance at their first count.' }),
  share: Type.Union([Type.Number(), Type.Null()], { description: 'Nothing was counted: null.' }),
});

interface FillRow extends Record<string, unknown> {
  readonly site: string;
  readonly units: number;
  readonly units_out: number;
  readonly lines: number;
  readonly lines_out: number;
  readonly orders: number;
  readonly orders_out: number;
  readonly records: number;
  readonly accurate: number;
}

const shareOf = (of: number, part: number): number | null =>
  of === 0 ? null : Math.round((part / of) * 10_000) / 10_000;

const fillOf = (asked: number, filled: number) => ({ asked, filled, share: shareOf(asked, filled) });

export function kpiRoutes(app: App, { pool, catalogue }: Context): void {
  app.get(
    '/v1/kpis',
    {
      schema: {
        tags: ['figures'],
        summary: 'Key figures: the fill rate, by unit, by line and by order; the accuracy of records',
        description: `Fill: of orders that were entered in the period and not cancelled, as far as they have gone out by now. Accuracy: of records that were
counted in the period for the first time in their plan, those that were within tolerance then; nothing is netted.`,
        querystring: Type.Object({
          site: Type.Optional(Type.String()),
          from: TimeParameter('Entered, or counted, at or after.'),
          to: TimeParameter('Entered, or counted, before.'),
        }),
        response: {
          200: Type.Object({
            sites: Type.Array(
              Type.Object({
                site: Type.String(),
                fill: Type.Object({ units: Fill, lines: Fill, orders: Fill }),
                accuracy: Accuracy,
              }),
            ),
          }),
          default: Problem,
        },
      },
    },
    async ({ query }) => {
      const sites = (await catalogue.asked(query.site)).map(({ site }) => site);
      const { rows } = await pool.query<FillRow>({
        name: 'kpis-fill',
        text: `with asked as (
                 select o.site, o.order_id, l.quantity, l.shipped
                 from customer_order o join order_line l using (site, order_id)
                 where o.site = any ($1) and o.state <> 'cancelled'
                   and not exists (select from transfer t where t.site = o.site and t.direction = 'out' and t.transfer_id = o.order_id)
                   and ($2::double precision is null or o.entered_at >= to_timestamp($2 / 1000))
                   and ($3::double precision is null or o.entered_at < to_timestamp($3 / 1000))
               ), per_order as (
                 select site, bool_and(shipped >= quantity) as is_out from asked group by site, order_id
               )
               select s.site,
                      (select coalesce(sum(quantity), 0) from asked a where a.site = s.site) as units,
                      (select coalesce(sum(shipped), 0) from asked a where a.site = s.site) as units_out,
                      (select count(*) from asked a where a.site = s.site) as lines,
                      (select count(*) from asked a where a.site = s.site and shipped >= quantity) as lines_out,
                      (select count(*) from per_order p where p.site = s.site) as orders,
                      (select count(*) from per_order p where p.site = s.site and is_out) as orders_out,
                      c.records, c.accurate
               from unnest($1::text[]) as s (site)
               cross join lateral (
                 select coalesce(sum(t.records), 0) as records, coalesce(sum(t.accurate), 0) as accurate from count_task t
                 where t.site = s.site and t.first_counted_at is not null
                   and ($2::double precision is null or t.first_counted_at >= to_timestamp($2 / 1000))
                   and ($3::double precision is null or t.first_counted_at < to_timestamp($3 / 1000))
               ) c
               order by s.site`,
        values: [sites, timeOf(query.from, 'from') ?? null, timeOf(query.to, 'to') ?? null],
      });
      return {
        sites: rows.map((row) => ({
          site: row.site,
          fill: {
            units: fillOf(row.units, row.units_out),
            lines: fillOf(row.lines, row.lines_out),
            orders: fillOf(row.orders, row.orders_out),
          },
          accuracy: { counted: row.records, accurate: row.accurate, share: shareOf(row.records, row.accurate) },
        })),
      };
    },
  );
}
