// The quick way through an envelope: straight from its bytes into columns, for the one shape that nearly all have: plain JSON
// of reads by known readers, nothing but what the contract names, no escapes. Whatever is otherwise in any way is left to
// the full decoder, which alone says what is wrong with it. Both give the same for what this one takes (tested).
import { NO_RSSI, readColumns, toHalfDb, toMicros, type Epc, type Reads, type Source } from './entries.ts';
import type { Envelope } from './envelope.ts';
import { internEpc, INTERNED_DIGITS, internedEpc, internTable } from './epc/internEpc.ts';
import { afterSpace, COLON, decimal, found, isSame, key, NOT_PLAIN, QUOTE, text, time, whole } from './plainJson.ts';

const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const READS_MAX = 500;
const NAME_MAX = 64;
const EPC_MIN = 2;
const EPC_MAX = 128;
const COUNT_MAX = 4_294_967_295;

const HEX = /^[0-9A-Fa-f]+$/;
const EPOCH = /^[A-Za-z0-9-]{1,64}$/;

// The reads of the message at hand: copied out when their number is known.
const sourceOf = new Uint16Array(READS_MAX);
const rssiDbmOf = new Float32Array(READS_MAX);
const seenAtOf = new Float64Array(READS_MAX);
const countOf = new Uint32Array(READS_MAX);
const numberOf = new Int32Array(READS_MAX);

/** The envelope, or undefined when it must take the full way. */
export function decodePlain(bytes: Buffer, isKnownDevice: (id: string) => boolean): Envelope | undefined {
  // Four bytes at once, at any place.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = afterSpace(bytes, 0);
  if (bytes[at] !== OPEN_OBJECT) return undefined;
  let hasVersion = false;
  let epoch: string | undefined;
  let seq: number | undefined;
  let oldest: number | undefined;
  let sentAt: number | undefined;
  let reads: Reads | undefined;
  at = afterSpace(bytes, at + 1);
  for (;;) {
    at = key(bytes, at);
    if (at === NOT_PLAIN) return undefined;
    const name = bytes.toString('latin1', found.from, found.to);
    switch (name) {
      case 'v':
        at = hasVersion ? NOT_PLAIN : whole(bytes, at);
        hasVersion = true;
        if (found.number !== 1) return undefined;
        break;
      case 'seq':
        at = seq !== undefined ? NOT_PLAIN : whole(bytes, at);
        seq = found.number;
        if (seq < 1) return undefined;
        break;
      case 'oldest':
        at = oldest !== undefined ? NOT_PLAIN : whole(bytes, at);
        oldest = found.number;
        if (oldest < 1) return undefined;
        break;
      case 'epoch':
        at = epoch !== undefined ? NOT_PLAIN : text(bytes, at);
        epoch = bytes.toString('latin1', found.from, found.to);
        break;
      case 'sentAt':
        at = sentAt !== undefined ? NOT_PLAIN : time(bytes, view, at);
        sentAt = found.number;
        break;
      case 'reads':
        if (reads !== undefined) return undefined;
        reads = takeReads(bytes, view, at, isKnownDevice);
        if (reads === undefined) return undefined;
        at = found.to;
        break;
      default:
        return undefined;
    }
    if (at === NOT_PLAIN) return undefined;
    at = afterSpace(bytes, at);
    if (bytes[at] === CLOSE_OBJECT) break;
    if (bytes[at] !== COMMA) return undefined;
    at = afterSpace(bytes, at + 1);
  }
  if (afterSpace(bytes, at + 1) !== bytes.length) return undefined;
  if (!hasVersion || seq === undefined || epoch === undefined || !EPOCH.test(epoch)) return undefined;
  const entries = { reads: reads ?? NO_READS, scans: [], triggers: [], measures: [] };
  return { epoch, seq, oldest, sentAt, entries, rejects: [], unknownFields: 0 };
}

// Fields of a read that have been seen.
const READER = 1;
const ANTENNA = 2;
const EPC = 4;
const RSSI = 8;
const SEEN_AT = 16;
const COUNT = 32;
const NEEDED = READER | EPC | SEEN_AT;

const { source: NO_SOURCE, rssiDbm: NO_DBM, seenAt: NO_TIME } = readColumns(0);
const NO_READS: Reads = {
  length: 0,
  sources: [],
  source: NO_SOURCE,
  epc: [],
  rssiDbm: NO_DBM,
  seenAt: NO_TIME,
  count: undefined,
};

/** The list that begins at `from`; the place behind it is left in `found.to`. Undefined when it is not plain. */
function takeReads(
  bytes: Buffer,
  view: DataView,
  from: number,
  isKnownDevice: (id: string) => boolean,
): Reads | undefined {
  const sources: Source[] = [];
  const epcs: Epc[] = [];
  const table = internTable();
  let at = afterSpace(bytes, from);
  if (bytes[at] !== OPEN_LIST) return undefined;
  at = afterSpace(bytes, at + 1);
  if (bytes[at] === CLOSE_LIST) {
    found.to = at + 1;
    return NO_READS;
  }
  let readers = 0;
  let reader = 0;
  let hasCounts = false;
  for (let index = 0; ; index++) {
    if (index === READS_MAX || bytes[at] !== OPEN_OBJECT) return undefined;
    at = afterSpace(bytes, at + 1);
    let seen = 0;
    let antenna = 0;
    rssiDbmOf[index] = NO_RSSI;
    countOf[index] = 1;
    for (;;) {
      const field = fieldAt(bytes, view, at);
      if (field === 0 || (seen & field) !== 0) return undefined; // JSON lets the last of two win
      seen |= field;
      at = afterSpace(bytes, found.to);
      switch (field) {
        case READER:
          reader = readerAt(bytes, at, readers, isKnownDevice);
          if (reader === NOT_PLAIN) return undefined;
          if (reader === readers) readers++;
          at += readerLength[reader]!;
          break;
        case ANTENNA:
          at = whole(bytes, at);
          antenna = found.number;
          if (antenna > 255) return undefined;
          break;
        case EPC:
          at = takeEpc(bytes, view, at);
          if (at === NOT_PLAIN) return undefined;
          numberOf[index] = epcNumber;
          epcs.push(epc);
          break;
        case RSSI:
          at = decimal(bytes, at);
          if (found.number < -127 || found.number > 30) return undefined;
          rssiDbmOf[index] = toHalfDb(found.number);
          break;
        case SEEN_AT:
          at = time(bytes, view, at);
          seenAtOf[index] = toMicros(found.number);
          break;
        default:
          at = whole(bytes, at);
          if (found.number < 1 || found.number > COUNT_MAX) return undefined;
          countOf[index] = found.number;
          hasCounts ||= found.number !== 1;
      }
      if (at === NOT_PLAIN) return undefined;
      at = afterSpace(bytes, at);
      if (bytes[at] === CLOSE_OBJECT) break;
      if (bytes[at] !== COMMA) return undefined;
      at = afterSpace(bytes, at + 1);
    }
    if ((seen & NEEDED) !== NEEDED) return undefined;
    sourceOf[index] = sourceAt(sources, reader, antenna);
    at = afterSpace(bytes, at + 1);
    if (bytes[at] === CLOSE_LIST) break;
    if (bytes[at] !== COMMA) return undefined;
    at = afterSpace(bytes, at + 1);
  }
  found.to = at + 1;
  const { length } = epcs;
  const columns = readColumns(length);
  for (let index = 0; index < length; index++) {
    columns.source[index] = sourceOf[index]!;
    columns.rssiDbm[index] = rssiDbmOf[index]!;
    columns.seenAt[index] = seenAtOf[index]!;
    columns.number[index] = numberOf[index]!;
  }
  const { source, rssiDbm, seenAt, number: numbers } = columns;
  return {
    length,
    sources,
    source,
    epc: epcs,
    rssiDbm,
    seenAt,
    count: hasCounts ? countOf.slice(0, length) : undefined,
    ...(internTable() === table ? { interned: { table, numbers } } : {}), // it may have been begun anew meanwhile
  };
}

// The readers that the message at hand has named: where they stand, quotes included.
const readerFrom = new Int32Array(READS_MAX);
const readerLength = new Int32Array(READS_MAX);
const readerName: string[] = [];

/** The number of the reader that is named at `at`; `known` are numbered so far, and that is the number of a new one. */
function readerAt(bytes: Buffer, at: number, known: number, isKnownDevice: (id: string) => boolean): number {
  // The last ones first: reads of one reader come together.
  for (let index = known - 1; index >= 0; index--)
    if (isSame(bytes, readerFrom[index]!, at, readerLength[index]!)) return index;
  const behind = text(bytes, at);
  if (behind === NOT_PLAIN) return NOT_PLAIN;
  const name = bytes.toString('latin1', found.from, found.to);
  if (name.length === 0 || name.length > NAME_MAX || !isKnownDevice(name)) return NOT_PLAIN;
  readerFrom[known] = at;
  readerLength[known] = behind - at;
  readerName[known] = name;
  return known;
}

// The antennas of the message at hand, as they are numbered in its sources.
const sourceReader = new Int32Array(READS_MAX);
const sourceAntenna = new Int32Array(READS_MAX);

function sourceAt(sources: Source[], reader: number, antenna: number): number {
  for (let index = sources.length - 1; index >= 0; index--)
    if (sourceReader[index] === reader && sourceAntenna[index] === antenna) return index;
  const index = sources.push({ reader: readerName[reader]!, antenna }) - 1;
  sourceReader[index] = reader;
  sourceAntenna[index] = antenna;
  return index;
}

let epc = '';
let epcNumber = -1;

/** An EPC in quotes, left in `epc` in upper case, and its number in `epcNumber`. */
function takeEpc(bytes: Buffer, view: DataView, from: number): number {
  const to = from + 1 + INTERNED_DIGITS;
  if (bytes[from] === QUOTE && bytes[to] === QUOTE) {
    epcNumber = internEpc(view, from + 1);
    if (epcNumber >= 0) {
      epc = internedEpc(epcNumber);
      return to + 1;
    }
  }
  epcNumber = -1;
  const at = text(bytes, from);
  if (at === NOT_PLAIN) return NOT_PLAIN;
  const hex = bytes.toString('latin1', found.from, found.to);
  if (hex.length < EPC_MIN || hex.length > EPC_MAX || !HEX.test(hex)) return NOT_PLAIN;
  epc = hex.toUpperCase();
  return at;
}

const word = (characters: string): number => Buffer.from(characters, 'latin1').readInt32LE();
const READ = word('read');
const ER = word('er":');
const ANTE = word('ante');
const NNA = word('nna"');
const EPC_NAME = word('epc"');
const RSSI_NAME = word('rssi');
const DBM = word('Dbm"');
const SEEN = word('seen');
const AT = word('At":');
const COUN = word('coun');
/** Behind a name's first letter there are at least so many bytes in any message that is not cut off. */
const NAME_BYTES = 12;

/** The field of a read whose name begins at `at`, colon and all; the place behind it is left in `found.to`. 0 for any other. */
function fieldAt(bytes: Buffer, view: DataView, at: number): number {
  if (at + NAME_BYTES > bytes.length || bytes[at] !== QUOTE) return 0;
  const second = view.getInt32(at + 5, true);
  switch (view.getInt32(at + 1, true)) {
    case READ:
      found.to = at + 9;
      return second === ER ? READER : 0;
    case ANTE:
      found.to = at + 10;
      return second === NNA && bytes[at + 9] === COLON ? ANTENNA : 0;
    case EPC_NAME:
      found.to = at + 6;
      return bytes[at + 5] === COLON ? EPC : 0;
    case RSSI_NAME:
      found.to = at + 10;
      return second === DBM && bytes[at + 9] === COLON ? RSSI : 0;
    case SEEN:
      found.to = at + 9;
      return second === AT ? SEEN_AT : 0;
    case COUN:
      found.to = at + 8;
      return bytes[at + 5] === 0x74 && bytes[at + 6] === QUOTE && bytes[at + 7] === COLON ? COUNT : 0;
    default:
      return 0;
  }
}
