// Stock as of any instant, through marks that come and go: the same as the sum of all postings, as known now or as known then.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { stockAsOf } from '../../src/api/stockAsOf.ts';
import type { Posting } from '../../src/infer/effects.ts';
import { cursorOf, postEffects } from '../../src/post/ledger.ts';
import { markStock, type Marking } from '../../src/post/markStock.ts';
import { verifyMarks } from '../../src/post/verifyMarks.ts';
import { openClient, type Client } from '../../src/store/database.ts';
import { closeAfterFile } from '../support/cleanUp.ts';
import { openDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/wait.ts';
import { account, effectsOf, postingOf, SITE, transactionOf } from '../support/effects.ts';

const HOUR_MS = 3_600_000;
const HOURS = 96;
/** Far ahead, so that whatever is recorded in a test is older. */
const BEGIN = Date.UTC(2099, 0, 1);
const EVER = BEGIN + 10 * HOURS * HOUR_MS;
/** So small that a few postings have marks. */
const SMALL: Marking = { every: 3, marksAtOnce: 2, skusAtOnce: 1, transactionsAtOnce: 4 };

let database: TestDatabase;
let client: Client;
let marker: Client;
beforeAll(async () => {
  database = await openDatabase(closeAfterFile);
  client = await openClient(database.options);
  closeAfterFile(() => client.end());
  marker = await openClient(database.options);
  closeAfterFile(() => marker.end());
});

interface Moved {
  readonly sku: 'S1' | 'S2' | 'S3';
  readonly lot: '' | 'L1';
  readonly from: string;
  readonly to: string;
  readonly quantity: number;
  /** Hours after the beginning; and how many later it was recorded, or before. */
  readonly hour: number;
  readonly lateHours: number;
}
/** Or marks are made, of what happened until an hour. */
type Doing = Moved | { readonly markUntil: number };

const place = fc.constantFrom('supplier', 'A', 'B', 'C', 'customer');
const moved: fc.Arbitrary<Doing> = fc
  .record({
    sku: fc.constantFrom<Moved['sku'][]>('S1', 'S1', 'S1', 'S2', 'S3'),
    lot: fc.constantFrom<Moved['lot'][]>('', '', 'L1'),
    from: place,
    to: place,
    quantity: fc.integer({ min: 1, max: 50 }).map((tenths) => tenths / 10),
    // Few different hours, so that some happen at one instant.
    hour: fc.integer({ min: 0, max: HOURS }),
    lateHours: fc.constantFrom(0, 0, 0, 1, 24, 25, 60, -23, -24, -30),
  })
  .filter(({ from, to }) => from !== to);
const doing = fc.oneof(
  { weight: 5, arbitrary: moved },
  { weight: 1, arbitrary: fc.record({ markUntil: fc.integer({ min: 0, max: HOURS }) }) },
);
const instant = fc.option(fc.integer({ min: -50, max: HOURS + 50 }));

const timeOf = (hour: number): number => BEGIN + hour * HOUR_MS;

let run = 0;

/** Posts and marks, one after the other, at a site of its own. */
async function did(doings: readonly Doing[]): Promise<string> {
  const site = `${SITE}-M${++run}`;
  await cursorOf(client, site);
  const months = new Set<string>();
  let offset = 0;
  for (const one of doings) {
    if ('markUntil' in one) await markAll(site, timeOf(one.markUntil));
    else await post(site, ++offset, one, months);
  }
  return site;
}

async function markAll(site: string, until: number): Promise<void> {
  while (await markStock(marker, site, until, SMALL));
}

async function post(site: string, offset: number, { sku, lot, from, to, quantity, hour }: Moved, months: Set<string>) {
  const posting: Posting = { ...postingOf({ sku, lot, quantity }), from: account(from), to: account(to) };
  const transaction = transactionOf(`${site} ${offset}`, { happenedAt: timeOf(hour), postings: [posting] });
  const effects = [effectsOf(offset, { transactions: [transaction] })];
  await postEffects(client, { site, from: offset - 1, to: offset, effects }, months);
}

/** As if each had been recorded when it says. */
async function recordThen(site: string, all: readonly Moved[]): Promise<void> {
  await database.owner.query('set session_replication_role = replica');
  for (const [index, { hour, lateHours }] of all.entries())
    await database.owner.query(
      `update posting set recorded_at = to_timestamp($3 / 1000.0)
       where site = $1 and transaction_id = (select id from transaction where site = $1 and journal_offset = $2)`,
      [site, index + 1, timeOf(hour + lateHours)],
    );
  await database.owner.query('reset session_replication_role');
}

const asked = (site: string, at: number | undefined, knownAt: number | undefined) =>
  stockAsOf(client, {
    sites: [site],
    places: undefined,
    sku: undefined,
    after: undefined,
    limit: 1000,
    at,
    knownAt,
  });

/** The definition: every posting by itself. */
function summed(site: string, all: readonly Moved[], at = EVER, knownAt = EVER): unknown[] {
  const tenths = new Map<string, number>();
  for (const { sku, lot, from, to, quantity, hour, lateHours } of all) {
    if (timeOf(hour) > at || timeOf(hour + lateHours) > knownAt) continue;
    for (const [location, sign] of [
      [from, -1],
      [to, 1],
    ] as const) {
      if (location === 'supplier' || location === 'customer') continue;
      const key = [site, sku, location, '', lot, '', 'available'].join('|');
      tenths.set(key, (tenths.get(key) ?? 0) + sign * Math.round(quantity * 10));
    }
  }
  return [...tenths]
    .filter(([, quantity]) => quantity !== 0)
    .map(([key, quantity]) => `${key}|${quantity / 10}`)
    .sort();
}

describe('stock as of an instant', () => {
  it('is the sum of all postings until then, with marks that were made at any time between', async () => {
    let marks = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(doing, { minLength: 20, maxLength: 60 }),
        fc.array(fc.tuple(instant, instant), { minLength: 6, maxLength: 6 }),
        fc.boolean(),
        async (doings, instants, isMarked) => {
          const site = await did(isMarked ? [...doings, { markUntil: HOURS }] : doings);
          const all = doings.filter((one): one is Moved => !('markUntil' in one));
          expect(await verifyMarks(database.owner, site)).toEqual([]);
          await recordThen(site, all);
          for (const [hour, known] of instants) {
            const [at, knownAt] = [hour, known].map((one) => (one === null ? undefined : timeOf(one)));
            const rows = await asked(site, at, knownAt);
            const found = rows.map((row) =>
              [row.site, row.sku, row.location, row.container, row.lot, row.owner, row.status, row.quantity].join('|'),
            );
            expect({ hour, known, found: found.sort() }).toEqual({
              hour,
              known,
              found: summed(site, all, at, knownAt),
            });
          }
          marks += await marksOf(site);
        },
      ),
      { numRuns: 30 },
    );
    // Otherwise it would have proved nothing.
    expect(marks).toBeGreaterThan(50);
  }, 120_000);
});

const marksOf = async (site: string, more = ''): Promise<number> =>
  (
    await database.rows<{ count: number }>(
      `select count(*) as count from stock_mark where site = $1 and not is_first ${more}`,
      [site],
    )
  )[0]!.count;

const inTurn = (hours: readonly number[]): Moved[] =>
  hours.map((hour) => ({
    sku: 'S1',
    lot: '',
    from: 'supplier',
    to: 'A',
    quantity: 1,
    hour,
    lateHours: 0,
  }));

describe('marks of stock', () => {
  it('are dropped from the time on for which something is posted late, and made again', async () => {
    const site = await did([...inTurn([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), { markUntil: HOURS }]);
    expect(await marksOf(site)).toBe(3);
    await post(site, 11, inTurn([4])[0]!, new Set());
    expect(await marksOf(site)).toBe(1);
    await markAll(site, timeOf(HOURS));
    expect(await marksOf(site)).toBe(3);
    expect(await verifyMarks(database.owner, site)).toEqual([]);
  });

  it('are not made of what is too young, and are once it is not', async () => {
    const site = await did([...inTurn([0, 1, 2, 3, 4, 5, 6]), { markUntil: 5 }]);
    expect(await marksOf(site)).toBe(2);
    await post(site, 8, inTurn([9])[0]!, new Set());
    await markAll(site, timeOf(HOURS));
    expect(await marksOf(site)).toBe(2);
  });

  it('that somebody changed are told by verify', async () => {
    const site = await did([...inTurn([0, 1, 2, 3, 4, 5]), { markUntil: HOURS }]);
    await database.owner.query(
      `update stock_mark set stock = jsonb_set(stock, '{0,quantity}', '7') where site = $1 and at = to_timestamp($2 / 1000.0)`,
      [site, timeOf(2)],
    );
    const [difference] = await verifyMarks(database.owner, site);
    expect(difference).toMatchObject({ site, what: 'marks of stock against postings' });
    expect(difference!.examples[0]).toMatch(/^S1 .*A.*: mark 7, postings 3/);
  });

  it('that are made while something is posted for a time before them are not kept', async () => {
    const site = await did(inTurn([0, 1, 2, 3, 4, 5]));
    // Posting has looked for marks to drop, and is held up before it commits; the step, which does not see it, makes some meanwhile.
    const late = transactionOf(`${site} late`, {
      happenedAt: timeOf(1),
      postings: [postingOf({ sku: 'S1', from: account('supplier'), to: account('A') })],
    });
    const batch = { site, from: 6, to: 7, effects: [effectsOf(7, { transactions: [late] })] };
    const { owner } = database;
    await owner.query('begin');
    try {
      await owner.query('select from balance where site = $1 for update', [site]);
      const posting = postEffects(client, batch, new Set());
      await waiting(1);
      const marking = markStock(marker, site, timeOf(HOURS), SMALL);
      await waiting(2);
      await owner.query('commit');
      await Promise.all([posting, marking]);
    } finally {
      await owner.query('rollback');
    }
    expect(await verifyMarks(owner, site)).toEqual([]);
    expect(await marksOf(site)).toBe(0);
    await markAll(site, timeOf(HOURS));
    expect(await marksOf(site)).toBe(2);
    expect(await verifyMarks(owner, site)).toEqual([]);
  });
});

/** Until so many statements wait for a lock. */
const waiting = (count: number): Promise<boolean> =>
  eventually(`${count} wait`, async () => {
    await database.owner.query('select pg_stat_clear_snapshot()');
    const blocked = await database.value(
      "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return blocked === count;
  });
