// Facts are numbered as in src/wire/formats/READERS.md.
import * as fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Fault } from '../../../../src/kit/faults.ts';
import type { DecodedMessage } from '../../../../src/wire/formats/format.ts';
import { mapped } from '../../../../src/wire/formats/mapped.ts';
import { Mapping } from '../../../../src/wire/formats/mapping.ts';
import { pathTo } from '../../../../src/wire/formats/path.ts';

const receivedAt = Date.UTC(2026, 10, 2, 9);
const device = { id: 'gate-7', receivedAt };

/** Mappings are YAML in these tests, as in a site file. */
function decode(mapping: string, message: unknown): DecodedMessage {
  const rules: unknown = parse(mapping);
  expect(Value.Check(Mapping, rules)).toBe(true);
  return mapped(rules).decode(Buffer.from(JSON.stringify(message)), device);
}

const readsOf = ({ entries: { reads } }: DecodedMessage) =>
  reads.epc.map((epc, index) => {
    const { reader, antenna } = reads.sources[reads.source[index]!]!;
    const count = reads.count?.[index] ?? 1;
    return { reader, antenna, epc, rssiDbm: reads.rssiDbm[index], seenAt: reads.seenAt[index], count };
  });

const EPC = '3034257BF7194E4000001A85';
const T = Date.UTC(2026, 10, 2, 8, 14, 10, 123);

describe('real devices', () => {
  it('SmartReader: microseconds since 1970, dBm with a fraction, the reader named once', () => {
    const mapping = `{ items: tag_reads, skip: { isHeartBeat: true }, epc: { at: epc, encoding: hex },
      antenna: { at: antennaPort }, rssi: { at: peakRssi, unit: dBm },
      time: { at: firstSeenTimestamp, unit: us }, reader: { at: $.readerName } }`;
    const message = decode(mapping, {
      readerName: 'sr-1',
      mac: '00:16:25:14:AA:02',
      tag_reads: [
        { epc: EPC, firstSeenTimestamp: 1_793_607_250_123_456, antennaPort: 1, peakRssi: -57.5, txPower: 30 },
      ],
    });
    expect(readsOf(message)).toEqual([
      { reader: 'sr-1', antenna: 1, epc: EPC, rssiDbm: -57.5, seenAt: T + 0.456, count: 1 },
    ]);
    expect(message.selfIdentified).toBe(true);
  });

  const speedway = `{ items: tag_reads, skip: { isHeartBeat: true }, epc: { at: epc }, antenna: { at: antennaPort },
    rssi: { at: peakRssi, unit: dBm }, time: { at: firstSeenTimestamp, unit: rfc3339 }, reader: { at: $.reader_name } }`;
  const beat = { antennaPort: 0, epc: '*'.repeat(24), firstSeenTimestamp: '2026-11-02T08:14:11Z', isHeartBeat: true };

  it('fact 12: a Speedway heartbeat in the tag stream is skipped, fake EPC and all', () => {
    const read = {
      antennaPort: 7,
      epc: EPC,
      firstSeenTimestamp: '2026-11-02T08:14:10.36879Z',
      peakRssi: -51,
      isHeartBeat: false,
    };
    const message = decode(speedway, { reader_name: 'sc-1', tag_reads: [read, beat] });
    expect(readsOf(message)).toEqual([
      {
        reader: 'sc-1',
        antenna: 7,
        epc: EPC,
        rssiDbm: -51,
        seenAt: Date.UTC(2026, 10, 2, 8, 14, 10, 368) + 0.79,
        count: 1,
      },
    ]);
    expect(message.rejects).toEqual([]);
    expect(decode(speedway, { reader_name: 'sc-1', tag_reads: [beat] })).toMatchObject({
      ignored: 'status',
      rejects: [],
    });
  });

  const proglove = `{ only: { event_type: scan }, scan: { data: { at: scan_code } },
    time: { at: time_created, unit: ms }, reader: { at: device_serial }, sequence: { at: event_id } }`;

  it('ProGlove: a scan, told from the other events of the same topic', () => {
    const scan = {
      event_type: 'scan',
      event_id: '02114da8',
      time_created: T,
      scan_code: ']C1010952110\u001d10ABC',
      device_serial: 'pack-1',
    };
    const message = decode(proglove, scan);
    expect(message.entries.scans).toEqual([{ device: 'pack-1', data: ']C1010952110\u001d10ABC', at: T }]);
    expect(message.selfIdentified).toBe(true);
    expect(decode(proglove, { ...scan, event_type: 'gateway_state' })).toMatchObject({
      ignored: 'status',
      rejects: [],
    });
  });

  const handheld = `
    - { items: data.tagData, epc: { at: EPCid }, rssi: { at: peakRssi, unit: dBm }, count: { at: seenCount },
        time: { at: $.timestamp, unit: rfc3339 }, sequence: { at: eventNum } }
    - { items: data.barcodeData, time: { at: $.timestamp, unit: rfc3339 },
        scan: { data: { at: decodedBarcode }, symbology: { at: symbology, aim: { GS1-128: "]C1" } } } }`;
  const timestamp = '2026-11-02T08:14:10.123Z';

  it('Zebra handheld: tags and barcodes in one message, by a list of two rules', () => {
    const data = {
      tagData: [{ EPCid: EPC, eventNum: 12, peakRssi: -48, seenCount: 5 }],
      barcodeData: [
        { symbology: 'GS1-128', decodedBarcode: '00395011411234567895' },
        { symbology: 'GS1-128', decodedBarcode: ']C100395011411234567895' },
        { symbology: 'CODE39', decodedBarcode: 'BIN-7' },
      ],
    };
    const message = decode(handheld, { type: 'data', timestamp, data });
    expect(readsOf(message)).toEqual([{ reader: 'gate-7', antenna: 0, epc: EPC, rssiDbm: -48, seenAt: T, count: 5 }]);
    expect(message.entries.scans.map((scan) => scan.data)).toEqual([
      ']C100395011411234567895',
      ']C100395011411234567895',
      'BIN-7',
    ]);
    expect(message.rejects).toEqual([]);
  });

  it('one of several lists may be missing; all of them missing is a message that changed', () => {
    expect(readsOf(decode(handheld, { timestamp, data: { tagData: [{ EPCid: EPC }] } }))).toHaveLength(1);
    expect(decode(handheld, { timestamp, data: { barcodeData: [] } })).toMatchObject({ ignored: 'keep-alive' });
    expect(decode(handheld, { timestamp, data: { tags: [{ EPCid: EPC }] } }).rejects).toMatchObject([
      { code: 'bad-entry', reason: ': has none of the lists /data/tagData, /data/barcodeData' },
    ]);
  });

  it('Zebra handheld set to send CRC and PC: the EPC is what the PC says', () => {
    const mapping = '{ items: tagData, epc: { at: EPCid, encoding: crc-pc-hex } }';
    const read = (EPCid: string) => decode(mapping, { tagData: { EPCid } });
    expect(read(`D98A3000${EPC}`).entries.reads.epc).toEqual([EPC]);
    for (const bad of [`D98A3800${EPC}`, `D98A3000${EPC}00`, 'D98A0000', `D98G3000${EPC}`, '', 'D98A']) {
      expect(read(bad).rejects).toMatchObject([
        { code: 'bad-epc', reason: expect.stringContaining('/tagData/EPCid: ') },
      ]);
    }
    expect(decode('{ epc: { at: e, encoding: pc-hex } }', { e: `3000${EPC}` }).entries.reads.epc).toEqual([EPC]);
  });

  it('ifm dock-door gate: an array of gate events', () => {
    const mapping =
      '{ epc: { at: EPC }, time: { at: timestamp, unit: rfc3339 }, reader: { at: gateID }, sequence: { at: eventID } }';
    const message = decode(mapping, [
      { eventID: 1, gateID: 4, direction: 'IN', EPC, timestamp: '2026-11-02T09:14:10.123+0100' },
    ]);
    expect(readsOf(message)).toMatchObject([{ reader: '4', epc: EPC, seenAt: T }]);
  });

  it('zigbee2mqtt: contact, battery and temperature as measures', () => {
    const mapping = `{ measures: [{ name: door.closed, at: contact }, { name: temperature, at: temperature, unit: Cel },
      { name: battery, at: battery, unit: "%" }] }`;
    expect(
      decode(mapping, { contact: true, temperature: '21,5', linkquality: 90, battery: null }).entries.measures,
    ).toEqual([
      { device: 'gate-7', name: 'door.closed', value: 1, at: receivedAt },
      { device: 'gate-7', name: 'temperature', value: 21.5, at: receivedAt, unit: 'Cel' },
    ]);
    expect(decode(mapping, { linkquality: 90 })).toMatchObject({ ignored: 'status' });
    expect(decode(mapping, { contact: 'ajar', temperature: 20 })).toMatchObject({
      entries: { measures: [] },
      rejects: [{ code: 'bad-entry', reason: '/contact: not a number' }],
    });
  });
});

/** What is at a path, given that it is an EPC. */
const find = (path: string, message: unknown) => decode(`{ epc: { at: '${path}' } }`, message).entries.reads.epc[0];
const identified = (mapping: string, message: object) => decode(mapping, { epc: EPC, ...message }).selfIdentified;

/** The code of the fault that a mapping causes. */
function faultOf(mapping: unknown): string {
  try {
    mapped(mapping).decode(Buffer.from('{"a":{"b":1},"e":["x"]}'), device);
    return 'none';
  } catch (error) {
    if (error instanceof Fault && error.kind === 'rejected') return error.code;
    throw error;
  }
}

describe('fields', () => {
  it.each([
    ['dBm', -57.5, -57.5],
    ['dBm', '-57,5', -57.5], // fact 8: ItemTest
    ['dBm', '-57.5', -57.5],
    ['centi-dBm', -5750, -57.5],
    ['centi-dBm', null, Number.NaN],
  ])('rssi in %s: %j is %d', (unit, rssi, expected) => {
    const [read] = readsOf(decode(`{ epc: { at: epc }, rssi: { at: rssi, unit: ${unit} } }`, { epc: EPC, rssi }));
    expect(read?.rssiDbm).toBe(expected);
  });

  it.each([
    ['s', T / 1000],
    ['s', '1793607250.123'],
    ['ms', T],
    ['ms', String(T)],
    ['us', T * 1000],
    ['ns', `${T}000000`],
    ['ns', T * 1e6],
    ['rfc3339', '2026-11-02T08:14:10.123Z'],
  ])('time in %s: %j', (unit, at) => {
    const [read] = readsOf(decode(`{ epc: { at: epc }, time: { at: t, unit: ${unit} } }`, { epc: EPC, t: at }));
    expect(read?.seenAt).toBe(T);
  });

  it.each([
    ['s', T], // the unit is wrong
    ['ms', T / 1000],
    ['ms', undefined],
    ['ms', null],
    ['ms', 'soon'],
    ['ms', { at: T }],
    ['rfc3339', T],
    ['rfc3339', undefined],
    ['rfc3339', '02.11.2026 08:14:10'],
  ])('time in %s: %j is rejected, and never replaced by arrival', (unit, at) => {
    const message = decode(`{ epc: { at: epc }, time: { at: t, unit: ${unit} } }`, { epc: EPC, t: at });
    expect(message.entries.reads.length).toBe(0);
    expect(message.rejects).toMatchObject([{ code: 'bad-time', reason: expect.stringMatching(/^\/t: .*2000/u) }]);
  });

  it('defaults stand in for what is missing, never for what is wrong', () => {
    const mapping =
      '{ items: tags, epc: { at: epc }, antenna: { at: port, default: 3 }, reader: { at: name, default: gate-9 } }';
    const message = decode(mapping, {
      tags: [{ epc: EPC }, { epc: EPC, port: 1, name: 'x' }, { epc: EPC, port: 'left' }, { epc: EPC, name: '' }],
    });
    expect(readsOf(message).map(({ antenna, reader }) => [reader, antenna])).toEqual([
      ['gate-9', 3],
      ['x', 1],
    ]);
    expect(message.rejects.map(({ reason }) => reason.split(':')[0])).toEqual(['/tags/2/port', '/tags/3/name']);
    expect(readsOf(decode('{ epc: { at: epc }, antenna: { default: 2 } }', { epc: EPC }))[0]?.antenna).toBe(2);
  });

  it.each(['door\u00001', 'door\n1', '\u007f', 'a'.repeat(65), 'x\ufffd', { a: 1 }, true, 1.5, [1]])(
    'a reader cannot be called %j',
    (name) => {
      expect(decode('{ epc: { at: epc }, reader: { at: name } }', { epc: EPC, name })).toMatchObject({
        rejects: [{ code: 'bad-entry', reason: '/name: not a name of 1 to 64 printable characters' }],
      });
    },
  );

  it.each([[0], [1.5], [-1], [2_000_000], ['many']])('a count cannot be %j', (count) => {
    expect(decode('{ epc: { at: epc }, count: { at: n } }', { epc: EPC, n: count }).rejects).toMatchObject([
      { code: 'bad-entry' },
    ]);
  });

  it('a scan keeps its separators, its operator and its task; without data it is none', () => {
    const mapping = '{ scan: { data: { at: d }, operator: { at: who }, task: { at: job } } }';
    expect(decode(mapping, { d: '[)>\u001e06\u001d1PX\u0004', who: 'op-7', job: 'PICK-1' }).entries.scans).toEqual([
      { device: 'gate-7', data: '[)>\u001e06\u001d1PX\u0004', at: receivedAt, operator: 'op-7', task: 'PICK-1' },
    ]);
    expect(decode(mapping, { d: '1', who: '', job: null }).entries.scans).toEqual([
      { device: 'gate-7', data: '1', at: receivedAt },
    ]);
    for (const wrong of [
      {},
      { d: '' },
      { d: 5 },
      { d: 'a\u0000' },
      { d: '\ud800' },
      { d: '1', who: '\u0007' },
      { d: '1', job: 'x'.repeat(129) },
    ]) {
      expect(decode(mapping, wrong)).toMatchObject({ entries: { scans: [] }, rejects: [{ code: 'bad-entry' }] });
    }
  });

  it('numeric times are kept to the microsecond, of whatever was observed', () => {
    const mapping = '{ scan: { data: { at: d } }, time: { at: t, unit: s } }';
    expect(decode(mapping, { d: '1', t: 1_793_607_250.123_456 }).entries.scans[0]?.at).toBe(T + 0.456);
    const measure = '{ measures: [{ name: n, at: v }], time: { at: t, unit: us } }';
    expect(decode(measure, { v: 1, t: 1_793_607_250_123_456.75 }).entries.measures[0]?.at).toBe(T + 0.457);
  });

  it('a reject points to the field, in the item or in the message', () => {
    const mapping = '{ items: a.b, epc: { at: "e[0]" }, time: { at: $.t, unit: ms } }';
    const placesOf = (message: object) => decode(mapping, message).rejects.map(({ reason }) => reason.split(':')[0]);
    expect(placesOf({ t: 1, a: { b: [{ e: [EPC] }] } })).toEqual(['/t']);
    expect(placesOf({ t: T, a: { b: [{ e: [EPC] }, { e: [] }] } })).toEqual(['/a/b/1/e/0']);
  });

  it('a list has no more items than a message may have', () => {
    const tags = Array.from({ length: 10_001 }, () => 1);
    expect(() => decode('{ items: tags, epc: { at: . } }', { tags })).toThrow(
      expect.objectContaining({ kind: 'rejected', code: 'too-many' }),
    );
  });

  it('base64 in either alphabet', () => {
    for (const encoding of ['base64', 'base64url']) {
      expect(
        decode(`{ epc: { at: epc, encoding: ${encoding} } }`, { epc: 'MDQle_cZTkAAABqF' }).entries.reads.epc,
      ).toEqual([EPC]);
    }
  });

  it('a message with a sequence or a time is the same when it comes again; with neither it is another', () => {
    expect(identified('{ epc: { at: epc } }', { n: 1 })).toBe(false);
    expect(identified('{ epc: { at: epc }, sequence: { at: n } }', { n: 1 })).toBe(true);
    expect(identified('{ epc: { at: epc }, sequence: { at: n } }', {})).toBe(false);
    expect(identified('{ epc: { at: epc }, time: { at: t, unit: ms } }', { t: T })).toBe(true);
  });
});

describe('paths', () => {
  it.each([
    ['epc', { epc: EPC }],
    ['a.b.c', { a: { b: { c: EPC } } }],
    ['a.b.c.d', { a: { b: { c: { d: EPC } } } }],
    ['tags[1].epc', { tags: [{}, { epc: EPC }] }],
    ['rows[0][2]', { rows: [[1, 2, EPC]] }],
    [String.raw`device\.epc`, { 'device.epc': EPC }],
    [String.raw`a\[0\]`, { 'a[0]': EPC }],
    [String.raw`\$ref`, { $ref: EPC }],
    ['urn:epc-1/x y', { 'urn:epc-1/x y': EPC }],
    ['$.epc', { epc: EPC }],
    ['antennas.1', { antennas: { 1: EPC } }],
  ])('%s', (path, message) => expect(find(path, message)).toBe(EPC));

  it('reach items that are no objects', () => {
    expect(decode('{ items: epcs, epc: { at: . } }', { epcs: [EPC] }).entries.reads.epc).toEqual([EPC]);
    expect(decode('{ items: rows, epc: { at: "[1]" } }', { rows: [[7, EPC]] }).entries.reads.epc).toEqual([EPC]);
  });

  it.each(['__proto__', 'constructor.name', 'toString', 'epc.length', 'tags.length', 'tags.0', '__proto__.epc'])(
    '%s finds nothing that the payload does not say',
    (path) => {
      expect(pathTo(path).find({ epc: EPC, tags: [EPC] }, {})).toBeUndefined();
    },
  );

  it('a payload’s own __proto__ changes nothing', () => {
    const json = `{"__proto__":{"epc":"${EPC}","isHeartBeat":true},"tags":[{"__proto__":{"epc":"${EPC}"}}]}`;
    const message = mapped(parse('{ items: tags, epc: { at: epc } }')).decode(Buffer.from(json), device);
    expect(message).toMatchObject({ entries: { reads: { length: 0 } }, rejects: [{ code: 'bad-epc' }] });
    expect(Object.prototype).not.toHaveProperty('epc');
  });

  it('conditions look at the item or, after $, at the message', () => {
    const mapping =
      '{ items: tags, only: { $.type: [data, replay], ok: true }, skip: { kind: [beat, null] }, epc: { at: epc } }';
    const good = { epc: EPC, ok: true, kind: 'tag' };
    const tags = [good, { ...good, ok: 1 }, { ...good, kind: 'beat' }, { ...good, kind: null }, { epc: EPC, ok: true }];
    expect(decode(mapping, { type: 'replay', tags })).toMatchObject({ entries: { reads: { length: 1 } }, rejects: [] });
    expect(decode(mapping, { type: 'status' })).toMatchObject({ ignored: 'status', rejects: [] });
  });
});

describe('a mistaken mapping', () => {
  it.each([
    ['nothing', undefined, 'must be a rule or a list of rules'],
    ['a string', '"epc"', 'must be a rule or a list of rules'],
    ['no rules', '[]', 'must have 1 to 16 rules'],
    ['a rule for nothing', '{ items: tags }', 'needs exactly one of epc, scan, measures, has none'],
    ['a rule for two things', '{ epc: { at: e }, scan: { data: { at: d } } }', 'has epc and scan'],
    ['an unknown unit', '{ epc: { at: e }, rssi: { at: r, unit: db } }', '/rssi/unit must be one of dBm, centi-dBm'],
    ['no unit', '{ epc: { at: e }, time: { at: t } }', '/time lacks unit'],
    ['an unknown key', '{ epc: { at: e }, rsi: { at: r } }', '/rsi is not a known key here'],
    ['an unknown inner key', '{ epc: { at: e, enc: hex } }', '/epc/enc is not a known key here'],
    ['no path', '{ epc: { at: a..b } }', '/epc/at must be a path such as data.tags[0].epc'],
    ['a number', '{ epc: { at: 7 } }', '/epc/at must be of type string'],
    ['a condition on nothing', '{ epc: { at: e }, skip: { a..b: true } }', '/skip/a..b must be a path'],
    [
      'a condition on an object',
      '{ epc: { at: e }, skip: { a: { b: 1 } } }',
      '/skip/a must be of type string, number, boolean, null, array',
    ],
    ['an empty default', '{ epc: { at: e }, antenna: {} }', '/antenna must say at least one of its keys'],
    [
      'no AIM identifier',
      '{ scan: { data: { at: d }, symbology: { at: s, aim: { x: C1 } } } }',
      '/scan/symbology/aim/x must match',
    ],
    ['the second rule', '[{ epc: { at: e } }, { epc: {} }]', '/1/epc lacks at'],
  ])('with %s says what is allowed', (_name, yaml, expected) => {
    const mapping: unknown = yaml === undefined ? undefined : parse(yaml);
    expect(() => mapped(mapping)).toThrow(
      expect.objectContaining({ kind: 'rejected', code: 'bad-mapping', message: expect.stringContaining(expected) }),
    );
    expect(Value.Check(Mapping, mapping)).toBe(false);
  });

  it('says all of its mistakes at once', () => {
    const yaml =
      '{ epc: { at: a..b, encoding: hx }, rssi: { at: x }, foo: 1, antenna: {}, time: { at: t, unit: sec }, skip: { a: {} }, count: {} }';
    expect(() => mapped(parse(yaml))).toThrow(
      expect.objectContaining({
        detail: {
          problems: [
            '/epc/at must be a path such as data.tags[0].epc',
            '/epc/encoding must be one of hex, base64, base64url, pc-hex, crc-pc-hex',
            '/rssi lacks unit',
            '/foo is not a known key here',
            '/antenna must say at least one of its keys',
            '/time/unit must be one of rfc3339, s, ms, us, ns',
            '/skip/a must be of type string, number, boolean, null, array',
            '/count lacks at',
          ],
        },
      }),
    );
  });

  it('of any other kind is a rejected fault too, or a mapping that works', () => {
    const names = fc.constantFrom(
      'items',
      'epc',
      'scan',
      'measures',
      'time',
      'reader',
      'at',
      'unit',
      'default',
      'skip',
      '__proto__',
    );
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.jsonValue(),
        fc.constantFrom('hex', 'ms', 'a.b', '.'),
        fc.array(tie('node')),
        fc.dictionary(names, tie('node')),
      ),
    })).node;
    fc.assert(
      fc.property(value, (mapping) => {
        expect(['bad-mapping', 'none']).toContain(faultOf(mapping));
      }),
      { numRuns: 500 },
    );
  });
});
