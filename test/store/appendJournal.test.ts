// The one way into the journal: offsets without gaps in the order of commit, once is once, and receipts that never promise
// what is not there. Held against a model of a few lines, and against eight appenders at once.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal, type Appended, type Entry, type Journal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { openPool } from '../../src/store/database.ts';
import { closeAfterFile, closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase, type TestDatabase } from '../support/database.ts';
import { entriesOf, epcOf } from '../support/sites.ts';

const log = createLog({ style: 'silent' });
const NOON = Date.UTC(2026, 10, 23, 12);

let database: TestDatabase;
let journal: Journal;
let sites = 0;
const newSite = (): string => `S${++sites}`;

beforeAll(async () => {
  database = await openDatabase(closeAfterFile);
  journal = openJournal(database.pool, log);
});

interface Spec {
  readonly gateway?: string;
  readonly epoch?: string;
  readonly seq: number;
  readonly digest?: number;
  readonly oldest?: number;
  readonly kind?: 'entries' | 'quarantined' | 'tick';
  readonly counts?: boolean;
  readonly receivedAt?: number;
}

function entryOf(site: string, spec: Spec): Entry {
  const base = {
    site,
    gateway: spec.gateway ?? 'gw-1',
    epoch: spec.epoch ?? 'e1',
    seq: BigInt(spec.seq),
    digest: BigInt(spec.digest ?? spec.seq),
    counts: spec.counts ?? true,
    receivedAt: spec.receivedAt ?? NOON,
    ...(spec.oldest === undefined ? {} : { oldest: spec.oldest }),
  };
  if (spec.kind === 'quarantined') return { ...base, kind: 'quarantined' };
  if (spec.kind === 'tick') return { ...base, kind: 'tick' };
  const entries = entriesOf([{ epc: epcOf(spec.seq % 1000), at: NOON }]);
  return { ...base, kind: 'entries', entries, sentAt: undefined };
}

const append = (site: string, ...specs: readonly Spec[]): Promise<Appended[]> =>
  journal.append(specs.map((spec) => entryOf(site, spec)));

const short = (appended: readonly Appended[]) =>
  appended.map(({ verdict, offset, through }) => [verdict, offset, through]);

const gapsOf = (site: string) =>
  database.rows<{ from_seq: number; to_seq: number; lost: number }>(
    'select from_seq, to_seq, lost from gap where site = $1 order by from_seq',
    [site],
  );

describe('an append', () => {
  it('numbers what is fresh from 1 on and says what the receipt may promise', async () => {
    const site = newSite();
    expect(short(await append(site, { seq: 1 }, { seq: 2 }))).toEqual([
      ['fresh', 1, 2],
      ['fresh', 2, 2],
    ]);
    expect(short(await append(site, { seq: 5 }))).toEqual([['fresh', 3, 2]]);
    expect(short(await append(site, { seq: 3 }, { seq: 4 }))).toEqual([
      ['fresh', 4, 5],
      ['fresh', 5, 5],
    ]);
  });

  it('of a sequence that does not begin at 1 promises nothing', async () => {
    const site = newSite();
    expect(short(await append(site, { seq: 7 }))).toEqual([['fresh', 1, 0]]);
  });

  it('gives a double no offset and no row, in the same batch and in later ones', async () => {
    const site = newSite();
    expect(short(await append(site, { seq: 1 }, { seq: 1 }, { seq: 2 }))).toEqual([
      ['fresh', 1, 2],
      ['duplicate', undefined, 2],
      ['fresh', 2, 2],
    ]);
    expect(short(await append(site, { seq: 2 }, { seq: 1 }))).toEqual([
      ['duplicate', undefined, 2],
      ['duplicate', undefined, 2],
    ]);
    expect(await database.value('select count(*) from journal where site = $1', [site])).toBe(2);
  });

  it('tells other bytes under a used number from the same ones, in the same batch and in later ones', async () => {
    const site = newSite();
    expect(short(await append(site, { seq: 1, digest: 10 }, { seq: 1, digest: 11 }))).toEqual([
      ['fresh', 1, 1],
      ['conflict', undefined, 1],
    ]);
    expect(short(await append(site, { seq: 1, digest: 12 }, { seq: 1, digest: 10 }))).toEqual([
      ['conflict', undefined, 1],
      ['duplicate', undefined, 1],
    ]);
  });

  it('remembers what is quarantined: its number is used up, it gets no row', async () => {
    const site = newSite();
    expect(short(await append(site, { seq: 1 }, { seq: 2, kind: 'quarantined' }, { seq: 3 }))).toEqual([
      ['fresh', 1, 3],
      ['fresh', undefined, 3],
      ['fresh', 2, 3],
    ]);
    expect(short(await append(site, { seq: 2, kind: 'quarantined' }, { seq: 2, digest: 99 }))).toEqual([
      ['duplicate', undefined, 3],
      ['conflict', undefined, 3],
    ]);
  });

  it('keeps streams apart: site, gateway and epoch', async () => {
    const [one, other] = [newSite(), newSite()];
    const appended = await journal.append([
      entryOf(one, { seq: 1 }),
      entryOf(one, { seq: 1, gateway: 'gw-2' }),
      entryOf(one, { seq: 1, epoch: 'e2' }),
      entryOf(other, { seq: 1 }),
    ]);
    expect(short(appended)).toEqual([
      ['fresh', 1, 1],
      ['fresh', 2, 1],
      ['fresh', 3, 1],
      ['fresh', 1, 1],
    ]);
  });

  it('gives streams without a sequence no receipt', async () => {
    const site = newSite();
    const device = { gateway: 'reader', epoch: '', counts: false };
    expect(short(await append(site, { ...device, seq: 77 }, { ...device, seq: 77 }))).toEqual([
      ['fresh', 1, undefined],
      ['duplicate', undefined, undefined],
    ]);
  });

  it('never lets time fall: a row is received no earlier than the one before', async () => {
    const site = newSite();
    const times = [0, 500, 200, 900, 100].map((ms) => NOON + ms);
    const first = await append(site, ...times.map((receivedAt, index) => ({ seq: index + 1, receivedAt })));
    expect(first.map(({ receivedAt }) => receivedAt! - NOON)).toEqual([0, 500, 500, 900, 900]);
    const [next] = await append(site, { seq: 9, receivedAt: NOON - 5000 });
    expect(next!.receivedAt! - NOON).toBe(900);
  });

  it('makes the partitions that it needs, on both sides of midnight', async () => {
    const site = newSite();
    const midnight = Date.UTC(2031, 4, 1);
    const fresh = openJournal(database.pool, log);
    const entries = [-60_000, 60_000].map((ms, index) => entryOf(site, { seq: index + 1, receivedAt: midnight + ms }));
    expect(short(await fresh.append(entries))).toEqual([
      ['fresh', 1, 2],
      ['fresh', 2, 2],
    ]);
    expect((await journal.read(site, 0, 10)).map(({ receivedAt }) => receivedAt - midnight)).toEqual([-60_000, 60_000]);
  });

  it('goes the quick way as long as each stream goes on where it had ended, and no other', async () => {
    const [one, other] = [newSite(), newSite()];
    const asked: string[] = [];
    const pool = new Proxy(database.pool, {
      get: (target, name) =>
        name === 'query'
          ? (query: string | { name: string }, values?: unknown[]) => {
              if (typeof query === 'object') asked.push(query.name);
              return target.query(query as string, values);
            }
          : (Reflect.get(target, name) as unknown),
    });
    const watched = openJournal(pool, log);
    const way = async (...entries: readonly Entry[]): Promise<[string[], unknown[]]> => {
      asked.length = 0;
      const appended = await watched.append(entries);
      return [[...asked], appended.map(({ verdict, offset, through }) => [verdict, offset, through])];
    };
    const device = { gateway: 'reader', epoch: '', counts: false };
    expect(
      await way(
        entryOf(one, { seq: 1, oldest: 1 }),
        entryOf(other, { seq: 1, kind: 'quarantined' }),
        entryOf(one, { ...device, seq: 900 }),
        entryOf(one, { seq: 2, oldest: 2 }),
        entryOf(one, { ...device, seq: 7 }),
        entryOf(other, { seq: 2 }),
      ),
    ).toEqual([
      ['append-fresh'],
      [
        ['fresh', 1, 2],
        ['fresh', undefined, 2],
        ['fresh', 2, undefined],
        ['fresh', 3, 2],
        ['fresh', 4, undefined],
        ['fresh', 1, 2],
      ],
    ]);
    const both = ['append-fresh', 'append-journal'];
    expect(await way(entryOf(one, { seq: 2 }))).toEqual([both, [['duplicate', undefined, 2]]]);
    expect(await way(entryOf(one, { ...device, seq: 7 }))).toEqual([both, [['duplicate', undefined, undefined]]]);
    expect(await way(entryOf(one, { seq: 5, oldest: 5 }))).toEqual([both, [['fresh', 5, 5]]]);
    expect(await way(entryOf(one, { seq: 4 }))).toEqual([both, [['fresh', 6, 5]]]); // it was on its way
    expect(await way(entryOf(one, { seq: 6 }), entryOf(one, { seq: 8 }))).toEqual([
      ['append-journal'],
      [
        ['fresh', 7, 6],
        ['fresh', 8, 6],
      ],
    ]);
    expect(await way(entryOf(one, { seq: 7 }), entryOf(one, { seq: 9 }))).toEqual([
      ['append-journal'],
      [
        ['fresh', 9, 9],
        ['fresh', 10, 9],
      ],
    ]);
    expect(await way(entryOf(one, { seq: 10, oldest: 1 }))).toEqual([['append-fresh'], [['fresh', 11, 10]]]);
  });

  it('of nothing does nothing', async () => {
    expect(await journal.append([])).toEqual([]);
  });
});

describe('what a gateway no longer holds', () => {
  it('is recorded once as a gap, and the receipt passes it', async () => {
    const site = newSite();
    await append(site, { seq: 1 });
    expect(short(await append(site, { seq: 6, oldest: 5 }))).toEqual([['fresh', 2, 4]]);
    expect(await gapsOf(site)).toEqual([{ from_seq: 2, to_seq: 4, lost: 3 }]);
    expect(short(await append(site, { seq: 5, oldest: 5 }, { seq: 7, oldest: 5 }))).toEqual([
      ['fresh', 3, 7],
      ['fresh', 4, 7],
    ]);
    expect(await gapsOf(site)).toHaveLength(1);
  });

  it('is no gap when it comes in the very same commit', async () => {
    const site = newSite();
    expect(short(await append(site, { seq: 1, oldest: 1 }, { seq: 2, oldest: 1 }, { seq: 3, oldest: 3 }))).toEqual([
      ['fresh', 1, 3],
      ['fresh', 2, 3],
      ['fresh', 3, 3],
    ]);
    expect(await gapsOf(site)).toEqual([]);
  });

  it('stops being a gap as far as it comes after all: it was on its way', async () => {
    const site = newSite();
    await append(site, { seq: 9, oldest: 9 });
    expect(await gapsOf(site)).toEqual([{ from_seq: 1, to_seq: 8, lost: 8 }]);
    expect(short(await append(site, { seq: 4 }))).toEqual([['fresh', 2, 9]]);
    expect(await gapsOf(site)).toEqual([
      { from_seq: 1, to_seq: 3, lost: 3 },
      { from_seq: 5, to_seq: 8, lost: 4 },
    ]);
    await append(site, ...[1, 2, 3, 5, 6, 7, 8].map((seq) => ({ seq })));
    expect(await gapsOf(site)).toEqual([]);
  });

  it('cannot be more than what it sends: `oldest` beyond its own number promises nothing about what is to come', async () => {
    const site = newSite();
    expect(short(await append(site, { seq: 2, oldest: 1_000_000 }))).toEqual([['fresh', 1, 2]]);
    expect(short(await append(site, { seq: 3, oldest: 2 }))).toEqual([['fresh', 2, 3]]);
    expect(await gapsOf(site)).toEqual([{ from_seq: 1, to_seq: 1, lost: 1 }]);
  });
});

describe('against a model', () => {
  interface Stream {
    readonly digests: Map<number, number>;
    readonly received: Set<number>;
    lost: Set<number>;
  }

  /** What should come of a batch, one delivery after the other. */
  function modelled(streams: Map<string, Stream>, next: { offset: number }, batch: readonly Spec[]) {
    const streamOf = ({ gateway = 'gw-1' }: Spec): Stream => {
      let stream = streams.get(gateway);
      if (stream === undefined)
        streams.set(gateway, (stream = { digests: new Map(), received: new Set(), lost: new Set() }));
      return stream;
    };
    const verdicts = batch.map((spec) => {
      const { digests, received } = streamOf(spec);
      const known = digests.get(spec.seq);
      received.add(spec.seq);
      if (known !== undefined) return [known === spec.digest ? 'duplicate' : 'conflict', undefined] as const;
      digests.set(spec.seq, spec.digest!);
      return ['fresh', spec.kind === 'quarantined' ? undefined : next.offset++] as const;
    });
    for (const spec of batch) {
      const stream = streamOf(spec);
      for (let seq = 1; seq < Math.min(spec.oldest ?? 1, spec.seq); seq++) stream.lost.add(seq);
    }
    for (const { lost, received } of streams.values()) for (const seq of received) lost.delete(seq);
    const through = (spec: Spec): number => {
      const { received, lost } = streamOf(spec);
      let seq = 0;
      while (received.has(seq + 1) || lost.has(seq + 1)) seq++;
      return seq;
    };
    return batch.map((spec, index) => [...verdicts[index]!, through(spec)]);
  }

  const spec = fc.record({
    gateway: fc.constantFrom('gw-1', 'gw-2'),
    seq: fc.integer({ min: 1, max: 12 }),
    digest: fc.integer({ min: 0, max: 1 }),
    oldest: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
    kind: fc.constantFrom('entries' as const, 'entries' as const, 'quarantined' as const),
  });

  it('every verdict, offset, receipt and gap is the one of a sequential machine', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(spec, { minLength: 1, maxLength: 8 }), { maxLength: 6 }), async (batches) => {
        const site = newSite();
        const streams = new Map<string, Stream>();
        const next = { offset: 1 };
        for (const batch of batches) {
          const expected = modelled(streams, next, batch);
          expect(short(await append(site, ...(batch as Spec[])))).toEqual(expected);
        }
        const gaps = await database.rows<{ gateway: string; from_seq: number; to_seq: number; lost: number }>(
          'select gateway, from_seq, to_seq, lost from gap where site = $1',
          [site],
        );
        const lost = gaps.flatMap((gap) =>
          Array.from({ length: gap.lost }, (_, index) => `${gap.gateway} ${gap.from_seq + index}`),
        );
        const expectedLost = [...streams].flatMap(([gateway, stream]) =>
          [...stream.lost].map((seq) => `${gateway} ${seq}`),
        );
        expect(lost.sort()).toEqual(expectedLost.sort());
        for (const gap of gaps) expect(gap.lost).toBe(gap.to_seq - gap.from_seq + 1);
        const offsets = (await journal.read(site, 0, 1000)).map(({ offset }) => offset);
        expect(offsets).toEqual(Array.from({ length: next.offset - 1 }, (_, index) => index + 1));
      }),
      { numRuns: 60 },
    );
  });
});

describe('many appenders at once', () => {
  const APPENDERS = 8;
  const BATCHES = 20;

  it('never meet: no deadlock, no gap, and no row is to be seen before the one in front of it', async () => {
    const among = [newSite(), newSite(), newSite()];
    const appenders = Array.from({ length: APPENDERS }, () => {
      const pool = openPool({ ...database.options, max: 1 });
      closeAfterTest(() => pool.end());
      return openJournal(pool, log);
    });
    // Whoever looks at any moment finds every site without a hole.
    let isDone = false;
    const holes: string[] = [];
    const watching = (async () => {
      // oxlint-disable-next-line no-unmodified-loop-condition -- it is: when the appenders are done
      while (!isDone) {
        const { rows } = await database.pool.query<{ site: string; most: number; count: number }>(
          'select site, max(journal_offset) as most, count(*) as count from journal where site = any ($1) group by site',
          [among],
        );
        for (const { site, most, count } of rows) if (most !== count) holes.push(`${site}: ${count} of ${most}`);
      }
    })();
    const results = await Promise.all(
      appenders.map(async (own, number) => {
        const told: { site: string; offset: number }[] = [];
        let seq = 0;
        for (let batch = 0; batch < BATCHES; batch++) {
          // Sites in another order each time, and the same epoch from two gateways at once.
          const order = [0, 1, 2].map((index) => among[(index * (batch % 2 === 0 ? 1 : 2) + number) % 3]!);
          const entries = order.flatMap((site) =>
            [1, 2].map(() => entryOf(site, { seq: ++seq, gateway: `gw-${number}`, receivedAt: NOON + batch })),
          );
          const appended = await own.append(entries);
          for (const [index, { verdict, offset }] of appended.entries()) {
            expect(verdict).toBe('fresh');
            told.push({ site: entries[index]!.site, offset: offset! });
          }
        }
        return told;
      }),
    );
    isDone = true;
    await watching;
    expect(holes).toEqual([]);
    for (const site of among) {
      const offsets = results
        .flat()
        .filter((one) => one.site === site)
        .map(({ offset }) => offset);
      expect(offsets.sort((a, b) => a - b)).toEqual(
        Array.from({ length: APPENDERS * BATCHES * 2 }, (_, index) => index + 1),
      );
      const rows = await journal.read(site, 0, 10_000);
      expect(rows).toHaveLength(offsets.length);
      for (const [index, row] of rows.entries())
        expect(row.receivedAt).toBeGreaterThanOrEqual(rows[index - 1]?.receivedAt ?? 0);
    }
    // What one appender sent is in the order in which it sent it.
    for (const told of results) {
      for (const site of among) {
        const own = told.filter((one) => one.site === site).map(({ offset }) => offset);
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
    }
  });

  it('that send the same thing agree on who was first', async () => {
    const site = newSite();
    const appenders = Array.from({ length: APPENDERS }, () => {
      const pool = openPool({ ...database.options, max: 1 });
      closeAfterTest(() => pool.end());
      return openJournal(pool, log);
    });
    const seqs = Array.from({ length: 30 }, (_, index) => index + 1);
    const verdicts = await Promise.all(
      appenders.map((own) => own.append(seqs.map((seq) => entryOf(site, { seq, digest: 1 })))),
    );
    for (const index of seqs.keys()) {
      expect(verdicts.filter((own) => own[index]!.verdict === 'fresh')).toHaveLength(1);
      expect(verdicts.filter((own) => own[index]!.verdict === 'duplicate')).toHaveLength(APPENDERS - 1);
    }
    expect(await database.value('select count(*) from journal where site = $1', [site])).toBe(30);
  });

  it('number a stream that is new to all of them once', async () => {
    const site = newSite();
    const numbers = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const { rows } = await database.pool.query<{ stream: number }>(
          'select ensure_stream($1, $2, $3, true) as stream',
          [site, `gw-${index % 5}`, 'e1'],
        );
        return [index % 5, rows[0]!.stream] as const;
      }),
    );
    const byGateway = new Map<number, Set<number>>();
    for (const [gateway, stream] of numbers) byGateway.set(gateway, (byGateway.get(gateway) ?? new Set()).add(stream));
    expect([...byGateway.values()].map((streams) => streams.size)).toEqual([1, 1, 1, 1, 1]);
    expect([...byGateway.values()].flatMap((streams) => [...streams]).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  });
});
