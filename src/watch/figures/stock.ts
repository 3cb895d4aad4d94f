// Figures of stock: how often it turns over, and for how many days it lasts.
import { sqlFile } from '../../store/sql.ts';
import { daysOf, rounded, wholeDaysOf, type Asked } from './period.ts';

const STOCK = sqlFile(import.meta.url, 'sql/stockFigures.sql');
const SKUS = sqlFile(import.meta.url, 'sql/skusOfPeriod.sql');
const YEAR_DAYS = 365;

/** One SKU at one site over a period, in base units. */
export interface SkuFigures {
  readonly site: string;
  readonly sku: string;
  readonly unitCost: number | null;
  readonly currency: string | null;
  /** Velocity class. */
  readonly class: string | null;
  readonly onHand: number;
  readonly available: number;
  readonly onHandAtEnd: number;
  /** Weighted by time. */
  readonly onHandMean: number;
  readonly received: number;
  readonly shipped: number;
  readonly returned: number;
  readonly adjusted: number;
}

interface Row extends Record<string, unknown> {
  readonly site: string;
  readonly sku: string;
  readonly unit_cost: number | null;
  readonly currency: string | null;
  readonly velocity: string | null;
  readonly on_hand: number;
  readonly available: number;
  readonly on_hand_at_end: number;
  readonly on_hand_mean: number;
  readonly received: number;
  readonly shipped: number;
  readonly returned: number;
  readonly adjusted: number;
}

/** A SKU at a site. */
export interface SkuAt {
  readonly site: string;
  readonly sku: string;
}

/** SKUs that are there, or moved since the day that the period begins, by SKU and site: some `limit` after one of them. */
export async function skusOfPeriod(
  { on, sites, from }: Asked,
  which: {
    readonly sku: string | undefined;
    readonly class: string | undefined;
    readonly after: SkuAt | undefined;
    readonly limit: number;
  },
): Promise<readonly SkuAt[]> {
  const { sku, class: velocity, after, limit } = which;
  const day = new Date(from).toISOString().slice(0, 10);
  const { rows } = await on.query<SkuAt & Record<string, unknown>>({
    name: 'kpis-skus',
    text: SKUS,
    values: [sites, sku ?? null, velocity ?? null, day, after?.sku ?? null, after?.site ?? null, limit],
  });
  return rows;
}

/** Every SKU that was there, or moved. `skus` asks for some. */
export async function skuFigures({ on, sites, ...period }: Asked, skus?: readonly string[]): Promise<SkuFigures[]> {
  const { first, last, after } = wholeDaysOf(period);
  const { rows } = await on.query<Row>({
    name: 'kpis-stock',
    text: STOCK,
    values: [sites, skus ?? null, new Date(period.from), new Date(period.to), first, last, after],
  });
  return rows.map((row) => ({
    site: row.site,
    sku: row.sku,
    unitCost: row.unit_cost,
    currency: row.currency,
    class: row.velocity,
    onHand: row.on_hand,
    available: row.available,
    onHandAtEnd: row.on_hand_at_end,
    onHandMean: rounded(row.on_hand_mean, 4),
    received: row.received,
    shipped: row.shipped,
    returned: row.returned,
    adjusted: row.adjusted,
  }));
}

/** SKUs of one velocity class at one site, together. */
export interface ClassFigures {
  readonly site: string;
  /** Null: of products without a class, and SKUs that are no product. */
  readonly class: string | null;
  readonly skus: number;
  readonly onHand: number;
  readonly available: number;
  readonly received: number;
  readonly shipped: number;
  readonly returned: number;
  readonly adjusted: number;
  readonly turnover: Turnover[];
}

/** What SKUs come to by site and velocity class; those without a class last. */
export function classFigures(
  skus: readonly SkuFigures[],
  period: { readonly from: number; readonly to: number },
): ClassFigures[] {
  const groups = new Map<string, SkuFigures[]>();
  for (const one of skus) {
    const key = `${one.site} ${one.class ?? '~'}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const sumOf = (of: readonly SkuFigures[], value: (one: SkuFigures) => number): number =>
    rounded(
      of.reduce((sum, one) => sum + value(one), 0),
      4,
    );
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, of]) => ({
      site: of[0]!.site,
      class: of[0]!.class,
      skus: of.length,
      onHand: sumOf(of, ({ onHand }) => onHand),
      available: sumOf(of, ({ available }) => available),
      received: sumOf(of, ({ received }) => received),
      shipped: sumOf(of, ({ shipped }) => shipped),
      returned: sumOf(of, ({ returned }) => returned),
      adjusted: sumOf(of, ({ adjusted }) => adjusted),
      turnover: turnoverOf(of, period),
    }));
}

export interface Turnover {
  /** In a currency by unit cost; null: in units, of SKUs of which no cost is known. */
  readonly currency: string | null;
  /** What went to customers in the period, and what stood there on average, in that currency or in units. */
  readonly shipped: number;
  readonly onHandMean: number;
  /** Turns a year: what was shipped, for a year, over what stood there; null when nothing did. */
  readonly perYear: number | null;
}

/** Annualised cost of what was shipped over the time-weighted cost of what was on hand, by currency. */
export function turnoverOf(
  skus: readonly SkuFigures[],
  period: { readonly from: number; readonly to: number },
): Turnover[] {
  const sums = new Map<string | null, { shipped: number; mean: number }>();
  for (const { unitCost, currency, shipped, onHandMean } of skus) {
    const key = unitCost === null ? null : currency;
    const sum = sums.get(key) ?? { shipped: 0, mean: 0 };
    sum.shipped += shipped * (unitCost ?? 1);
    sum.mean += onHandMean * (unitCost ?? 1);
    sums.set(key, sum);
  }
  return turnoverFrom(sums, period);
}

/** From what was shipped, and what stood there on average, by currency; null: in units. */
export function turnoverFrom(
  sums: ReadonlyMap<string | null, { readonly shipped: number; readonly mean: number }>,
  period: { readonly from: number; readonly to: number },
): Turnover[] {
  return [...sums]
    .sort(([a], [b]) => ((a ?? '~') < (b ?? '~') ? -1 : 1))
    .map(([currency, { shipped, mean }]) => ({
      currency,
      shipped: rounded(shipped, 2),
      onHandMean: rounded(mean, 2),
      perYear: mean <= 0 ? null : rounded(((shipped / daysOf(period)) * YEAR_DAYS) / mean, 2),
    }));
}
