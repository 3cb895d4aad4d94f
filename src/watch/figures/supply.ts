// For how many days stock lasts: what is available over what customers were sent a day, on days on which there was any.
import { sqlFile } from '../../store/sql.ts';
import { rounded, type Asked } from './period.ts';

const SUPPLY = sqlFile(import.meta.url, 'sql/supply.sql');

/** Demand is the mean of the last so many days on which the SKU was in stock, sought so far back. */
const IN_STOCK_DAYS = 28;
const LOOK_BACK_DAYS = 120;
const QUANTITY_DECIMALS = 6;
/** Demand of a whole site is that of so many days, in stock or not. */
export const DEMAND_DAYS = 28;

export interface Supply {
  /** In-stock days that demand was seen on. */
  readonly inStockDays: number;
  readonly demandPerDay: number;
  /** Null when there is no demand. */
  readonly days: number | null;
}

interface Day {
  /** Days before `to`, 0 is the one that it lies in. */
  readonly ago: number;
  readonly net: number;
  readonly shipped: number;
}

/** By site and SKU (`supplyKey`), for SKUs that are asked for; demand up to `to`, stock as it is at it. */
export async function supplyOf(
  { on, to }: Pick<Asked, 'on' | 'to'>,
  stocks: readonly {
    readonly site: string;
    readonly sku: string;
    readonly onHandAtEnd: number;
    readonly available: number;
  }[],
): Promise<Map<string, Supply>> {
  const { rows } = await on.query<{ site: string; sku: string; ago: number; net: number; shipped: number }>({
    name: 'kpis-supply',
    text: SUPPLY,
    values: [
      stocks.map(({ site }) => site),
      stocks.map(({ sku }) => sku),
      new Date(to).toISOString().slice(0, 10),
      LOOK_BACK_DAYS,
      new Date(to),
    ],
  });
  const days = new Map<string, Day[]>();
  for (const row of rows) days.set(supplyKey(row), [...(days.get(supplyKey(row)) ?? []), row]);
  return new Map(
    stocks.map((stock) => [
      supplyKey(stock),
      supplyFrom(days.get(supplyKey(stock)) ?? [], stock.onHandAtEnd, stock.available),
    ]),
  );
}

export const supplyKey = ({ site, sku }: { readonly site: string; readonly sku: string }): string => `${site} ${sku}`;

/** `days`: those on which something changed, the last one first. Pure. */
export function supplyFrom(days: readonly Day[], onHandAtEnd: number, available: number): Supply {
  let inStock = 0;
  let shipped = 0;
  let held = onHandAtEnd;
  let next = 0;
  for (let ago = 0; ago < LOOK_BACK_DAYS && inStock < IN_STOCK_DAYS; ago++) {
    const day = days[next]?.ago === ago ? days[next++] : undefined;
    // As exact as quantities are: what is left of parts of a unit by binary fractions is no stock.
    const before = rounded(held - (day?.net ?? 0), QUANTITY_DECIMALS);
    if (held > 0 || before > 0 || (day?.shipped ?? 0) > 0) {
      inStock++;
      shipped += day?.shipped ?? 0;
    }
    held = before;
  }
  const demandPerDay = inStock === 0 ? 0 : shipped / inStock;
  return {
    inStockDays: inStock,
    demandPerDay: rounded(demandPerDay, 4),
    days: demandPerDay <= 0 ? null : rounded(Math.max(0, available) / demandPerDay, 1),
  };
}

export interface SiteSupply {
  readonly available: number;
  readonly demandPerDay: number;
  readonly days: number | null;
}

/** Of a whole site: what is available over what customers were sent a day in `DEMAND_DAYS`. Pure. */
export function supplyOfSite(held: number, shipped: number): SiteSupply {
  const available = Math.max(0, held);
  const demandPerDay = shipped / DEMAND_DAYS;
  const days = demandPerDay <= 0 ? null : rounded(available / demandPerDay, 1);
  return { available, demandPerDay: rounded(demandPerDay, 4), days };
}
