// Entries to envelopes: 200 ms, 500 entries, 256 KiB, and every entry that is a valid one is understood by the service.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatch, HEAD_BYTES_MAX, type Draft } from '../../../gateway/batch.ts';
import { entryText, PLACES, type EntryText } from '../../../gateway/entryJson.ts';
import type { Observation } from '../../../gateway/reader.ts';
import { decodeEnvelope, entriesToJson, ENVELOPE_BYTES_MAX } from '../../../src/wire/envelope.ts';

const entry = (json: string): EntryText => ({ place: 'reads', json });
const LIMITS = { lingerMs: 200, entriesMax: 500, bytesMax: ENVELOPE_BYTES_MAX };

const listsOf = ({ body }: Draft) => JSON.parse(`{${body.toString('utf8')}}`) as Record<string, unknown[]>;

/** As the outbox sends it. */
const decoded = ({ body }: Draft) =>
  decodeEnvelope(Buffer.from(`{"v":1,"epoch":"e","seq":1,${body.toString('utf8')}}`), () => true);

describe('a batch', () => {
  it('closes so long after its first entry, whatever comes after it', () => {
    const batch = createBatch(LIMITS);
    expect(batch.closesAt()).toBeUndefined();
    batch.add(entry('1'), 1000);
    batch.add(entry('2'), 1199);
    expect(batch.closesAt()).toBe(1200);
    expect(batch.due(1199.9)).toBeUndefined();
    expect(listsOf(batch.due(1200)!)).toEqual({ reads: [1, 2] });
    expect(batch.closesAt()).toBeUndefined();
    expect(batch.due(9999)).toBeUndefined();
  });

  it('is due before an entry that comes too late for it', () => {
    const batch = createBatch(LIMITS);
    batch.add(entry('1'), 0);
    expect(batch.add(entry('2'), 500)!.map(listsOf)).toEqual([{ reads: [1] }]);
    expect(batch.closesAt()).toBe(700);
    expect(listsOf(batch.close()!)).toEqual({ reads: [2] });
  });

  it('is full with 500 entries', () => {
    const batch = createBatch(LIMITS);
    for (let count = 1; count < 500; count++) expect(batch.add(entry('0'), 0)).toEqual([]);
    expect(batch.add(entry('0'), 0)).toMatchObject([{ entries: 500 }]);
    expect(batch.closesAt()).toBeUndefined();
  });

  it('keeps each list in order, and each entry in its list', () => {
    const batch = createBatch(LIMITS);
    for (const [index, place] of [...PLACES, ...PLACES].reverse().entries())
      batch.add({ place, json: String(index) }, 0);
    expect(listsOf(batch.close()!)).toEqual({ reads: [3, 7], scans: [2, 6], triggers: [1, 5], measures: [0, 4] });
  });

  it('does not take what is larger than an envelope', () => {
    const batch = createBatch({ ...LIMITS, bytesMax: 1000 });
    expect(batch.add(entry(JSON.stringify('é'.repeat(500))), 0)).toBeUndefined();
    expect(batch.closesAt()).toBeUndefined();
  });

  it('never exceeds a limit, and loses and swaps nothing', () => {
    const entries = fc.array(
      fc.tuple(fc.constantFrom(...PLACES), fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(100)),
    );
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 20 }), (given, entriesMax) => {
        const batch = createBatch({ lingerMs: 200, entriesMax, bytesMax: 2000 });
        const drafts: Draft[] = [];
        const taken = PLACES.map((): string[] => []);
        let now = 0;
        for (const [place, text, wait] of given) {
          now += wait;
          const done = batch.add({ place, json: JSON.stringify(text) }, now);
          if (done === undefined) continue;
          drafts.push(...done);
          taken[PLACES.indexOf(place)]!.push(text);
        }
        drafts.push(...[batch.close()].filter((draft) => draft !== undefined));
        for (const { body, entries: count } of drafts) {
          expect(body.length + HEAD_BYTES_MAX).toBeLessThanOrEqual(2000);
          expect(count).toBeLessThanOrEqual(entriesMax);
        }
        const got = PLACES.map((place) => drafts.flatMap((draft) => listsOf(draft)[place] ?? []));
        expect(got).toEqual(taken);
      }),
    );
  });
});

describe('an observation', () => {
  const at = Date.UTC(2026, 10, 23, 15, 33, 0, 101);
  const OBSERVATIONS: readonly Observation[] = [
    {
      kind: 'read',
      read: {
        reader: 'door-"1"',
        antenna: 2,
        epc: '3034257bf7194e4000001a85',
        rssiDbm: -57.5,
        seenAt: at + 0.25,
        count: 3,
      },
    },
    { kind: 'read', read: { reader: 'door-2', epc: 'E2', seenAt: at } },
    { kind: 'scan', scan: { device: 'pack-1', data: ']C1010952\u001d…', at, operator: 'op-7' } },
    { kind: 'trigger', trigger: { reader: 'door-1', input: 1, high: true, at } },
    { kind: 'measure', measure: { device: 'door-1', name: 'temperature', value: 41.5, unit: 'Cel', at } },
  ];

  it('is understood by the service as it was meant', () => {
    const batch = createBatch();
    for (const observation of OBSERVATIONS) batch.add(entryText(observation)!, 0);
    const { entries, rejects, unknownFields } = decoded(batch.close()!);
    expect({ rejects, unknownFields }).toEqual({ rejects: [], unknownFields: 0 });
    expect(entriesToJson(entries)).toEqual({
      reads: [
        {
          reader: 'door-"1"',
          antenna: 2,
          epc: '3034257BF7194E4000001A85',
          rssiDbm: -57.5,
          seenAt: '2026-11-23T15:33:00.101250Z',
          count: 3,
        },
        { reader: 'door-2', epc: 'E2', seenAt: '2026-11-23T15:33:00.101Z' },
      ],
      scans: [{ device: 'pack-1', data: ']C1010952\u001d…', at: '2026-11-23T15:33:00.101Z', operator: 'op-7' }],
      triggers: [{ reader: 'door-1', input: 1, high: true, at: '2026-11-23T15:33:00.101Z' }],
      measures: [{ device: 'door-1', name: 'temperature', value: 41.5, unit: 'Cel', at: '2026-11-23T15:33:00.101Z' }],
    });
  });

  it.each<[string, Observation]>([
    ['a time that is none', { kind: 'read', read: { reader: 'r', epc: 'E2', seenAt: Number.NaN } }],
    ['a time before 1970', { kind: 'trigger', trigger: { reader: 'r', input: 1, high: true, at: -1 } }],
    ['an EPC that is no hex', { kind: 'read', read: { reader: 'r', epc: 'E2"', seenAt: at } }],
    ['a value that is no number', { kind: 'measure', measure: { device: 'd', name: 'n', value: Infinity, at } }],
  ])('is refused with %s', (_, observation) => {
    expect(entryText(observation)).toBeUndefined();
  });
});
