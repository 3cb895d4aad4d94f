// The envelope of section 4.1: what a gateway sends. The schema is the contract; the decoder takes what obeys it,
// sets aside single entries that do not, and refuses what is no envelope at all.
import { isUtf8 } from 'node:buffer';
import { Type, type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Fault } from '../kit/faults.ts';
import { EntriesBuilder, type Entries } from './entries.ts';
import type { RejectedEntry } from './formats/format.ts';
import { decodePlain } from './plainEnvelope.ts';
import { formatTime, parseTime } from './time.ts';

export const ENVELOPE_ENTRIES_MAX = 500;
/** Larger envelopes are quarantined unread. */
export const ENVELOPE_BYTES_MAX = 256 * 1024;
/** Larger messages end the connection. */
export const MESSAGE_BYTES_MAX = 1024 * 1024;

const Name = Type.String({ minLength: 1, maxLength: 64 });
const Time = Type.String({ minLength: 20, maxLength: 40, description: 'RFC 3339 with zone.' });

export const ReadEntry = Type.Object({
  reader: Name,
  antenna: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
  epc: Type.String({ pattern: '^[0-9A-Fa-f]{2,128}$', description: 'Hexadecimal, GS1 or not.' }),
  rssiDbm: Type.Optional(Type.Number({ minimum: -127, maximum: 30 })),
  seenAt: Time,
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 4_294_967_295 })),
});
export const ScanEntry = Type.Object({
  device: Name,
  data: Type.String({ minLength: 1, maxLength: 4096 }),
  at: Time,
  operator: Type.Optional(Type.String({ maxLength: 64 })),
  task: Type.Optional(Type.String({ maxLength: 128 })),
});
export const TriggerEntry = Type.Object({
  reader: Name,
  input: Type.Integer({ minimum: 0, maximum: 64 }),
  high: Type.Boolean(),
  at: Time,
});
export const MeasureEntry = Type.Object({
  device: Name,
  name: Type.String({ minLength: 1, maxLength: 64 }),
  value: Type.Number(),
  unit: Type.Optional(Type.String({ maxLength: 32, description: 'UCUM.' })),
  at: Time,
});

export const EnvelopeHead = Type.Object({
  v: Type.Literal(1),
  epoch: Type.String({
    pattern: '^[A-Za-z0-9-]{1,64}$',
    description: 'A new UUID whenever the gateway loses its outbox.',
  }),
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  oldest: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  sentAt: Type.Optional(Time),
});
export const EnvelopeMessage = Type.Object({
  ...EnvelopeHead.properties,
  reads: Type.Optional(Type.Array(ReadEntry)),
  scans: Type.Optional(Type.Array(ScanEntry)),
  triggers: Type.Optional(Type.Array(TriggerEntry)),
  measures: Type.Optional(Type.Array(MeasureEntry)),
});
export type EnvelopeMessage = Static<typeof EnvelopeMessage>;

export const ReceiptMessage = Type.Object({
  epoch: Type.String(),
  seq: Type.Integer({ minimum: 0 }),
  rejected: Type.Optional(
    Type.Array(Type.Object({ seq: Type.Integer(), code: Type.String(), message: Type.String() })),
  ),
});
export type ReceiptMessage = Static<typeof ReceiptMessage>;

/** An envelope as the service holds it. */
export interface Envelope {
  readonly epoch: string;
  readonly seq: number;
  readonly oldest: number | undefined;
  /** The gateway's clock when the envelope entered its outbox; undefined when it does not say. */
  readonly sentAt: number | undefined;
  readonly entries: Entries;
  readonly rejects: readonly RejectedEntry[];
  /** Fields that are no part of the contract, at the top or in the first entry of a list. */
  readonly unknownFields: number;
}

/** A `rejected` fault for a message that is no envelope; epoch and seq where they could be read. */
export class EnvelopeFault extends Fault {
  readonly epoch: string | undefined;
  readonly seq: number | undefined;
  constructor(code: string, message: string, head: { epoch?: unknown; seq?: unknown } = {}) {
    super('rejected', code, message);
    const known = headCheck.Check({ v: 1, epoch: head.epoch, seq: head.seq });
    this.epoch = known ? (head.epoch as string) : undefined;
    this.seq = known ? (head.seq as number) : undefined;
  }
}

const headCheck = Compile(EnvelopeHead);
const wholeCheck = Compile(EnvelopeMessage);

type Place = 'reads' | 'scans' | 'triggers' | 'measures';
const PLACES: readonly Place[] = ['reads', 'scans', 'triggers', 'measures'];
const ENTRY_SCHEMAS = { reads: ReadEntry, scans: ScanEntry, triggers: TriggerEntry, measures: MeasureEntry } as const;
const entryChecks = Object.fromEntries(
  PLACES.map((place) => [place, Compile(ENTRY_SCHEMAS[place] as TSchema)]),
) as Record<Place, ReturnType<typeof Compile>>;

/**
 * Bytes of an MQTT message to an envelope. `isKnownDevice` tells the site's readers and scanners: entries of others are
 * set aside. Throws an EnvelopeFault when the message as a whole cannot be used.
 */
export function decodeEnvelope(payload: Uint8Array, isKnownDevice: (id: string) => boolean): Envelope {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  const plain = payload.length > ENVELOPE_BYTES_MAX ? undefined : decodePlain(bytes, isKnownDevice);
  return plain ?? decodeFully(payload, isKnownDevice);
}

/** The same for any message, by way of JSON.parse and the schema. */
export function decodeFully(payload: Uint8Array, isKnownDevice: (id: string) => boolean): Envelope {
  const message = parseJson(payload);
  if (!wholeCheck.Check(message)) return decodeEntryByEntry(message, isKnownDevice);
  checkSize(message);
  return build(message, isKnownDevice, []);
}

function parseJson(payload: Uint8Array): unknown {
  if (payload.length > ENVELOPE_BYTES_MAX) {
    throw new EnvelopeFault(
      'too-large',
      `The envelope has ${payload.length} bytes; at most ${ENVELOPE_BYTES_MAX} are taken. Send smaller batches.`,
      headOf(payload),
    );
  }
  if (!isUtf8(payload)) throw new EnvelopeFault('not-utf8', 'The envelope is not UTF-8.');
  try {
    return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8'));
  } catch (error) {
    throw new EnvelopeFault(
      'not-json',
      `The envelope is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const HEAD_BYTES = 512;

/** Epoch and seq from the first bytes, so that the receipt of a gateway passes what was too large to be read. */
function headOf(payload: Uint8Array): { epoch?: unknown; seq?: unknown } {
  const head = Buffer.from(payload.subarray(0, HEAD_BYTES)).toString('latin1');
  const [, epoch, seq] =
    /^\s*\{\s*"v"\s*:\s*1\s*,\s*"epoch"\s*:\s*"([^"\\]*)"\s*,\s*"seq"\s*:\s*(\d+)\s*,/.exec(head) ?? [];
  return { epoch, seq: Number(seq) };
}

function checkSize(message: EnvelopeMessage): void {
  let entries = 0;
  for (const place of PLACES) entries += message[place]?.length ?? 0;
  if (entries > ENVELOPE_ENTRIES_MAX) {
    throw new EnvelopeFault(
      'too-many-entries',
      `The envelope has ${entries} entries; at most ${ENVELOPE_ENTRIES_MAX} are taken.`,
      message,
    );
  }
}

/** The slow path: something does not obey the schema. What does is kept; the head must. */
function decodeEntryByEntry(message: unknown, isKnownDevice: (id: string) => boolean): Envelope {
  if (message === null || typeof message !== 'object' || Array.isArray(message)) {
    throw new EnvelopeFault('not-an-envelope', 'The message is no JSON object with v, epoch and seq.');
  }
  const raw: Record<string, unknown> = { ...message };
  const headIsRight: boolean = headCheck.Check(raw);
  if (!headIsRight)
    throw new EnvelopeFault('bad-head', `The head of the envelope is wrong: ${firstError(headCheck, raw)}`, raw);
  const rejects: RejectedEntry[] = [];
  const sentAs: SentAs = {};
  const kept: Record<string, unknown> = {
    v: 1,
    epoch: raw.epoch,
    seq: raw.seq,
    oldest: raw.oldest,
    sentAt: raw.sentAt,
  };
  for (const place of PLACES) {
    const list = raw[place];
    if (list === undefined || list === null) continue;
    if (!Array.isArray(list)) throw new EnvelopeFault('bad-head', `${place} is not a list.`, raw);
    const good: number[] = [];
    kept[place] = list.filter((entry: unknown, index) => {
      if (entryChecks[place].Check(entry)) return good.push(index) > 0;
      rejects.push({
        code: 'bad-entry',
        reason: `${place}[${index}]${firstError(entryChecks[place], entry)}`,
        content: shortJson(entry),
      });
      return false;
    });
    sentAs[place] = good;
  }
  checkSize(kept as unknown as EnvelopeMessage);
  return build(kept as unknown as EnvelopeMessage, isKnownDevice, rejects, sentAs);
}

function firstError(check: ReturnType<typeof Compile>, value: unknown): string {
  const [error] = check.Errors(value);
  return error === undefined ? '' : `${error.instancePath.replaceAll('/', '.')} ${error.message}`;
}

/** By place: which index an entry had as it was sent, where some were taken out before. */
type SentAs = Partial<Record<Place, readonly number[]>>;

function build(
  message: EnvelopeMessage,
  isKnownDevice: (id: string) => boolean,
  rejects: RejectedEntry[],
  sentAs: SentAs = {},
): Envelope {
  const sentAt = message.sentAt === undefined ? undefined : parseTime(message.sentAt);
  if (Number.isNaN(sentAt))
    throw new EnvelopeFault('bad-head', `sentAt is no RFC 3339 time: ${message.sentAt}`, message);
  const builder = new EntriesBuilder(message.reads?.length ?? 0);
  const reject = (code: string, reason: string, entry: unknown): void => {
    rejects.push({ code, reason, content: shortJson(entry) });
  };
  const named = (place: Place, index: number, field: string): string =>
    `${place}[${sentAs[place]?.[index] ?? index}].${field}`;
  let knownReader = '';
  for (const [index, read] of (message.reads ?? []).entries()) {
    const seenAt = parseTime(read.seenAt);
    if (Number.isNaN(seenAt))
      reject('bad-time', `${named('reads', index, 'seenAt')} is no RFC 3339 time with a zone: ${read.seenAt}`, read);
    else if (read.reader !== knownReader && !isKnownDevice(read.reader))
      rejectUnknown(named('reads', index, 'reader'), read.reader, read);
    else {
      knownReader = read.reader;
      builder.read(read.reader, read.antenna ?? 0, read.epc, read.rssiDbm, seenAt, read.count);
    }
  }
  const at = (
    place: Place,
    index: number,
    text: string,
    device: string,
    field: string,
    entry: unknown,
  ): number | undefined => {
    const time = parseTime(text);
    if (Number.isNaN(time))
      reject('bad-time', `${named(place, index, 'at')} is no RFC 3339 time with a zone: ${text}`, entry);
    else if (!isKnownDevice(device)) rejectUnknown(named(place, index, field), device, entry);
    else return time;
    return undefined;
  };
  function rejectUnknown(place: string, name: string, entry: unknown): void {
    reject(
      'unknown-reader',
      `${place}: ${JSON.stringify(name)} is not in the site file; add it there, then replay this entry.`,
      entry,
    );
  }
  for (const [index, scan] of (message.scans ?? []).entries()) {
    const time = at('scans', index, scan.at, scan.device, 'device', scan);
    if (time !== undefined) {
      builder.scan({
        device: scan.device,
        data: scan.data,
        at: time,
        ...(scan.operator === undefined ? {} : { operator: scan.operator }),
        ...(scan.task === undefined ? {} : { task: scan.task }),
      });
    }
  }
  for (const [index, trigger] of (message.triggers ?? []).entries()) {
    const time = at('triggers', index, trigger.at, trigger.reader, 'reader', trigger);
    if (time !== undefined)
      builder.trigger({ reader: trigger.reader, input: trigger.input, high: trigger.high, at: time });
  }
  for (const [index, measure] of (message.measures ?? []).entries()) {
    const time = at('measures', index, measure.at, measure.device, 'device', measure);
    if (time !== undefined) {
      const { device, name, value, unit } = measure;
      builder.measure(unit === undefined ? { device, name, value, at: time } : { device, name, value, unit, at: time });
    }
  }
  return {
    epoch: message.epoch,
    seq: message.seq,
    oldest: message.oldest,
    sentAt,
    entries: builder.build(),
    rejects,
    unknownFields: countUnknown(message),
  };
}

function countUnknown(message: EnvelopeMessage): number {
  let unknown = 0;
  for (const key in message) if (!(key in EnvelopeMessage.properties)) unknown++;
  for (const place of PLACES) {
    const first: object | undefined = message[place]?.[0];
    if (first === undefined) continue;
    for (const key in first) if (!(key in ENTRY_SCHEMAS[place].properties)) unknown++;
  }
  return unknown;
}

const CONTENT_CHARACTERS_MAX = 2000;
const shortJson = (entry: unknown): string => (JSON.stringify(entry) ?? 'null').slice(0, CONTENT_CHARACTERS_MAX);

/** Entries back to the JSON of the contract: what a gateway writes, and what evidence shows. */
export function entriesToJson(entries: Entries): Pick<EnvelopeMessage, Place> {
  const { reads } = entries;
  const result: Pick<EnvelopeMessage, Place> = {};
  if (reads.length > 0) {
    result.reads = Array.from({ length: reads.length }, (_, index) => {
      const source = reads.sources[reads.source[index]!]!;
      const rssiDbm = reads.rssiDbm[index]!;
      const count = reads.count?.[index] ?? 1;
      return {
        reader: source.reader,
        ...(source.antenna === 0 ? {} : { antenna: source.antenna }),
        epc: reads.epc[index]!,
        ...(Number.isNaN(rssiDbm) ? {} : { rssiDbm }),
        seenAt: formatTime(reads.seenAt[index]!),
        ...(count === 1 ? {} : { count }),
      };
    });
  }
  if (entries.scans.length > 0) result.scans = entries.scans.map((scan) => ({ ...scan, at: formatTime(scan.at) }));
  if (entries.triggers.length > 0)
    result.triggers = entries.triggers.map((trigger) => ({ ...trigger, at: formatTime(trigger.at) }));
  if (entries.measures.length > 0)
    result.measures = entries.measures.map((measure) => ({ ...measure, at: formatTime(measure.at) }));
  return result;
}
