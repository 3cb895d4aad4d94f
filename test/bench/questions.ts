// The questions that the benchmarks ask the API over a ledger as fillLedger.ts makes one, each time of something else.
import { random } from '../../simulators/random.ts';
import { epcOf, locationOf, skuOf, type Ledger } from './fillLedger.ts';

const DAY_MS = 86_400_000;
const WARM = 10;
/** What takes long is asked less often. */
const ASKED_MOST_MS = 60_000;

export interface Question {
  readonly name: string;
  /** p99 that is aimed at, ms. */
  readonly aimMs: number;
  readonly path: () => string;
}

export function questionsOf({ site: name, items, skus, bins }: Ledger): readonly Question[] {
  const chance = random(1, 'api bench');
  const site = `site=${name}`;
  const ago = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
  const bin = (): string => locationOf(chance.integer(0, bins - 1));
  const sku = (): string => skuOf(chance.integer(0, skus - 1));
  const epc = (): string => epcOf(chance.integer(1, items));
  const past = (): string => `at=${ago(chance.between(1, 364))}`;
  const quarter = (): string => {
    const to = chance.between(1, 270);
    return `from=${ago(to + 91)}&to=${ago(to)}`;
  };
  return [
    { name: 'history of an item', aimMs: 10, path: () => `/v1/items/${epc()}/history?${site}` },
    { name: 'stock in a bin', aimMs: 10, path: () => `/v1/stock?${site}&location=${bin()}` },
    { name: 'stock of a SKU', aimMs: 10, path: () => `/v1/stock?${site}&sku=${sku()}` },
    { name: 'movements, newest', aimMs: 20, path: () => `/v1/movements?${site}` },
    {
      name: 'movements before a day',
      aimMs: 20,
      path: () => `/v1/movements?${site}&to=${ago(chance.between(1, 364))}`,
    },
    { name: 'movements of a SKU', aimMs: 20, path: () => `/v1/movements?${site}&sku=${sku()}` },
    { name: 'movements of a bin', aimMs: 20, path: () => `/v1/movements?${site}&location=${bin()}` },
    { name: 'stock as of a past instant', aimMs: 100, path: () => `/v1/stock?${site}&${past()}` },
    { name: 'stock of a SKU as of then', aimMs: 100, path: () => `/v1/stock?${site}&sku=${sku()}&${past()}` },
    { name: 'stock in a bin as of then', aimMs: 100, path: () => `/v1/stock?${site}&location=${bin()}&${past()}` },
    { name: 'key figures of 28 days', aimMs: 50, path: () => `/v1/kpis?${site}` },
    { name: 'key figures of a past quarter', aimMs: 50, path: () => `/v1/kpis?${site}&${quarter()}` },
    { name: 'figures by SKU, 28 days', aimMs: 100, path: () => `/v1/kpis/skus?${site}` },
    { name: 'figures by SKU, past quarter', aimMs: 100, path: () => `/v1/kpis/skus?${site}&${quarter()}` },
    { name: 'figures by class, 28 days', aimMs: 100, path: () => `/v1/kpis/classes?${site}` },
    { name: 'figures by class, past quarter', aimMs: 100, path: () => `/v1/kpis/classes?${site}&${quarter()}` },
  ];
}

export interface Answered {
  readonly name: string;
  readonly aimMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Asks each again and again over HTTP, one after the other, first a few times unmeasured. Throws what is answered instead. */
export async function ask(base: string, questions: readonly Question[], times: number): Promise<readonly Answered[]> {
  const answered: Answered[] = [];
  for (const { name, aimMs, path } of questions) {
    const took: number[] = [];
    const end = performance.now() + ASKED_MOST_MS;
    for (let nth = -WARM; nth < times && performance.now() < end; nth++) {
      const at = performance.now();
      const response = await fetch(base + path());
      const text = await response.text();
      if (!response.ok) throw new Error(`${name}: ${response.status} ${text}`);
      if (nth >= 0) took.push(performance.now() - at);
    }
    answered.push({ name, aimMs, p50Ms: shareOf(took, 0.5), p99Ms: shareOf(took, 0.99) });
  }
  return answered;
}

/** The value that so much of them is not above; NaN of none. */
export function shareOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Lines of a table, each with what is aimed at. */
export const tableOfAnswers = (answers: readonly Answered[]): readonly string[] => [
  `${'question'.padEnd(32)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}${'aim'.padStart(6)}`,
  ...answers.map(
    ({ name, aimMs, p50Ms, p99Ms }) =>
      `${name.padEnd(32)}${p50Ms.toFixed(1).padStart(9)}${p99Ms.toFixed(1).padStart(9)}${String(aimMs).padStart(6)}${p99Ms > aimMs ? '  beyond' : ''}`,
  ),
];
