// Effects into the ledger: all of a batch with the cursor, or nothing of it; and the same ledger wherever one batch ends and
// the next begins.
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Discrepancy, Effects, Posting } from '../../src/infer/effects.ts';
import type { Finding } from '../../src/infer/installation/finding.ts';
import { contentId } from '../../src/kit/ids.ts';
import type { EffectsBatch } from '../../src/post/batch.ts';
import { cursorOf, EFFECTS_CHANNEL, postEffects } from '../../src/post/ledger.ts';
import { openClient, type Client } from '../../src/store/database.ts';
import { closeAfterFile, closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase, type TestDatabase } from '../support/database.ts';
import {
  account,
  discrepancyOf,
  effectsOf,
  itemOf,
  NOON,
  passageOf,
  postingOf,
  SITE,
  transactionOf,
} from '../support/effects.ts';
import { eventually } from '../support/wait.ts';

let database: TestDatabase;
let client: Client;
let sites = 0;
let site: string;

beforeAll(async () => {
  database = await openDatabase(closeAfterFile);
  client = await openClient(database.options);
  closeAfterFile(() => client.end());
});

beforeEach(async () => {
  site = `${SITE}-${++sites}`;
  await cursorOf(client, site); // begins one
});

const months = new Set<string>();
/** Posts rows as one batch after `from`. */
const post = (effects: readonly Effects[], from = (effects[0]?.offset ?? 1) - 1, on = client): Promise<void> =>
  postEffects(on, { site, from, to: effects.at(-1)!.offset, effects } satisfies EffectsBatch, months);

const count = (table: string): Promise<number> =>
  database.value(`select count(*) from ${table} where site = $1`, [site]);

const findingOf = (id: string, some: Partial<Finding> = {}): Finding => ({
  id: contentId(id),
  kind: 'antenna-dead',
  severity: 'critical',
  subject: { readPoint: 'DOOR', reader: 'door', antenna: 2 },
  since: NOON,
  openedAt: NOON + 1000,
  closedAt: undefined,
  certainty: 0.9,
  evidence: { reads: 0 },
  seen: 'seen',
  advice: 'do',
  ...some,
});

describe('an installation', () => {
  it('is kept as it was found, and how it ended; the hours of doors as they were last counted', async () => {
    const hour = {
      readPoint: 'DOOR',
      hour: NOON,
      tags: 5,
      reads: 9,
      otherTags: 1,
      otherReads: 2,
      passages: 4,
      crossed: 3,
    };
    await post([effectsOf(1, { findings: [findingOf(site)], doorHours: [{ ...hour, stray: 0 }] })]);
    await post([
      effectsOf(2, { doorHours: [{ ...hour, tags: 6, stray: 1 }] }),
      effectsOf(3, {
        findings: [findingOf(site, { closedAt: NOON + 5000 }), findingOf(`${site} 2`)],
        doorHours: [{ ...hour, tags: 7, stray: 1 }],
      }),
    ]);
    const found = await database.rows(
      'select opened_at, closed_at, certainty, evidence, journal_offset from finding where site = $1 order by closed_at',
      [site],
    );
    const common = { opened_at: NOON + 1000, certainty: 0.9, evidence: { reads: 0 }, journal_offset: 3 };
    expect(found).toEqual([
      { ...common, closed_at: NOON + 5000 },
      { ...common, closed_at: null },
    ]);
    expect(await database.rows('select hour, tags, stray, other_reads from door_hour where site = $1', [site])).toEqual(
      [{ hour: NOON, tags: 7, stray: 1, other_reads: 2 }],
    );
  });
});

describe('a batch', () => {
  it('is posted whole, with the cursor, and told', async () => {
    const told: string[] = [];
    const listener = await openClient(database.options);
    closeAfterTest(() => listener.end());
    listener.on('notification', ({ payload }) => told.push(payload!));
    await listener.query(`listen ${EFFECTS_CHANNEL}`);
    await post([
      effectsOf(1),
      effectsOf(2, {
        transactions: [transactionOf(`${site} a`, { epc: 'AA', type: 'receive' })],
        items: [itemOf('AA')],
        passages: [passageOf(site)],
        evidence: [
          { id: passageOf(site).id, revision: 1, kind: 'passage', scores: { in: 1, out: 0 }, reads: undefined },
        ],
        discrepancies: [discrepancyOf(site)],
      }),
      effectsOf(3, { outcome: { key: 'k1', outcome: { status: 'done', transactions: [] } } }),
    ]);
    expect(await cursorOf(client, site)).toBe(3);
    for (const table of ['transaction', 'posting', 'item', 'passage', 'evidence', 'discrepancy', 'command_outcome'])
      expect([table, await count(table)]).toEqual([table, 1]);
    await eventually('it is told', () => told.some((text) => text === JSON.stringify({ site, from: 0, to: 3 })));
  });

  it('that does not begin at the cursor posts nothing', async () => {
    await post([effectsOf(1)]);
    for (const from of [0, 2]) {
      await expect(post([effectsOf(from + 1, { transactions: [transactionOf(site)] })], from)).rejects.toMatchObject({
        kind: 'conflict',
        code: 'cursor-moved',
      });
    }
    expect(await count('transaction')).toBe(0);
    expect(await cursorOf(client, site)).toBe(1);
  });

  it('posted by two at once is posted by one of them, and the other has written nothing', async () => {
    const others = await Promise.all([1, 2, 3, 4].map(() => openClient(database.options)));
    closeAfterTest(() => Promise.all(others.map((other) => other.end())));
    for (let round = 0; round < 10; round++) {
      const results = await Promise.allSettled(
        others.map((on, index) =>
          post([effectsOf(round + 1, { transactions: [transactionOf(`${site} ${round} ${index}`)] })], round, on),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'cursor-moved' });
    }
    expect(await count('transaction')).toBe(10);
    expect(await database.value('select quantity from balance where site = $1 and location = $2', [site, 'DOCK'])).toBe(
      10,
    );
  });

  it('with an id that is there already is a defect: nothing of it is posted and the cursor stays', async () => {
    await post([effectsOf(1, { transactions: [transactionOf(`${site} same`)] })]);
    const again = [effectsOf(2, { transactions: [transactionOf(`${site} new`), transactionOf(`${site} same`)] })];
    await expect(post(again)).rejects.toMatchObject({ code: '23505' });
    expect([await count('transaction'), await count('posting'), await cursorOf(client, site)]).toEqual([1, 1, 1]);
    expect(await database.value('select quantity from balance where site = $1 and location = $2', [site, 'DOCK'])).toBe(
      1,
    );
  });

  it('with a posting that moves nothing is a defect', async () => {
    const bad = (posting: Partial<Posting>) =>
      post([effectsOf(1, { transactions: [transactionOf(site, { postings: [postingOf(posting)] })] })]);
    await expect(bad({ quantity: 0 })).rejects.toMatchObject({ kind: 'defect' });
    await expect(bad({ quantity: -1 })).rejects.toMatchObject({ kind: 'defect' });
    await expect(bad({ from: account('A'), to: account('A') })).rejects.toMatchObject({ kind: 'defect' });
    expect(await cursorOf(client, site)).toBe(0);
  });

  it('may tell of any month', async () => {
    const times = [
      '1970-01-01T00:00:00.000Z',
      '1999-12-31T23:59:59.999Z',
      '2000-02-29T12:00:00.000Z',
      '9999-12-31T23:59:59.999Z',
    ];
    await post([
      effectsOf(1, {
        transactions: times.map((time, index) => transactionOf(`${site} ${index}`, { happenedAt: Date.parse(time) })),
      }),
    ]);
    const found = await database.rows<{ happened_at: number }>(
      'select happened_at from transaction where site = $1 order by happened_at',
      [site],
    );
    expect(found.map(({ happened_at: at }) => new Date(at).toISOString())).toEqual(times);
  });

  it('may hold words that Postgres does not take for text', async () => {
    const words = 'a \u0000 b \ud800 c';
    await post([
      effectsOf(1, {
        transactions: [
          transactionOf(site, { actor: words, reason: words, lot: words, postings: [postingOf({ lot: words })] }),
        ],
        discrepancies: [discrepancyOf(site, { message: words })],
        settled: [{ id: discrepancyOf(site).id, by: words, at: NOON, how: words }],
        outcome: { key: words, outcome: { status: 'refused', code: 'x', message: words } },
        configuration: { source: { file: { site, name: words } }, actor: words },
      }),
    ]);
    const kept = 'a \ufffd b \ufffd c';
    expect(await database.value('select reason from transaction where site = $1', [site])).toBe(kept);
    expect(await database.value("select outcome->>'message' from command_outcome where site = $1", [site])).toBe(kept);
    expect(await database.value("select source->'file'->>'name' from configuration where site = $1", [site])).toBe(
      kept,
    );
  });
});

/** Effects of consecutive rows, cut into batches at random. */
const cutInto = <T>(values: readonly T[], cuts: readonly boolean[]): T[][] => {
  const parts: T[][] = [];
  for (const [index, value] of values.entries()) {
    if (index === 0 || cuts[index] === true) parts.push([]);
    parts.at(-1)!.push(value);
  }
  return parts;
};

async function postCut(rows: readonly Effects[], cuts: readonly boolean[]): Promise<void> {
  site = `${SITE}-${++sites}`;
  await cursorOf(client, site);
  for (const batch of cutInto(rows, cuts)) await post(batch);
}

describe('balances', () => {
  const place = fc.constantFrom('A', 'B', 'supplier');
  const posting = fc
    .record({
      sku: fc.constantFrom('X', 'Y'),
      lot: fc.constantFrom('', 'L1'),
      quantity: fc.integer({ min: 1, max: 4000 }).map((number) => number / 4),
      from: place,
      to: place,
      status: fc.constantFrom('available', 'quality'),
    })
    .filter(({ from, to }) => from !== to);

  it('are the sum of their postings, wherever batches end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.array(posting, { maxLength: 3 }), { maxLength: 3 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        async (rows, cuts) => {
          const effects = rows.map((transactions, row) =>
            effectsOf(row + 1, {
              transactions: transactions.map((postings, index) =>
                transactionOf(`${sites} ${row} ${index}`, {
                  postings: postings.map(({ from, to, status, ...rest }) =>
                    postingOf({ ...rest, from: account(from, status), to: account(to, status) }),
                  ),
                }),
              ),
            }),
          );
          await postCut(effects, cuts);
          const sums = new Map<string, number>();
          const add = (key: string, quantity: number): void => void sums.set(key, (sums.get(key) ?? 0) + quantity);
          for (const { sku, lot, quantity, from, to, status } of rows.flat(2)) {
            add([sku, lot, from, status].join(), -quantity);
            add([sku, lot, to, status].join(), quantity);
          }
          const held = await database.rows<{ key: string; quantity: number }>(
            `select concat_ws(',', sku, lot, location, status) as key, quantity from balance where site = $1 and quantity <> 0`,
            [site],
          );
          expect(new Map(held.map(({ key, quantity }) => [key, quantity]))).toEqual(
            new Map([...sums].filter(([, quantity]) => quantity !== 0)),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('may fall below zero: what was seen to leave has left', async () => {
    await post([
      effectsOf(1, {
        transactions: [
          transactionOf(site, { postings: [postingOf({ from: account('A'), to: account('B'), quantity: 3 })] }),
        ],
      }),
    ]);
    expect(await database.value('select quantity from balance where site = $1 and location = $2', [site, 'A'])).toBe(
      -3,
    );
  });
});

describe('discrepancies', () => {
  type Step = { readonly what: 'open' | 'settle'; readonly name: number; readonly text: number };

  it('stand as after the last row, wherever batches end', async () => {
    const step = fc.record({
      what: fc.constantFrom('open' as const, 'settle' as const),
      name: fc.integer({ min: 0, max: 2 }),
      text: fc.integer({ min: 0, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 10 }),
        fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
        async (steps: readonly Step[], cuts) => {
          const rows = steps.map(({ what, name, text }, row) => {
            const found: Discrepancy = discrepancyOf(name, { message: `message ${text}` });
            return effectsOf(
              row + 1,
              what === 'open'
                ? { discrepancies: [found] }
                : { settled: [{ id: found.id, by: 'me', at: NOON, how: `how ${text}` }] },
            );
          });
          const expected = new Map<string, string>();
          for (const { what, name, text } of steps) {
            const { id } = discrepancyOf(name);
            if (what === 'open') expected.set(id, `open message ${text} `);
            else if (expected.get(id)?.startsWith('open') === true)
              expected.set(id, `${expected.get(id)!.replace('open', 'settled').trimEnd()} how ${text}`);
          }
          await postCut(rows, cuts);
          const held = await database.rows<{ id: string; text: string }>(
            `select id, concat_ws(' ', state, message, coalesce(settlement, '')) as text from discrepancy where site = $1`,
            [site],
          );
          const states = new Map(held.map(({ id, text }) => [id, text.split(' how')[0]!.trimEnd()]));
          expect(states).toEqual(new Map([...expected].map(([id, text]) => [id, text.split(' how')[0]!.trimEnd()])));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('opened and settled by one row are settled', async () => {
    await post([
      effectsOf(1, {
        discrepancies: [discrepancyOf(site)],
        settled: [{ id: discrepancyOf(site).id, by: 'me', at: NOON, how: 'so' }],
      }),
    ]);
    expect(
      await database.rows('select state, settled_by, settlement from discrepancy where site = $1', [site]),
    ).toEqual([{ state: 'settled', settled_by: 'me', settlement: 'so' }]);
  });
});

describe('items and passages', () => {
  it('are what the last row says; when it was last seen never goes back', async () => {
    const rows = [
      effectsOf(1, {
        items: [itemOf('AA', { location: 'A', seenAt: NOON + 5000, seenBy: 'late' })],
        passages: [passageOf(site, { revision: 1 })],
      }),
      effectsOf(2, {
        items: [itemOf('AA', { location: 'B', seenAt: NOON, seenBy: 'early' })],
        passages: [passageOf(site, { revision: 2, outcome: 'out' })],
      }),
    ];
    await post([rows[0]!]);
    await post([rows[1]!]);
    expect(
      await database.rows('select location, last_seen_at, last_seen_by from item where site = $1', [site]),
    ).toEqual([{ location: 'B', last_seen_at: NOON + 5000, last_seen_by: 'late' }]);
    expect(await database.rows('select revision, outcome from passage where site = $1', [site])).toEqual([
      { revision: 2, outcome: 'out' },
    ]);
  });

  it('keep the evidence of each revision as it was first given', async () => {
    const evidence = (revision: number, odds: number) => ({
      id: passageOf(site).id,
      revision,
      kind: 'passage' as const,
      scores: { in: odds, out: 0 },
      reads: undefined,
    });
    await post([effectsOf(1, { evidence: [evidence(1, 1), evidence(1, 9)] })]);
    await post([effectsOf(2, { evidence: [evidence(1, 8), evidence(2, 2)] })]);
    expect(
      await database.rows("select revision, scores->'in' as odds from evidence where site = $1 order by revision", [
        site,
      ]),
    ).toEqual([
      { revision: 1, odds: 1 },
      { revision: 2, odds: 2 },
    ]);
  });
});
