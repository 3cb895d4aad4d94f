// What is picked how often, which velocity class that makes it, and which bins it had better lie in: proposals, made of what is known when
// somebody asks. Nothing is changed by asking.
import { Type } from 'typebox';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { TimeParameter, timeOf } from './lists.ts';
import { ApiFault, Problem } from './problem.ts';
import { classesOf, movesOf, ranked, VELOCITIES, type Demand, type Lying } from './slottingRule.ts';

const DAY_MS = 86_400_000;
const DAYS = 28;
/** SKUs, and moves, of one answer. */
const LIMIT = 200;
const LIMIT_MAX = 2000;

const Text = Type.Union([Type.String(), Type.Null()]);
const Velocity = Type.Enum([...VELOCITIES]);

const SlottingJson = Type.Object({
  site: Type.String(),
  from: Type.String({ format: 'date-time' }),
  to: Type.String({ format: 'date-time' }),
  lines: Type.Integer({ description: 'Lines of pick lists of the period from which something was taken.' }),
  skus: Type.Array(
    Type.Object({
      sku: Type.String(),
      name: Type.String(),
      lines: Type.Integer(),
      units: Type.Number(),
      class: Velocity,
      velocity: Type.Union([Type.String(), Type.Null()], { description: 'As the product says.' }),
    }),
    { description: 'What was picked most first.' },
  ),
  moves: Type.Array(
    Type.Object({
      sku: Type.String(),
      lot: Text,
      owner: Text,
      quantity: Type.Number(),
      from: Type.String(),
      to: Type.String(),
      class: Velocity,
      savesM: Type.Union([Type.Number(), Type.Null()], {
        description: 'Metres a day that pickers walk less; null where the site file does not place a bin.',
      }),
      reason: Type.String(),
    }),
  ),
});

export function slottingRoutes(app: App, { pool, catalogue, clock }: Context): void {
  app.get(
    '/v1/slotting',
    {
      schema: {
        tags: ['products'],
        summary: 'Velocity classes by what was picked, and what is to be moved to other bins',
        description: `The SKUs that came to \`a\` of all picked lines are A, up to \`b\` B, the rest C. Goods in pick bins of another class, or so far from where orders
are packed that moving them saves at least \`savesM\` metres a day, are proposed for empty bins that may take them. Take a class with \`PUT /v1/products/{sku}\`,
tell a move with \`POST /v1/movements\`.`,
        querystring: Type.Object({
          site: Type.String(),
          from: TimeParameter(`${DAYS} days before \`to\` when left out.`),
          to: TimeParameter('Now when left out.'),
          a: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.8 })),
          b: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.95 })),
          savesM: Type.Optional(Type.Number({ minimum: 0, maximum: 1e6, default: 10 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: LIMIT })),
        }),
        response: { 200: SlottingJson, default: Problem },
      },
    },
    async ({ query }) => {
      const { site, a = 0.8, b = 0.95, savesM = 10, limit = LIMIT } = query;
      const plan = await catalogue.one(site);
      const to = timeOf(query.to, 'to') ?? clock();
      const from = timeOf(query.from, 'from') ?? to - DAYS * DAY_MS;
      if (from >= to) throw new ApiFault(400, 'bad-request', 'from: it must be before to.');
      if (a > b) throw new ApiFault(400, 'bad-request', 'a: it must not be more than b.');
      const [demands, stock] = await Promise.all([demandsOf(pool, site, from, to), stockOf(pool, site)]);
      const classes = classesOf(demands, { a, b });
      const moves = movesOf(plan, demands, classes, stock, { days: (to - from) / DAY_MS, savesM });
      return {
        site,
        from: formatTime(from),
        to: formatTime(to),
        lines: demands.reduce((sum, { lines }) => sum + lines, 0),
        skus: ranked(demands)
          .slice(0, limit)
          .map(({ sku, name, lines, units, velocity }) => ({
            sku,
            name,
            lines,
            units,
            class: classes.get(sku)!,
            velocity: velocity ?? null,
          })),
        moves: moves
          .slice(0, limit)
          .map((move) => ({ ...move, lot: move.lot || null, owner: move.owner || null, savesM: move.savesM ?? null })),
      };
    },
  );
}

interface DemandRow extends Record<string, unknown> {
  readonly sku: string;
  readonly name: string | null;
  readonly velocity: string | null;
  readonly hazard: string | null;
  readonly temperature: string | null;
  readonly fixed_bin: string | null;
  readonly lines: number;
  readonly units: number;
}

/** Every product, and whatever else was picked or is stored; times in ms. */
async function demandsOf(pool: Context['pool'], site: string, from: number, to: number): Promise<Demand[]> {
  const { rows } = await pool.query<DemandRow>({
    name: 'slotting-demand',
    text: `with picked as (
             select l.sku, count(*) as lines, sum(l.picked) as units from pick_list p join pick_line l using (site, pick)
             where p.site = $1 and l.was_picked and p.created_at >= $2 and p.created_at < $3 group by l.sku
           ), known as (
             select sku from product where site = $1 union select sku from picked
             union select sku from balance where site = $1 and quantity > 0
           )
           select k.sku, p.name, p.velocity, p.hazard, p.temperature, p.fixed_bin, coalesce(d.lines, 0) as lines, coalesce(d.units, 0) as units
           from known k left join product p on (p.site, p.sku) = ($1, k.sku) left join picked d on d.sku = k.sku`,
    values: [site, new Date(from), new Date(to)],
  });
  return rows.map((row) => ({
    sku: row.sku,
    name: row.name ?? '',
    velocity: row.velocity ?? undefined,
    hazard: row.hazard ?? undefined,
    temperature: row.temperature ?? undefined,
    fixedBin: row.fixed_bin ?? undefined,
    lines: row.lines,
    units: row.units,
  }));
}

/** What lies where, whatever its status: a bin with something in it is not empty. */
async function stockOf(pool: Context['pool'], site: string): Promise<readonly Lying[]> {
  const { rows } = await pool.query<Lying & Record<string, unknown>>({
    name: 'slotting-stock',
    text: `select location, sku, lot, owner, sum(quantity) as quantity from balance where site = $1 and quantity > 0
           group by location, sku, lot, owner order by location, sku, lot, owner`,
    values: [site],
  });
  return rows;
}
