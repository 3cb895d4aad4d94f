// One item of a mapped message to one read, one scan or some measures. Where and when it was observed is known already;
// here are the fields that only its kind has.
import {
  antennaPort,
  bankEpc,
  base64Epc,
  dbm,
  hexEpc,
  isMissing,
  lenientNumber,
  printableName,
  readCount,
  REASONS,
  scanData,
} from './field.ts';
import { NAME_CHARS_MAX, TASK_CHARS_MAX, type EpcEncoding, type MappingRule } from './mapping.ts';
import type { MeasuresRule, ReadRule, ScanRule } from './mapping.ts';
import type { Draft } from './message.ts';
import { pathTo, type Path } from './path.ts';

/** What is wrong with an item: which field, and why. */
export interface Problem {
  readonly path: Path | undefined;
  readonly code: string;
  readonly why: string;
}

/** An item in its message, with who observed it and when (ms). */
export interface Observed {
  readonly item: unknown;
  readonly root: unknown;
  readonly reader: string;
  readonly at: number;
}

/** Adds all entries of one item to the draft, or none and says why. */
export type EntryDecoder = (observed: Observed, draft: Draft) => Problem | undefined;

export function entryDecoder(rule: MappingRule): EntryDecoder {
  if ('epc' in rule) return readDecoder(rule);
  return 'scan' in rule ? scanDecoder(rule) : measuresDecoder(rule);
}

const CENTI_DBM = 100;
const DBM = 1;
const CRC_DIGITS = 4;

interface Encoding {
  readonly decode: (value: unknown) => string | undefined;
  readonly why: string;
}

const BASE64: Encoding = { decode: base64Epc, why: REASONS.epcBase64 };
const ENCODINGS: Readonly<Record<EpcEncoding, Encoding>> = {
  hex: { decode: hexEpc, why: REASONS.epcHex },
  base64: BASE64,
  base64url: BASE64,
  'pc-hex': { decode: (value) => bankEpc(value, 0), why: REASONS.epcBank },
  'crc-pc-hex': { decode: (value) => bankEpc(value, CRC_DIGITS), why: REASONS.epcBank },
};

function readDecoder(rule: ReadRule): EntryDecoder {
  const epcAt = pathTo(rule.epc.at);
  const { decode, why } = ENCODINGS[rule.epc.encoding ?? 'hex'];
  const antennaAt = optionalPath(rule.antenna?.at);
  const antennaDefault = rule.antenna?.default ?? 0;
  const rssiAt = optionalPath(rule.rssi?.at);
  const perDbm = rule.rssi?.unit === 'centi-dBm' ? CENTI_DBM : DBM;
  const countAt = optionalPath(rule.count?.at);
  return ({ item, root, reader, at }, draft) => {
    const epc = decode(epcAt.find(item, root));
    if (epc === undefined) return { path: epcAt, code: 'bad-epc', why };
    const antenna = antennaPort(antennaAt?.find(item, root), antennaDefault);
    if (Number.isNaN(antenna)) return { path: antennaAt, code: 'bad-entry', why: REASONS.antenna };
    const rssiDbm = dbm(rssiAt?.find(item, root), perDbm);
    if (Number.isNaN(rssiDbm)) return { path: rssiAt, code: 'bad-entry', why: REASONS.rssi };
    const count = readCount(countAt?.find(item, root));
    if (Number.isNaN(count)) return { path: countAt, code: 'bad-entry', why: REASONS.count };
    draft.entries.read(reader, antenna, epc, rssiDbm, at, count);
    return undefined;
  };
}

function scanDecoder({ scan }: ScanRule): EntryDecoder {
  const dataAt = pathTo(scan.data.at);
  const operatorAt = optionalPath(scan.operator?.at);
  const taskAt = optionalPath(scan.task?.at);
  const symbologyAt = optionalPath(scan.symbology?.at);
  const aimOf = new Map<unknown, string>(Object.entries(scan.symbology?.aim ?? {}));
  return ({ item, root, reader, at }, draft) => {
    const scanned = scanData(dataAt.find(item, root));
    if (scanned === undefined) return { path: dataAt, code: 'bad-entry', why: REASONS.scanData };
    const operator = optionalName(operatorAt?.find(item, root), NAME_CHARS_MAX);
    if (operator === undefined) return { path: operatorAt, code: 'bad-entry', why: REASONS.name };
    const task = optionalName(taskAt?.find(item, root), TASK_CHARS_MAX);
    if (task === undefined) return { path: taskAt, code: 'bad-entry', why: REASONS.name };
    const aim = scanned.startsWith(']') ? '' : (aimOf.get(symbologyAt?.find(item, root)) ?? '');
    draft.entries.scan({
      device: reader,
      data: aim + scanned,
      at,
      ...(operator === '' ? {} : { operator }),
      ...(task === '' ? {} : { task }),
    });
    return undefined;
  };
}

function measuresDecoder({ measures }: MeasuresRule): EntryDecoder {
  const figures = measures.map(({ name, at, unit }) => ({ name, path: pathTo(at), unit }));
  return ({ item, root, reader, at }, draft) => {
    const values = figures.map(({ path }) => figureOf(path.find(item, root)));
    const wrong = values.findIndex(Number.isNaN);
    if (wrong >= 0) return { path: figures[wrong]?.path, code: 'bad-entry', why: 'not a number' };
    for (const [index, { name, unit }] of figures.entries()) {
      const value = values[index];
      if (value === undefined) continue;
      draft.entries.measure({ device: reader, name, value, at, ...(unit === undefined ? {} : { unit }) });
    }
    if (values.every((value) => value === undefined)) draft.ignored ??= 'status';
    return undefined;
  };
}

/** Undefined when missing, NaN when no number. A door contact says true and false. */
function figureOf(value: unknown): number | undefined {
  if (isMissing(value)) return undefined;
  return typeof value === 'boolean' ? Number(value) : lenientNumber(value);
}

const optionalPath = (text: string | undefined): Path | undefined => (text === undefined ? undefined : pathTo(text));

/** Empty when missing or empty, undefined when it is no name. */
const optionalName = (value: unknown, charsMax: number): string | undefined =>
  isMissing(value) || value === '' ? '' : printableName(value, charsMax);
