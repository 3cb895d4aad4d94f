// The table of formats, and what holds for all of them: the examples decode, and no input does harm.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../src/kit/faults.ts';
import { entryCount } from '../../../../src/wire/entries.ts';
import type { DecodedMessage, Format } from '../../../../src/wire/formats/format.ts';
import { formatNames, formatOf } from '../../../../src/wire/formats/formats.ts';

interface Example {
  readonly format: string;
  readonly note: string;
  readonly payload: unknown;
}

const EPC = '3034257BF7194E4000001A85';
const receivedAt = Date.UTC(2026, 10, 2, 9);
const device = { id: 'some-device', receivedAt };
const lines = readFileSync(new URL('../../../data/readers/examples.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const examples = lines.map((line) => JSON.parse(line) as Example);

const tagReads = (time: object, reader: string) => ({
  items: 'tag_reads',
  skip: { isHeartBeat: true },
  epc: { at: 'epc' },
  antenna: { at: 'antennaPort' },
  rssi: { at: 'peakRssi', unit: 'dBm' },
  time: { at: 'firstSeenTimestamp', ...time },
  reader: { at: reader },
});
const at = { at: '$.timestamp', unit: 'rfc3339' };
/** Formats of the examples that are no formats of ours are mappings. */
const mappings: Readonly<Record<string, unknown>> = {
  smartreader: tagReads({ unit: 'us' }, '$.readerName'),
  speedway: tagReads({ unit: 'rfc3339' }, '$.reader_name'),
  proglove: {
    only: { event_type: 'scan' },
    scan: { data: { at: 'scan_code' } },
    time: { at: 'time_created', unit: 'ms' },
    reader: { at: 'device_serial' },
    sequence: { at: 'event_id' },
  },
  'zebra-handheld': [
    {
      items: 'data.tagData',
      epc: { at: 'EPCid' },
      rssi: { at: 'peakRssi', unit: 'dBm' },
      count: { at: 'seenCount' },
      time: at,
    },
    { items: 'data.barcodeData', scan: { data: { at: 'decodedBarcode' } }, time: at },
  ],
};

function formatOfExample({ format, note }: Example): Format {
  if (formatNames.includes(format)) return formatOf(format);
  const name = format === 'tag-reads' ? (note.startsWith('SmartReader') ? 'smartreader' : 'speedway') : format;
  return formatOf('mapped', mappings[name]);
}

/** JSON has numbers that no double holds, but JSON.stringify cannot write them. */
const HUGE = 'a number beyond all doubles';
const bytesOf = (payload: unknown): Buffer =>
  Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload).replaceAll(`"${HUGE}"`, '-1e999'));

describe('examples.ndjson', () => {
  const summaries = [
    { reads: 1 },
    { reads: 1 },
    { reads: 2 },
    { measures: 13 },
    { triggers: 1 },
    { reads: 1 },
    { reads: 1 },
    { ignored: 'keep-alive' },
    { gaps: 1 },
    { ignored: 'plain-text' },
    { reads: 1 },
    { reads: 1 },
    { scans: 1 },
    { reads: 1, scans: 1 },
  ];

  it('has a summary for each line', () => expect(summaries).toHaveLength(examples.length));

  it.each(examples.map((example, index) => [index + 1, example, summaries[index]] as const))(
    'line %d decodes without a reject',
    (_line, example, expected) => {
      const { entries, gaps, ignored, rejects } = formatOfExample(example).decode(bytesOf(example.payload), device);
      const { reads, scans, triggers, measures } = entries;
      const counts = {
        reads: reads.length,
        scans: scans.length,
        triggers: triggers.length,
        measures: measures.length,
        gaps: gaps.length,
      };
      const found = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
      expect(ignored === undefined ? found : { ...found, ignored }).toEqual(expected);
      expect(rejects).toEqual([]);
    },
  );
});

describe('formatOf', () => {
  it('knows its formats by name', () => {
    expect(formatNames).toEqual(['chirpstack', 'impinj-iot', 'mapped', 'sparkplug-b', 'zebra-iotc', 'zigbee2mqtt']);
    expect(formatOf('zebra-iotc').name).toBe('zebra-iotc');
    expect(formatOf('mapped', mappings.proglove).name).toBe('mapped');
  });

  it.each([
    [
      'zebra',
      undefined,
      'unknown-format',
      'There is no format "zebra"; there are chirpstack, impinj-iot, mapped, sparkplug-b, zebra-iotc, zigbee2mqtt.',
    ],
    [
      'constructor',
      undefined,
      'unknown-format',
      'there are chirpstack, impinj-iot, mapped, sparkplug-b, zebra-iotc, zigbee2mqtt',
    ],
    ['mapped', undefined, 'missing-mapping', 'needs a mapping'],
    ['mapped', { epc: {} }, 'bad-mapping', '/epc lacks at'],
    ['impinj-iot', { epc: { at: 'x' } }, 'needless-mapping', 'takes no mapping'],
  ])('refuses %s with mapping %j', (name, mapping, code, message) => {
    expect(() => formatOf(name, mapping)).toThrow(
      expect.objectContaining({ kind: 'rejected', code, message: expect.stringContaining(message) }),
    );
  });
});

/** What a message meant, or undefined when it was refused as a whole; anything else thrown fails the test. */
function decodeOrRefuse(format: Format, payload: Uint8Array): DecodedMessage | undefined {
  try {
    return format.decode(payload, device);
  } catch (error) {
    if (error instanceof Fault && error.kind === 'rejected') return undefined;
    throw error;
  }
}

const plausible = (time: number) => time >= Date.UTC(2000, 0, 1) && time < Date.UTC(2100, 0, 1);

/** Everything that must hold of every decoded message. */
function isSound({ entries, rejects, gaps, ignored }: DecodedMessage): boolean {
  const { reads } = entries;
  return (
    reads.epc.every((epc) => /^[0-9A-F]{2,128}$/u.test(epc)) &&
    reads.seenAt.every(plausible) &&
    reads.rssiDbm.every((rssi) => Number.isNaN(rssi) || (rssi >= -127 && rssi <= 30)) &&
    reads.sources.every(({ antenna, reader }) => antenna >= 0 && antenna <= 255 && reader !== '') &&
    [...entries.scans, ...entries.triggers, ...entries.measures].every((entry) => plausible(entry.at)) &&
    entries.measures.every(({ value }) => Number.isFinite(value)) &&
    rejects.every(({ code, content }) => /^bad-(?:epc|time|entry)$/u.test(code) && content.length <= 2000) &&
    (ignored === undefined) === entryCount(entries) + rejects.length + gaps.length > 0
  );
}

describe('hostile input', () => {
  const formats = [
    formatOf('zebra-iotc'),
    formatOf('impinj-iot'),
    ...Object.values(mappings).map((mapping) => formatOf('mapped', mapping)),
  ];
  /** The formats that made something unsound of a payload. */
  const unsoundIn = (payload: Uint8Array): readonly Format[] =>
    formats.filter((format) => {
      const message = decodeOrRefuse(format, payload);
      return message !== undefined && !isSound(message);
    });
  const checkAll = (payloads: fc.Arbitrary<Uint8Array>, numRuns: number): void => {
    fc.assert(
      fc.property(payloads, (payload) => unsoundIn(payload).length === 0),
      { numRuns },
    );
  };

  it('random bytes are refused or ignored', () => {
    const noise = fc.uint8Array({ maxLength: 200 });
    const braced = noise.map((bytes) => Uint8Array.of(0x7b, ...bytes, 0x7d));
    expect(() => checkAll(fc.oneof(noise, braced), 2000)).not.toThrow();
  });

  it('random JSON is understood in part or not at all', () => {
    expect(() => checkAll(fc.json({ maxDepth: 6 }).map(bytesOf), 2000)).not.toThrow();
  });

  const scalar = fc.oneof(
    fc.constantFrom(
      null,
      true,
      -1,
      HUGE,
      387_321,
      '',
      '3034257bf7194e4000001a85',
      'MDQle_cZTkAAABqF',
      'HIGH',
      'tagInventory',
      'heartbeat',
      'scan',
    ),
    fc.date({ noInvalidDate: true }).map(String),
    fc.string({ unit: 'binary' }),
    fc.double(),
  );
  /** Every name that any format asks for, and some that Object.prototype has. */
  const names = new Set(lines.flatMap((line) => [...line.matchAll(/"(\w+)":/gu)].map((match) => match[1]!)));
  const name = fc.constantFrom(...names, '__proto__', 'constructor', 'toString', 'length');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      scalar,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(name, tie('value'), { maxKeys: 8 }),
    ),
  }));

  it('the right names with the wrong values are rejected one by one', () => {
    expect(() => checkAll(value.map(bytesOf), 3000)).not.toThrow();
  });

  it('an example with one value replaced is sound, whatever the value', () => {
    const mutated = fc.tuple(fc.constantFrom(...examples), fc.nat(40), value).map(([{ payload }, nth, replacement]) => {
      let count = 0;
      const text = JSON.stringify(payload, (_key, old: unknown) => (count++ === nth ? replacement : old));
      return bytesOf(JSON.parse(text));
    });
    expect(() => checkAll(mutated, 3000)).not.toThrow();
  });

  it('an example with bytes changed or cut off is sound', () => {
    const broken = fc
      .tuple(
        fc.constantFrom(...examples),
        fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 3 }),
        fc.nat(2000),
      )
      .map(([{ payload }, changes, end]) => {
        const bytes = bytesOf(payload);
        for (const [index, byte] of changes) bytes[index % bytes.length] = byte;
        return bytes.subarray(0, Math.max(end, bytes.length >> 1));
      });
    expect(() => checkAll(broken, 3000)).not.toThrow();
  });

  it('a batch keeps its good elements whatever stands between them', () => {
    const good = examples[0]!.payload;
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), (others) => {
        const message = formats[0]!.decode(bytesOf([good, ...others, good]), device);
        const { epc } = message.entries.reads;
        expect([epc[0], epc.at(-1), isSound(message)]).toEqual([EPC, EPC, true]);
        expect(epc.length).toBeGreaterThan(1);
      }),
      { numRuns: 1000 },
    );
  });
});
