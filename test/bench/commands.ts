// Commands as people give them with a scanner: an item is moved, a line of a pick list confirmed. Each waits for the one before it.
import { sleep } from '../../src/kit/sleep.ts';
import type { Filled } from './filled.ts';
import { shareOf } from './questions.ts';

export interface Said {
  readonly name: string;
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly aimMs: { readonly p50: number; readonly p99: number };
}

type Command = readonly [path: string, body: object];

export interface Work {
  readonly moves: readonly Command[];
  readonly picks: readonly Command[];
}

/** Lines of one order, at most. */
const LINES_MOST = 500;
/** Between two commands. */
const PAUSE_MS = 50;
const AIM_MS = { p50: 15, p99: 60 };

interface Lying {
  readonly epc: string;
  readonly sku: string;
  readonly location: string;
}

/** So many items to be moved, and lines of a list to be picked, of what the ledger has in its bins. */
export async function prepareCommands(base: string, { owner, ledger: { site } }: Filled, count: number): Promise<Work> {
  const lines = Math.min(count, LINES_MOST);
  const lying = await owner.query<Lying>(
    `select epc, sku, location from item where site = $1 and location like 'B-%' order by epc desc`,
    [site],
  );
  const skus = [...new Set(lying.rows.map(({ sku }) => sku))].slice(0, lines);
  const order = `BENCH-${Date.now()}`;
  const said = await tell<{ detail: { pick: string } }>(base, '/v1/orders', {
    site,
    id: order,
    customer: 'bench',
    partial: true,
    lines: skus.map((sku, index) => ({ line: String(index + 1), sku, quantity: 1 })),
  }).then(() => tell<{ detail: { pick: string } }>(base, `/v1/orders/${order}/release`, { site }));
  const { pick } = said.detail;
  const response = await fetch(`${base}/v1/picks/${pick}?site=${site}`);
  const list = (await response.json()) as { lines: { line: number; location: string; sku: string }[] };
  const taken = new Set<string>();
  const picks = list.lines.flatMap(({ line, location, sku }): Command[] => {
    const item = lying.rows.find((one) => one.sku === sku && one.location === location && !taken.has(one.epc));
    if (item === undefined) return [];
    taken.add(item.epc);
    return [[`/v1/picks/${pick}/lines/${line}/confirmation`, { site, scan: item.epc }]];
  });
  const moves = lying.rows
    .filter(({ epc }) => !taken.has(epc))
    .slice(0, count)
    .map(({ epc, location }): Command => [
      '/v1/movements',
      { site, epc, to: location === 'B-0001' ? 'B-0002' : 'B-0001' },
    ]);
  return { moves, picks };
}

/** Says them one after the other, and how long each took. */
export async function sayCommands(base: string, { moves, picks }: Work): Promise<readonly Said[]> {
  return [await sayAll(base, 'a scan moves an item', moves), await sayAll(base, 'a line is picked', picks)];
}

async function sayAll(base: string, name: string, commands: readonly Command[]): Promise<Said> {
  const took: number[] = [];
  for (const [path, body] of commands) {
    const at = performance.now();
    await tell(base, path, body, PENDING);
    took.push(performance.now() - at);
    await sleep(PAUSE_MS);
  }
  return { name, count: took.length, p50Ms: shareOf(took, 0.5), p99Ms: shareOf(took, 0.99), aimMs: AIM_MS };
}

/** It is in the journal and was not answered in time: that is how long it took, at least. */
const PENDING = 503;

async function tell<T>(base: string, path: string, body: object, allowed?: number): Promise<T> {
  const response = await fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok && response.status !== allowed) throw new Error(`${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}
