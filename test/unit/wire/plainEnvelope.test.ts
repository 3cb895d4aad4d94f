import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFully, type Envelope } from '../../../src/wire/envelope.ts';
import { decodePlain } from '../../../src/wire/plainEnvelope.ts';

const known = (id: string): boolean => id.startsWith('door-') || id.startsWith('over-');
const head = { v: 1, epoch: '6c1f0a52', seq: 1042, oldest: 1040, sentAt: '2026-11-23T15:33:00.123Z' };
const read = {
  reader: 'door-1',
  antenna: 2,
  epc: '3034257BF7194E4000001A85',
  rssiDbm: -57.5,
  seenAt: '2026-11-23T15:33:00.101Z',
  count: 1,
};

const bytesOf = (message: unknown, indent?: number): Buffer => Buffer.from(JSON.stringify(message, undefined, indent));
const plain = (bytes: Buffer): Envelope | undefined => decodePlain(bytes, known);
const fully = (bytes: Buffer): Envelope | string => {
  try {
    return decodeFully(bytes, known);
  } catch (error) {
    return String(error);
  }
};

/** Columns as lists, so that it does not show where their memory is. */
const shape = (envelope: Envelope) => ({
  ...envelope,
  entries: {
    ...envelope.entries,
    reads: {
      ...envelope.entries.reads,
      interned: undefined,
      source: [...envelope.entries.reads.source],
      rssiDbm: [...envelope.entries.reads.rssiDbm],
      seenAt: [...envelope.entries.reads.seenAt],
      count: envelope.entries.reads.count === undefined ? undefined : [...envelope.entries.reads.count],
    },
  },
});

function expectTheSame(bytes: Buffer): boolean {
  const quick = plain(bytes);
  if (quick === undefined) return false;
  const slow = fully(bytes);
  expect(typeof slow, 'the full decoder takes it too').toBe('object');
  expect(shape(quick)).toEqual(shape(slow as Envelope));
  return true;
}

const time = fc
  .date({ min: new Date(0), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const oddTime = fc.oneof(
  time,
  time.map((text) => `${text.slice(0, 19)}Z`),
  time.map((text) => `${text.slice(0, 23)}456+02:00`),
  time.map((text) => `${text.slice(0, 19)}.5+0200`),
  fc.constantFrom(
    '2026-11-23t15:33:00.101z',
    '2016-12-31T23:59:60Z',
    '2026-11-23T15:33:60.101Z',
    'never',
    '2026-11-23 15:33:00.101Z',
  ),
);
const epc = fc.string({
  unit: fc.constantFrom(...'0123456789abcdefABCDEF'),
  minLength: 2,
  maxLength: 40,
});
const epc96 = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 24, maxLength: 24 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const readOf = (odd: boolean) =>
  fc.record({
    reader: fc.constantFrom('door-1', 'door-12', 'over-a', ...(odd ? ['gone-1', 'dö', ''] : [])),
    antenna: optional(odd ? fc.oneof(fc.nat(300), fc.double(), fc.constant('2')) : fc.nat(255)),
    epc: odd ? fc.oneof(epc, epc96, fc.constantFrom('XYZ', '3', '"')) : fc.oneof(epc, epc96),
    rssiDbm: optional(
      odd ? fc.double({ noNaN: true }) : fc.integer({ min: -1270, max: 300 }).map((tenths) => tenths / 10),
    ),
    seenAt: odd ? oddTime : time,
    count: optional(odd ? fc.integer() : fc.integer({ min: 1, max: 4_294_967_295 })),
  });
const messageOf = (odd: boolean) =>
  fc.record({
    v: odd ? fc.constantFrom(1, 2, '1') : fc.constant(1),
    epoch: odd ? fc.string() : fc.uuid(),
    seq: fc.integer({ min: odd ? -1 : 1 }),
    oldest: optional(fc.integer({ min: odd ? -1 : 1 })),
    sentAt: optional(odd ? oddTime : time),
    reads: optional(fc.array(readOf(odd), { maxLength: 20 })),
    ...(odd ? { scans: optional(fc.constant([])), more: optional(fc.jsonValue()) } : {}),
  });

describe('the quick way through an envelope', () => {
  it('takes what the contract shows, with and without space, in any order of fields', () => {
    const turned = Object.fromEntries(Object.entries(read).reverse());
    for (const indent of [undefined, 1, 4])
      expect(expectTheSame(bytesOf({ reads: [read, turned, read], ...head }, indent))).toBe(true);
    expect(expectTheSame(bytesOf(head))).toBe(true);
    expect(expectTheSame(bytesOf({ ...head, reads: [] }))).toBe(true);
  });

  it('takes any envelope of reads that obeys the contract, and makes of it what the full way makes', () => {
    fc.assert(
      fc.property(messageOf(false), fc.constantFrom(undefined, 1), (message, indent) => {
        expect(expectTheSame(bytesOf(message, indent))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('takes nothing otherwise than the full way does, whatever is sent', () => {
    fc.assert(
      fc.property(messageOf(true), (message) => {
        expectTheSame(bytesOf(message));
      }),
      { numRuns: 500 },
    );
  });

  it('takes nothing otherwise when bytes are changed, lost or put in between', () => {
    const bytes = bytesOf({ ...head, reads: [read, { ...read, antenna: 3, rssiDbm: -60 }] });
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 0, max: 2 }),
        fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from('",:{}[]0159-.eE\\ aA'))),
        (at, lost, byte) => {
          expectTheSame(Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + lost)]));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['an escape', '{"v":1,"epoch":"\\u0065","seq":1}'],
    ['a field twice', '{"v":1,"epoch":"e","seq":1,"seq":2}'],
    ['a number that JSON forbids', '{"v":1,"epoch":"e","seq":01}'],
    ['an exponent', '{"v":1,"epoch":"e","seq":1e3}'],
    ['another list', '{"v":1,"epoch":"e","seq":1,"scans":[]}'],
    ['something behind the end', '{"v":1,"epoch":"e","seq":1} 2'],
    ['nothing', ''],
    ['half a read', '{"v":1,"epoch":"e","seq":1,"reads":[{"reader":"door-1","ep'],
  ])('leaves %s to the full way', (_what, text) => {
    expect(plain(Buffer.from(text))).toBeUndefined();
  });

  it('leaves more reads than an envelope may have to the full way, and takes as many as it may', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ ...read, antenna: index % 7 }));
    expect(expectTheSame(bytesOf({ ...head, reads: many }))).toBe(true);
    expect(plain(bytesOf({ ...head, reads: [...many, read] }))).toBeUndefined();
  });

  it('knows more tags than it remembers', () => {
    const reads = (from: number) =>
      Array.from({ length: 500 }, (_, index) => ({ ...read, epc: (from + index).toString(16).padStart(24, '0') }));
    for (let from = 0; from < 10_000; from += 500) {
      expect(expectTheSame(bytesOf({ ...head, reads: reads(from) }))).toBe(true);
      expect(expectTheSame(bytesOf({ ...head, reads: reads(from) }))).toBe(true);
    }
  });
});
