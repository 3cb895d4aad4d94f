import { describe, expect, it } from 'vitest';
import { decodeEnvelope, entriesToJson, EnvelopeFault } from '../../../src/wire/envelope.ts';

const known = (id: string): boolean => ['door-1', 'pack-1'].includes(id);
const decode = (message: unknown) => decodeEnvelope(Buffer.from(JSON.stringify(message)), known);
const read = {
  reader: 'door-1',
  antenna: 2,
  epc: '3034257bf7194e4000001a85',
  rssiDbm: -57.5,
  seenAt: '2026-11-23T15:33:00.101Z',
  count: 1,
};
const head = {
  v: 1,
  epoch: '6c1f0a52-0000-4000-8000-000000000000',
  seq: 1042,
  oldest: 1040,
  sentAt: '2026-11-23T15:33:00.123Z',
};

function faultOf(message: unknown, raw?: Uint8Array): EnvelopeFault {
  try {
    decodeEnvelope(raw ?? Buffer.from(JSON.stringify(message)), known);
  } catch (error) {
    expect(error).toBeInstanceOf(EnvelopeFault);
    return error as EnvelopeFault;
  }
  throw new Error('was accepted');
}

describe('an envelope', () => {
  it('carries reads, scans, triggers and measures', () => {
    const envelope = decode({
      ...head,
      reads: [read, { reader: 'door-1', epc: 'E2', seenAt: '2026-11-23T15:33:00Z' }],
      scans: [{ device: 'pack-1', data: ']C1010952', at: '2026-11-23T15:33:00Z', operator: 'op-7', task: 't1' }],
      triggers: [{ reader: 'door-1', input: 1, high: true, at: '2026-11-23T15:33:00Z' }],
      measures: [{ device: 'door-1', name: 'temperature', value: 41.5, unit: 'Cel', at: '2026-11-23T15:33:00Z' }],
    });
    expect(envelope).toMatchObject({
      epoch: head.epoch,
      seq: 1042,
      oldest: 1040,
      sentAt: Date.parse(head.sentAt),
      rejects: [],
      unknownFields: 0,
    });
    expect(entriesToJson(envelope.entries)).toEqual({
      reads: [
        {
          reader: 'door-1',
          antenna: 2,
          epc: '3034257BF7194E4000001A85',
          rssiDbm: -57.5,
          seenAt: '2026-11-23T15:33:00.101Z',
        },
        { reader: 'door-1', epc: 'E2', seenAt: '2026-11-23T15:33:00.000Z' },
      ],
      scans: [{ device: 'pack-1', data: ']C1010952', at: '2026-11-23T15:33:00.000Z', operator: 'op-7', task: 't1' }],
      triggers: [{ reader: 'door-1', input: 1, high: true, at: '2026-11-23T15:33:00.000Z' }],
      measures: [{ device: 'door-1', name: 'temperature', value: 41.5, unit: 'Cel', at: '2026-11-23T15:33:00.000Z' }],
    });
  });

  it('ignores fields it does not know, and counts them', () => {
    expect(decode({ ...head, note: 'x', reads: [{ ...read, phase: 1.2 }] })).toMatchObject({
      unknownFields: 2,
      rejects: [],
    });
  });

  it('sets an entry of an unknown reader aside and keeps the rest', () => {
    const envelope = decode({ ...head, reads: [read, { ...read, reader: 'door-9' }, read] });
    expect(envelope.entries.reads.length).toBe(2);
    expect(envelope.rejects).toEqual([
      {
        code: 'unknown-reader',
        reason: expect.stringContaining('reads[1].reader: "door-9" is not in the site file'),
        content: JSON.stringify({ ...read, reader: 'door-9' }),
      },
    ]);
  });

  it('names every entry by the place it was sent at, whatever was taken out before it', () => {
    const envelope = decode({
      ...head,
      reads: [{ ...read, epc: 'ZZ' }, read, { ...read, reader: 'door-9' }, { ...read, seenAt: '2026-02-30T00:00:00Z' }],
    });
    expect(envelope.rejects.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^reads\[0\]\.epc /),
      expect.stringMatching(/^reads\[2\]\.reader: "door-9" /),
      expect.stringMatching(/^reads\[3\]\.seenAt /),
    ]);
  });

  it.each([
    ['an EPC that is not hexadecimal', { epc: 'ZZ34' }, 'bad-entry', /reads\[1\]\.epc/],
    ['a time without a zone', { seenAt: '2026-11-23T15:33:00.101' }, 'bad-time', /reads\[1\]\.seenAt/],
    ['an antenna that is a text', { antenna: '2' }, 'bad-entry', /reads\[1\]\.antenna/],
    ['an RSSI no receiver has', { rssiDbm: 1e9 }, 'bad-entry', /rssiDbm/],
    ['a prototype key in place of the entry', { ['__proto__']: 1, epc: undefined }, 'bad-entry', /reads\[1\]/],
  ])('sets aside a read with %s', (_what, change, code, reason) => {
    const envelope = decode({ ...head, reads: [read, { ...read, ...change }] });
    expect(envelope.entries.reads.length).toBe(1);
    expect(envelope.rejects).toHaveLength(1);
    expect(envelope.rejects[0]!.code).toBe(code);
    expect(envelope.rejects[0]!.reason).toMatch(reason);
  });

  it.each([
    ['broken JSON', '{"v":1,', 'not-json'],
    ['a list', '[]', 'not-an-envelope'],
    ['null', 'null', 'not-an-envelope'],
    ['another version', JSON.stringify({ ...head, v: 2 }), 'bad-head'],
    ['a sequence of zero', JSON.stringify({ ...head, seq: 0 }), 'bad-head'],
    ['reads that are no list', JSON.stringify({ ...head, reads: {} }), 'bad-head'],
    ['a sentAt that is no time', JSON.stringify({ ...head, sentAt: 'yesterday at noon or so' }), 'bad-head'],
    ['501 entries', JSON.stringify({ ...head, reads: Array.from({ length: 501 }, () => read) }), 'too-many-entries'],
    ['deep nesting', '['.repeat(100_000), 'not-json'],
  ])('is refused as a whole when it is %s', (_what, text, code) => {
    expect(faultOf(undefined, Buffer.from(text)).code).toBe(code);
  });

  it('is refused when it is not UTF-8', () => {
    expect(faultOf(undefined, Buffer.from([0x7b, 0xff, 0x7d])).code).toBe('not-utf8');
  });

  it('tells epoch and seq of what it refuses, so that the receipt can name it', () => {
    expect(faultOf({ ...head, reads: 'none' })).toMatchObject({ epoch: head.epoch, seq: 1042 });
    expect(faultOf({ v: 1, epoch: 'not/allowed', seq: 3 })).toMatchObject({ epoch: undefined, seq: undefined });
  });
});
