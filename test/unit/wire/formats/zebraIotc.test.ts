// Facts are numbered as in src/wire/formats/READERS.md.
import { describe, expect, it } from 'vitest';
import type { DecodedMessage } from '../../../../src/wire/formats/format.ts';
import { zebraIotc } from '../../../../src/wire/formats/zebraIotc.ts';

const receivedAt = Date.UTC(2026, 10, 2, 9);
const device = { id: 'door-1', receivedAt };
const decode = (message: unknown): DecodedMessage => zebraIotc.decode(Buffer.from(JSON.stringify(message)), device);

/** Reads as rows, for people to compare. */
const readsOf = ({ entries: { reads } }: DecodedMessage) =>
  reads.epc.map((epc, index) => {
    const { reader, antenna } = reads.sources[reads.source[index]!]!;
    return { reader, antenna, epc, rssiDbm: reads.rssiDbm[index], seenAt: reads.seenAt[index] };
  });

const EPC = '3034257BF7194E4000001A85';
const AT = '2026-11-02T08:14:07.512+0000';
const seenAt = Date.UTC(2026, 10, 2, 8, 14, 7, 512);
const tag = (data: object, envelope: object = {}) => ({
  type: 'INVENTORY',
  timestamp: AT,
  data: { eventNum: 88_121, format: 'epc', idHex: EPC, ...data },
  ...envelope,
});

describe('tag data', () => {
  it('fact 1: a tag event names no reader, so the read is the device’s', () => {
    expect(readsOf(decode(tag({ antenna: 2, peakRssi: -58 })))).toEqual([
      { reader: 'door-1', antenna: 2, epc: EPC, rssiDbm: -58, seenAt },
    ]);
    // Asked for or not, the reader's own names are not the site's.
    expect(readsOf(decode(tag({ hostName: 'FX9600AB12', MAC: '84:24:8D:00:00:01' })))[0]?.reader).toBe('door-1');
  });

  it.each(['SIMPLE', 'CUSTOM', 'CONVEYOR', 'INVENTORY', 'PORTAL'])(
    'fact 2: %s mode may lack antenna and RSSI',
    (type) => {
      const [read] = readsOf(decode(tag({}, { type })));
      expect(read).toEqual({ reader: 'door-1', antenna: 0, epc: EPC, rssiDbm: Number.NaN, seenAt });
    },
  );

  it('fact 4: eventNum or a time of its own makes a message the same when it comes again', () => {
    expect(decode(tag({ eventNum: undefined })).selfIdentified).toBe(true);
    expect(decode(tag({}, { timestamp: undefined })).selfIdentified).toBe(true);
    expect(decode(tag({ eventNum: undefined }, { timestamp: undefined })).selfIdentified).toBe(false);
  });

  it.each([
    ['2026-11-02T08:14:07.512+0000', seenAt],
    ['2026-11-02T02:14:07.512-0600', seenAt],
    ['2026-11-02T10:14:07.512+0200', seenAt],
    ['2026-11-02T08:14:07.512+00:00', seenAt],
  ])('fact 5: offsets come without a colon: %s', (timestamp, expected) => {
    expect(readsOf(decode(tag({}, { timestamp })))[0]?.seenAt).toBe(expected);
  });

  it('a reader that sends no time gets ours', () => {
    expect(readsOf(decode(tag({}, { timestamp: undefined })))[0]?.seenAt).toBe(receivedAt);
  });

  it.each([
    '2026-11-02T08:14:07.512',
    'yesterday',
    1_793_607_247_512,
    '1970-01-01T00:01:00.000+0000',
    '2100-01-01T00:00:00Z',
  ])('a wrong or impossible time is never replaced by ours: %j', (timestamp) => {
    const message = decode(tag({}, { timestamp }));
    expect(message.entries.reads.length).toBe(0);
    expect(message.rejects).toMatchObject([{ code: 'bad-time', reason: expect.stringMatching(/^\/timestamp: /u) }]);
  });

  it('fact 6: a batch is an array; one bad element rejects only itself', () => {
    const message = decode([tag({}), tag({ idHex: 'Error' }), 7, tag({ antenna: 1 })]);
    expect(readsOf(message).map(({ antenna }) => antenna)).toEqual([0, 1]);
    expect(message.rejects).toEqual([
      {
        code: 'bad-epc',
        reason: '/1/data/idHex: not 2 to 128 hexadecimal digits',
        content: JSON.stringify(tag({ idHex: 'Error' })),
      },
      { code: 'bad-entry', reason: '/2: not an object', content: '7' },
    ]);
  });

  it('fact 7: lower-case hex is the EPC in upper case', () => {
    expect(decode(tag({ idHex: '3034257bf7194e4000001a85' })).entries.reads.epc).toEqual([EPC]);
  });

  it.each([
    ['E28011606000020A6681F23F', 'a factory EPC'],
    ['313630323030303120202020', '“16020001” in ASCII'],
    ['30342579', '32 bits'],
    ['F'.repeat(128), '512 bits'],
  ])('fact 9: %s is an EPC although no GS1 one: %s', (idHex) => {
    expect(decode(tag({ idHex })).entries.reads.epc).toEqual([idHex]);
  });

  it('fact 9: ISO 15459 (format uii) stays raw hex', () => {
    expect(decode(tag({ idHex: 'dc0418a3b6c7d8e9f0a1', format: 'uii' })).entries.reads.epc).toEqual([
      'DC0418A3B6C7D8E9F0A1',
    ]);
  });

  it('fact 10: error text in data fields is stored nowhere', () => {
    const message = decode(
      tag({
        accessResults: ['Error: Tag did not respond', 'Not Attempted'],
        USER: 'Error: tag returned error code 0x03 = Memory overrun',
        TID: 'Error: Tag did not respond',
      }),
    );
    expect(message.entries.reads.length).toBe(1);
    expect(message.rejects).toEqual([]);
    expect(JSON.stringify(message)).not.toMatch(/error|attempted/iu);
  });

  it('reads may run on from report to report (387,321 was seen): one report is one read', () => {
    expect(decode(tag({ reads: 387_321 })).entries.reads.count).toBeUndefined();
    expect(decode(tag({ reads: 3 })).entries.reads.count).toBeUndefined();
  });

  it('the bare data object, which the documentation shows too, is a tag event', () => {
    const message = decode({ eventNum: 5, format: 'epc', idHex: EPC, antenna: 3, peakRssi: -60 });
    expect(readsOf(message)).toEqual([{ reader: 'door-1', antenna: 3, epc: EPC, rssiDbm: -60, seenAt: receivedAt }]);
    expect(decode({ eventNum: 5, format: 'epc', idHex: 'xyz' }).rejects[0]?.reason).toMatch(/^\/idHex: /u);
  });

  it.each([
    [{ idHex: '' }, 'bad-epc', '/data/idHex'],
    [{ idHex: 'F'.repeat(129) }, 'bad-epc', '/data/idHex'],
    [{ idHex: 42 }, 'bad-epc', '/data/idHex'],
    [{ idHex: null }, 'bad-epc', '/data/idHex'],
    [{ antenna: -1 }, 'bad-entry', '/data/antenna'],
    [{ antenna: 1.5 }, 'bad-entry', '/data/antenna'],
    [{ antenna: 256 }, 'bad-entry', '/data/antenna'],
    [{ antenna: 'left' }, 'bad-entry', '/data/antenna'],
    [{ antenna: [1] }, 'bad-entry', '/data/antenna'],
    [{ peakRssi: -5750 }, 'bad-entry', '/data/peakRssi'],
    [{ peakRssi: 'strong' }, 'bad-entry', '/data/peakRssi'],
  ])('%j is rejected as %s at %s', (data, code, place) => {
    const message = decode(tag(data));
    expect(message.entries.reads.length).toBe(0);
    expect(message.rejects).toMatchObject([{ code, reason: expect.stringContaining(`${place}: `) }]);
  });

  it('numbers beyond a double are rejected, not infinite', () => {
    const json = JSON.stringify(tag({ peakRssi: 'HUGE' })).replace('"HUGE"', '-1e999');
    expect(zebraIotc.decode(Buffer.from(json), device).rejects).toMatchObject([{ code: 'bad-entry' }]);
  });

  it.each([
    ['INVENTORY without idHex', tag({ idHex: undefined })],
    ['DIRECTIONALITY, which reports zones', { type: 'DIRECTIONALITY', timestamp: AT, data: { tagId: EPC, zone: 2 } }],
    ['a new type with an antenna', { type: 'WAREHOUSE', timestamp: AT, data: { antenna: 2, epcHex: EPC } }],
  ])('%s looks like tag data and is not lost in silence', (_name, event) => {
    expect(decode(event)).toMatchObject({
      rejects: [{ code: 'bad-epc', reason: '/data/idHex: missing from a tag report' }],
    });
  });
});

const heartbeat = (data: unknown, timestamp: unknown = AT) =>
  decode({ type: 'heartbeat', timestamp, component: 'RG', eventNum: 412, data });
const measuresOf = (message: DecodedMessage) =>
  Object.fromEntries(
    message.entries.measures.map(({ name, value, unit }) => [name, unit === undefined ? value : `${value} ${unit}`]),
  );

describe('management events', () => {
  it.each([
    ['HIGH', true],
    ['LOW', false],
  ])('gpi %s is a trigger', (state, high) => {
    const message = decode({ type: 'gpi', timestamp: AT, component: 'RG', eventNum: 411, data: { pin: 1, state } });
    expect(message.entries.triggers).toEqual([{ reader: 'door-1', input: 1, high, at: seenAt }]);
    expect(message.selfIdentified).toBe(true);
  });

  it.each([
    [{ state: 'HIGH' }, '/data/pin'],
    [{ pin: 65, state: 'HIGH' }, '/data/pin'],
    [{ pin: 1, state: 'OPEN' }, '/data/state'],
  ])('gpi %j is rejected at %s', (data, place) => {
    const message = decode({ type: 'gpi', timestamp: AT, data });
    expect(message.rejects).toMatchObject([{ code: 'bad-entry', reason: expect.stringContaining(place) }]);
    expect(decode({ type: 'gpi', timestamp: 'now', data }).rejects).toMatchObject([{ code: 'bad-time' }]);
  });

  it.each(['gpo', 'error', 'warning', 'firmwareUpdateProgress', 'userapp', 'BLE_DATA', 'something-new'])(
    '%s is status',
    (type) => {
      expect(decode({ type, timestamp: AT, component: 'RG', eventNum: 9, data: { message: 'x' } })).toMatchObject({
        ignored: 'status',
        rejects: [],
      });
    },
  );

  it('fact 13: a heartbeat of an FX9600 becomes measures', () => {
    const message = heartbeat({
      radio_control: {
        status: 'running',
        antennas: { 1: 'connected', 2: 'disconnected', x: 'connected' },
        numTagReads: 3062,
        numTagReadsPerAntenna: { 1: 3062, 2: 0 },
        numErrors: 7,
        numWarnings: 0,
      },
      reader_gateway: {
        dataPathStatistics: [
          {
            numDataMessagesDropped: 1,
            numDataMessagesRetained: 0,
            numDataMessagesRxed: 3070,
            numDataMessagesTxed: 3062,
          },
          { numDataMessagesDropped: 4, numDataMessagesRetained: 2, numDataMessagesRxed: 10, numDataMessagesTxed: 4 },
        ],
      },
      system: {
        GPI: { 1: 'HIGH', 2: 'LOW' },
        cpu: { system: 7, user: 2 },
        flash: { platform: { free: 1 } },
        ntp: { offset: -3, reach: 377 },
        ram: { free: 108_285_952, total: 252_334_080, used: 144_048_128 },
        systemtime: '2026-11-02T08:14:07.135+0000',
        temperature: { ambient: 37, pa: 52 },
        uptime: '5:21:9',
      },
    });
    expect(measuresOf(message)).toEqual({
      'temperature.ambient': '37 Cel',
      'temperature.pa': '52 Cel',
      'cpu.user': '2 %',
      'cpu.system': '7 %',
      'ram.free': '108285952 By',
      'ram.used': '144048128 By',
      'ntp.offset': '-3 ms',
      'ntp.reach': 377,
      'radio.tagReads': 3062,
      'radio.errors': 7,
      'radio.warnings': 0,
      'antenna.1.connected': 1,
      'antenna.2.connected': 0,
      'antenna.1.tagReads': 3062,
      'antenna.2.tagReads': 0,
      'gpi.1.high': 1,
      'gpi.2.high': 0,
      'messages.received': 3080,
      'messages.sent': 3066,
      'messages.retained': 2,
      'messages.dropped': 5,
    });
    expect(message.entries.measures.every(({ at, device: name }) => at === seenAt && name === 'door-1')).toBe(true);
    expect(message).not.toHaveProperty('ignored');
  });

  it('fact 13: fields drift between firmwares, and none of it is an error', () => {
    const older = {
      reader_gateway: { numDataMessagesRxed: 9, numDataMessagesDropped: '2' },
      system: { temperature: { ambient: '36,5' } },
    };
    expect(measuresOf(heartbeat(older))).toEqual({
      'messages.received': 9,
      'messages.dropped': 2,
      'temperature.ambient': '36.5 Cel',
    });
    const documented = {
      reader_gateway: { dataPathStatistics: [{ Rxed: 5, Txed: 4, Retained: 1, Dropped: 0 }, null] },
    };
    expect(measuresOf(heartbeat(documented))).toMatchObject({ 'messages.received': 5, 'messages.dropped': 0 });
    const single = { reader_gateway: { dataPathStatistics: { Dropped: 3 } } };
    expect(measuresOf(heartbeat(single))).toEqual({ 'messages.dropped': 3 });
    const fxr60 = {
      system: { flash: null, systemtime: '07/09/2026 12:22', ntp: null, cpu: { user: null } },
      radio_control: [],
    };
    expect(heartbeat(fxr60)).toMatchObject({ ignored: 'heartbeat', rejects: [] });
    for (const data of [undefined, null, 'up', [], { system: 7 }]) expect(heartbeat(data).ignored).toBe('heartbeat');
    expect(heartbeat(older, '07/09/2026 12:22').entries.measures[0]?.at).toBe(receivedAt);
  });
});
