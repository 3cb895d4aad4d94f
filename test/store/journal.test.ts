// What was just inserted is handed on from memory; after a restart the same rows are read back. Both must be the same to the
// last digit, or a replay would decide otherwise than the live service did.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal, rowFrom, type Entry, type Journal } from '../../src/intake/journal.ts';
import { Fault } from '../../src/kit/faults.ts';
import { createLog } from '../../src/kit/log.ts';
import { decodeEnvelope } from '../../src/wire/envelope.ts';
import { closeAfterFile } from '../support/cleanUp.ts';
import { openDatabase, tamper, type TestDatabase } from '../support/database.ts';
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

/** Text as devices send it: control characters, half surrogates, quotes, emoji. */
const text = (maxLength: number) => fc.string({ unit: 'binary', minLength: 1, maxLength });
const time = fc
  .tuple(fc.integer({ min: 0, max: 4_102_444_800_000 }), fc.integer({ min: 0, max: 999 }), fc.boolean())
  .map(
    ([ms, micros, isFine]) =>
      `${new Date(ms).toISOString().slice(0, 23)}${isFine ? String(micros).padStart(3, '0') : ''}Z`,
  );
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
// −0 is the one number that JSON does not keep; nobody measures it.
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));

const message = fc.record(
  {
    v: fc.constant(1),
    epoch: fc.constant('e1'),
    seq: fc.constant(1),
    sentAt: optional(time),
    reads: fc.array(
      fc.record(
        {
          reader: fc.constantFrom('door', 'over-a', 'Tür-1'),
          antenna: optional(fc.integer({ min: 0, max: 255 })),
          epc: fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 2, maxLength: 128 }),
          rssiDbm: optional(fc.double({ min: -127, max: 30, noNaN: true })),
          seenAt: time,
          count: optional(fc.integer({ min: 1, max: 4_294_967_295 })),
        },
        { requiredKeys: ['reader', 'epc', 'seenAt'] },
      ),
      { maxLength: 30 },
    ),
    scans: fc.array(
      fc.record(
        {
          device: fc.constant('pack-1'),
          data: text(200),
          at: time,
          operator: optional(text(20)),
          task: optional(text(20)),
        },
        { requiredKeys: ['device', 'data', 'at'] },
      ),
      { maxLength: 3 },
    ),
    triggers: fc.array(
      fc.record({ reader: fc.constant('door'), input: fc.integer({ min: 0, max: 64 }), high: fc.boolean(), at: time }),
      { maxLength: 3 },
    ),
    measures: fc.array(
      fc.record(
        { device: fc.constant('door'), name: text(20), value: number, unit: optional(text(8)), at: time },
        { requiredKeys: ['device', 'name', 'value', 'at'] },
      ),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ['v', 'epoch', 'seq', 'reads', 'scans', 'triggers', 'measures'] },
);

describe('a row', () => {
  it('read back is the one that was handed on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), async (messages) => {
        const site = newSite();
        const entries = messages.map((one, index): Entry => {
          const envelope = decodeEnvelope(Buffer.from(JSON.stringify(one)), () => true);
          const identity = { site, gateway: 'gw-1', epoch: 'e1', seq: BigInt(index + 1), digest: 0n, counts: true };
          const receivedAt = NOON - index * 1000;
          return { ...identity, receivedAt, kind: 'entries', entries: envelope.entries, sentAt: envelope.sentAt };
        });
        const appended = await journal.append(entries);
        const handedOn = entries.map((entry, index) => rowFrom(entry, appended[index]!));
        expect(await journal.read(site, 0, 100)).toStrictEqual(handedOn);
      }),
      { numRuns: 100 },
    );
  });

  it('of every other kind too', async () => {
    const site = newSite();
    const own = { site, gateway: 'service', epoch: '', digest: 0n, counts: false, receivedAt: NOON };
    const entries: Entry[] = [
      { ...own, seq: 1n, kind: 'tick' },
      {
        ...own,
        seq: 2n,
        kind: 'command',
        content: { key: 'k', actor: 'ü', command: { kind: 'settle', discrepancy: 'x', reason: '\u0000\ud800 "' } },
      },
    ];
    const appended = await journal.append(entries);
    const handedOn = entries.map((entry, index) => rowFrom(entry, appended[index]!));
    expect(await journal.read(site, 0, 100)).toStrictEqual(handedOn);
  });

  it('is found after an offset, in order, at most so many', async () => {
    const site = newSite();
    for (let seq = 1; seq <= 7; seq++) {
      await journal.append([
        {
          site,
          gateway: 'gw-1',
          epoch: 'e1',
          seq: BigInt(seq),
          digest: 0n,
          counts: true,
          // Over three days, so from several partitions.
          receivedAt: NOON + (seq % 3) * 86_400_000,
          kind: 'entries',
          entries: entriesOf([{ epc: epcOf(seq), at: NOON }]),
          sentAt: undefined,
        },
      ]);
    }
    const offsets = async (after: number, limit: number) =>
      (await journal.read(site, after, limit)).map(({ offset }) => offset);
    expect(await offsets(0, 100)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await offsets(2, 3)).toEqual([3, 4, 5]);
    expect(await offsets(7, 10)).toEqual([]);
    expect(await journal.nextOffset(site)).toBe(8);
    expect(await journal.nextOffset('nobody')).toBe(1);
  });

  it('that this release cannot read is a defect, not a guess', async () => {
    const site = newSite();
    const entry = { site, gateway: 'gw-1', epoch: 'e1', seq: 1n, digest: 0n, counts: true, receivedAt: NOON };
    await journal.append([
      { ...entry, kind: 'entries', entries: entriesOf([{ epc: epcOf(1), at: NOON }]), sentAt: undefined },
    ]);
    await tamper(database, `update journal set content = '\\x09ff' where site = $1`, [site]);
    await expect(journal.read(site, 0, 1)).rejects.toMatchObject({ kind: 'defect', code: 'journal-version' });
    await tamper(database, 'update journal set kind = 9 where site = $1', [site]);
    await expect(journal.read(site, 0, 1)).rejects.toBeInstanceOf(Fault);
  });
});

describe('what is set aside', () => {
  const aside = { topic: 'some/topic', gateway: 'gw-1', epoch: undefined, seq: undefined, length: 3, sha256: 'aa' };

  it('is counted when the very same comes again, and kept anew once it was settled', async () => {
    const site = newSite();
    const one = {
      ...aside,
      site,
      receivedAt: NOON,
      code: 'not-json',
      reason: 'it is not',
      content: Buffer.from('abc'),
    };
    await journal.append([], [one, one]);
    await journal.append([], [{ ...one, receivedAt: NOON + 1000 }]);
    const kept = () => database.rows('select times, state from quarantine where site = $1 order by id', [site]);
    expect(await kept()).toEqual([{ times: 3, state: 'open' }]);
    await database.pool.query("update quarantine set state = 'replayed' where site = $1", [site]);
    await journal.append([], [one]);
    expect(await kept()).toEqual([
      { times: 3, state: 'replayed' },
      { times: 1, state: 'open' },
    ]);
  });

  it('belongs to its message: a double brings none', async () => {
    const site = newSite();
    const entry: Entry = {
      site,
      gateway: 'gw-1',
      epoch: 'e1',
      seq: 1n,
      digest: 0n,
      counts: true,
      receivedAt: NOON,
      kind: 'entries',
      entries: entriesOf([{ epc: epcOf(1), at: NOON }]),
      sentAt: undefined,
    };
    const rejected = {
      ...aside,
      of: 0,
      site,
      receivedAt: NOON,
      code: 'bad-entry',
      reason: 'no',
      content: Buffer.from('{}'),
    };
    await journal.append([entry], [rejected]);
    await journal.append([entry], [rejected]);
    expect(await database.value('select times from quarantine where site = $1', [site])).toBe(1);
  });

  it('may hold any bytes and any words, also those that Postgres does not take for text', async () => {
    const site = newSite();
    const content = Buffer.from([0, 255, 128, 0]);
    const words = 'a \u0000 b \ud800 c';
    const worst = { ...aside, site, receivedAt: NOON, topic: words, code: 'bad-time', reason: words, content };
    await journal.append([], [{ ...worst, gateway: words, epoch: words }]);
    const [row] = await database.rows<{ reason: string; content: Buffer }>(
      'select reason, content from quarantine where site = $1',
      [site],
    );
    expect(row!.reason).toBe('a \ufffd b \ufffd c');
    expect(row!.content).toEqual(content);
  });
});
