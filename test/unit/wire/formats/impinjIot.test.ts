// Facts are numbered as in src/wire/formats/READERS.md.
import { describe, expect, it } from 'vitest';
import type { DecodedMessage } from '../../../../src/wire/formats/format.ts';
import { impinjIot } from '../../../../src/wire/formats/impinjIot.ts';

const receivedAt = Date.UTC(2026, 10, 2, 9);
const device = { id: 'over-a', receivedAt };
const decode = (message: unknown): DecodedMessage => impinjIot.decode(Buffer.from(JSON.stringify(message)), device);

const readsOf = ({ entries: { reads } }: DecodedMessage) =>
  reads.epc.map((epc, index) => {
    const { reader, antenna } = reads.sources[reads.source[index]!]!;
    return { reader, antenna, epc, rssiDbm: reads.rssiDbm[index], seenAt: reads.seenAt[index] };
  });

const EPC = '3034257BF7194E4000001A85';
const AT = '2026-11-02T08:14:09.944Z';
const seenAt = Date.UTC(2026, 10, 2, 8, 14, 9, 944);
const tag = (fields: object, envelope: object = {}) => ({
  timestamp: AT,
  eventType: 'tagInventory',
  tagInventoryEvent: { epc: 'MDQle_cZTkAAABqF', antennaPort: 1, peakRssiCdbm: -6150, ...fields },
  ...envelope,
});
const event = (eventType: string, body: unknown, timestamp: unknown = AT) => ({
  timestamp,
  eventType,
  [`${eventType}Event`]: body,
});

describe('tagInventory', () => {
  it('fact 1: hostname is optional and no name of ours: the read is the device’s', () => {
    const expected = [{ reader: 'over-a', antenna: 1, epc: EPC, rssiDbm: -61.5, seenAt }];
    expect(readsOf(decode(tag({})))).toEqual(expected);
    expect(readsOf(decode(tag({}, { hostname: 'impinj-14-aa-01' })))).toEqual(expected);
  });

  it('fact 2: every field but the EPC may be missing', () => {
    const [read] = readsOf(decode({ timestamp: AT, eventType: 'tagInventory', tagInventoryEvent: { epcHex: EPC } }));
    expect(read).toEqual({ reader: 'over-a', antenna: 0, epc: EPC, rssiDbm: Number.NaN, seenAt });
  });

  it('fact 3: an overflow is a gap: reads of that span will never come', () => {
    const overflow = {
      firstEventTimestamp: '2026-11-02T08:16:01Z',
      lastEventTimestamp: '2026-11-02T08:17:30Z',
      eventsPurged: 5120,
      eventsRemaining: 100_000,
    };
    const message = decode(event('overflow', overflow));
    const [from, to] = [Date.UTC(2026, 10, 2, 8, 16, 1), Date.UTC(2026, 10, 2, 8, 17, 30)];
    expect(message).toMatchObject({ gaps: [{ from, to, lost: 5120 }], rejects: [], selfIdentified: true });
    expect(message).not.toHaveProperty('ignored');
    expect(decode(event('overflow', { eventsPurged: 3 })).gaps).toEqual([{ from: seenAt, to: seenAt, lost: 3 }]);
    const swapped = {
      ...overflow,
      firstEventTimestamp: overflow.lastEventTimestamp,
      lastEventTimestamp: overflow.firstEventTimestamp,
    };
    for (const wrong of [
      swapped,
      { ...overflow, eventsPurged: -1 },
      { ...overflow, firstEventTimestamp: 'x' },
      { ...overflow, lastEventTimestamp: 5 },
      {},
    ]) {
      expect(decode(event('overflow', wrong))).toMatchObject({ gaps: [], rejects: [{ code: 'bad-entry' }] });
    }
  });

  it('fact 5: lastSeenTime is when the tag was seen; timestamp is only when the report was queued', () => {
    const message = decode(tag({ lastSeenTime: '2026-11-02T08:14:09.931211Z' }));
    expect(readsOf(message)[0]?.seenAt).toBe(Date.UTC(2026, 10, 2, 8, 14, 9, 931) + 0.211);
    expect(decode(tag({ lastSeenTime: AT }, { timestamp: undefined })).selfIdentified).toBe(true);
  });

  it('fact 5: nanoseconds are kept to the microsecond', () => {
    expect(readsOf(decode(tag({}, { timestamp: '2026-11-02T08:14:09.944189383Z' })))[0]?.seenAt).toBe(seenAt + 0.189);
  });

  it('without any time the read is ours to date, and every delivery counts', () => {
    const message = decode(tag({}, { timestamp: undefined }));
    expect(readsOf(message)[0]?.seenAt).toBe(receivedAt);
    expect(message.selfIdentified).toBe(false);
  });

  it('fact 6: webhooks send arrays, the HTTP stream NDJSON, and [] is a keep-alive', () => {
    expect(readsOf(decode([tag({}), tag({ antennaPort: 2 })])).map(({ antenna }) => antenna)).toEqual([1, 2]);
    const stream = `${JSON.stringify(tag({}))}\r\n${JSON.stringify(tag({ antennaPort: 4 }))}\r\n`;
    expect(readsOf(impinjIot.decode(Buffer.from(stream), device)).map(({ antenna }) => antenna)).toEqual([1, 4]);
    expect(decode([])).toMatchObject({ ignored: 'keep-alive', selfIdentified: false });
  });

  it.each([
    ['MDQle_cZTkAAABqF', EPC], // base64url
    ['MDQle/cZTkAAABqF', EPC], // the standard alphabet, as emulators send
    ['ikUCJA==', '8A450224'], // padded, as real readers send
    ['ikUCJA', '8A450224'],
    ['4oARYCAAdQA=', 'E280116020007500'],
    ['AAAAAAAAAAAAAAAA', '0'.repeat(24)], // an unprogrammed tag; also hex digits, and not to be taken for hex
  ])('fact 7: epc %s is %s', (epc, hex) => expect(decode(tag({ epc })).entries.reads.epc).toEqual([hex]));

  it('fact 7: epcHex where the reader sends it', () => {
    expect(decode(tag({ epc: undefined, epcHex: '3034257bf7194e4000001a85' })).entries.reads.epc).toEqual([EPC]);
    expect(decode(tag({ epc: 'not to be looked at', epcHex: EPC })).entries.reads.epc).toEqual([EPC]);
    expect(decode(tag({ epcHex: 'xyz' })).rejects).toMatchObject([
      { reason: expect.stringContaining('/tagInventoryEvent/epcHex') },
    ]);
  });

  it.each([
    ['3034257BF7194E4000001A85'], // hex: 18 wrong bytes in base64
    ['3034257BF7194E4000001A8512'], // 26 digits, as in an emulator's README
    ['ikUCJA='],
    ['ikUCJ'],
    ['ikUCJB=='], // bits that belong to no byte
    ['MDQl e_cZ'],
    ['MDQle_cZ\n'],
    [''],
    [42],
    [null],
    ['A'.repeat(88)],
  ])('fact 7: epc %j is refused rather than guessed', (epc) => {
    const message = decode(tag({ epc }));
    expect(message.entries.reads.length).toBe(0);
    expect(message.rejects).toMatchObject([
      { code: 'bad-epc', reason: '/tagInventoryEvent/epc: not 1 to 64 bytes in base64' },
    ]);
  });

  it('fact 8: centi-dBm become dBm', () => {
    expect(readsOf(decode(tag({ peakRssiCdbm: -5750 })))[0]?.rssiDbm).toBe(-57.5);
  });

  it('fact 10: access responses are stored nowhere', () => {
    const message = decode(tag({ tid: '4oARYCAAdQ==', tagAccessResponses: [{ response: 'Error: no response' }] }));
    expect(readsOf(message)).toHaveLength(1);
    expect(JSON.stringify(message)).not.toContain('Error');
  });

  it.each(['connected', 'connection lost', 'disconnected', '"connection lost"', 'Leser 7 geht schlafen …'])(
    'fact 11: a will or connect message in plain text is no error: %s',
    (text) => {
      expect(impinjIot.decode(Buffer.from(text), device)).toMatchObject({ ignored: 'plain-text', rejects: [] });
    },
  );

  it.each([
    [{ antennaPort: 'x' }, 'bad-entry', '/tagInventoryEvent/antennaPort'],
    [{ antennaPort: 1e300 }, 'bad-entry', '/tagInventoryEvent/antennaPort'],
    [{ peakRssiCdbm: 9_999_999 }, 'bad-entry', '/tagInventoryEvent/peakRssiCdbm'],
    [{ lastSeenTime: 'then' }, 'bad-time', '/tagInventoryEvent/lastSeenTime'],
  ])('%j is rejected as %s at %s', (fields, code, place) => {
    expect(decode(tag(fields)).rejects).toMatchObject([{ code, reason: expect.stringContaining(`${place}: `) }]);
  });

  it('a wrong timestamp is not replaced by ours', () => {
    expect(decode(tag({}, { timestamp: '2026-11-02' })).rejects).toMatchObject([
      { code: 'bad-time', reason: expect.stringContaining('/timestamp: ') },
    ]);
  });

  it.each([
    [{ timestamp: AT, eventType: 'tagInventory' }],
    [{ timestamp: AT, eventType: 'tagInventory', tagInventoryEvent: 'gone' }],
    [{ timestamp: AT, eventType: 'tagLocationEntry', tagLocationEntryEvent: { epcHex: EPC, xPosCm: 1 } }],
    [{ epcHex: EPC, antennaPort: 1 }],
  ])('%j looks like tag data and is not lost in silence', (message) => {
    expect(decode(message)).toMatchObject({
      rejects: [{ code: 'bad-entry', reason: '/tagInventoryEvent: missing from a tag report' }],
    });
  });
});

describe('other events', () => {
  it.each([
    ['antennaConnected', 1],
    ['antennaDisconnected', 0],
  ])('%s is a measure', (type, value) => {
    expect(decode(event(type, { antennaPort: 3 })).entries.measures).toEqual([
      { device: 'over-a', name: 'antenna.3.connected', value, at: seenAt },
    ]);
  });

  it.each([
    ['low-to-high', true],
    ['high-to-low', false],
  ])('gpiTransition %s is a trigger', (transition, high) => {
    expect(decode(event('gpiTransition', { gpi: 2, transition })).entries.triggers).toEqual([
      { reader: 'over-a', input: 2, high, at: seenAt },
    ]);
  });

  it.each([
    event('gpiTransition', { gpi: 2, transition: 'sideways' }),
    event('gpiTransition', { transition: 'low-to-high' }),
    event('antennaConnected', {}),
    event('antennaConnected', undefined),
  ])('%j is rejected', (message) => {
    expect(decode(message)).toMatchObject({ rejects: [{ code: 'bad-entry' }] });
  });

  it('an event at an impossible time is rejected', () => {
    expect(decode(event('antennaConnected', { antennaPort: 1 }, '1970-01-01T00:00:12Z')).rejects).toMatchObject([
      { code: 'bad-time' },
    ]);
  });

  it.each(['inventoryStatus', 'antennaActivation', 'inventoryTerminated', 'diagnostic', 'somethingNew'])(
    '%s is status',
    (type) => {
      expect(decode(event(type, { status: 'running' }))).toMatchObject({ ignored: 'status', rejects: [] });
    },
  );
});
