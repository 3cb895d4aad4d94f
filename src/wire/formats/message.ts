// What every JSON format has in common: bytes to JSON values, one value or many, and the draft in which a decoder
// collects what they meant. A bad part is rejected alone; only bytes that are no message at all throw.
import { EntriesBuilder } from '../entries.ts';
import { messageOf, rejected } from '../../kit/faults.ts';
import type { DecodedMessage, DeviceGap, DeviceIdentity, RejectedEntry } from './format.ts';

/** Above this a message is rejected unread: four times what a Zebra reader puts in a batch. */
export const MESSAGE_BYTES_MAX = 1 << 20;
/** Objects in one message, or in one list within it; above this the message is rejected. */
export const ITEMS_MAX = 10_000;
/** Nesting of one JSON value; a Zebra heartbeat, the deepest known, has 8. */
export const DEPTH_MAX = 32;
/** A will or connect message is a few words. */
const PLAIN_TEXT_CHARS_MAX = 256;
/** What is kept of a rejected part, so that one message cannot fill the quarantine. */
const CONTENT_CHARS_MAX = 2000;

/** Any JSON object. Members must be read by names that Object.prototype lacks, or through Object.hasOwn. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A message while it is decoded. */
export interface Draft {
  readonly device: DeviceIdentity;
  readonly entries: EntriesBuilder;
  readonly rejects: RejectedEntry[];
  readonly gaps: DeviceGap[];
  /** Which line of NDJSON is being decoded, and which element of an array; undefined where there is only one. */
  line: number | undefined;
  index: number | undefined;
  /** Set when a time or sequence of the device's own was seen. */
  selfIdentified: boolean;
  /** Why an element gave no entry, should the whole message give none. */
  ignored: DecodedMessage['ignored'];
}

/** Adds what one JSON object meant to the draft. Must not throw, unless through `assertRoom`. */
export type ObjectDecoder = (object: JsonObject, draft: Draft) => void;

/**
 * Decodes a message of one JSON object, an array of them, or several separated by newlines (NDJSON).
 * Nothing, white space and `[]` are keep-alives; words that are no JSON are a will or connect message.
 * Throws a `rejected` fault `too-large`, `not-json`, `too-deep` or `too-many`.
 */
export function decodeMessage(
  payload: Uint8Array,
  device: DeviceIdentity,
  decodeObject: ObjectDecoder,
): DecodedMessage {
  if (payload.length > MESSAGE_BYTES_MAX) {
    throw rejected('too-large', `The message has ${payload.length} bytes; at most ${MESSAGE_BYTES_MAX} are read.`);
  }
  const draft: Draft = {
    device,
    entries: new EntriesBuilder(),
    rejects: [],
    gaps: [],
    line: undefined,
    index: undefined,
    selfIdentified: false,
    ignored: undefined,
  };
  const text = textOf(payload);
  const first = text.charCodeAt(0);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) decodeJson(text, draft, decodeObject);
  else if (text === '') draft.ignored = 'keep-alive';
  else if (isPlainText(text)) draft.ignored = 'plain-text';
  else throw rejected('not-json', 'The message is neither JSON nor a few words of plain text.');
  return finished(draft);
}

/** Keeps a part that could not be understood aside. `place` is a JSON pointer within the object being decoded. */
export function reject(draft: Draft, part: unknown, place: string, code: string, why: string): void {
  const line = draft.line === undefined ? '' : `/${draft.line}`;
  const element = draft.index === undefined ? '' : `/${draft.index}`;
  draft.rejects.push({
    code,
    reason: `${line}${element}${place}: ${why}`,
    content: JSON.stringify(part).slice(0, CONTENT_CHARS_MAX),
  });
}

/** Throws the fault `too-many` when the draft is full: call it for each item of a list within an object. */
export function assertRoom(draft: Draft): void {
  const count = draft.entries.size + draft.rejects.length;
  if (count >= ITEMS_MAX) throw tooMany(count + 1);
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const TOO_DEEP = `nested deeper than ${DEPTH_MAX}`;

function finished(draft: Draft): DecodedMessage {
  const { rejects, gaps, selfIdentified, ignored } = draft;
  const entries = draft.entries.build();
  const empty = draft.entries.size === 0 && rejects.length === 0 && gaps.length === 0;
  // An empty array is the only way to have seen nothing and to have ignored nothing.
  return empty
    ? { entries, rejects, gaps, selfIdentified, ignored: ignored ?? 'keep-alive' }
    : { entries, rejects, gaps, selfIdentified };
}

function decodeJson(text: string, draft: Draft, decodeObject: ObjectDecoder): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return decodeLines(text, draft, decodeObject, messageOf(error));
  }
  if (isTooDeep(text)) throw rejected('too-deep', `The message is ${TOO_DEEP}.`);
  decodeValue(value, draft, decodeObject);
}

/** One object, or an array of them. */
function decodeValue(value: unknown, draft: Draft, decodeObject: ObjectDecoder): void {
  if (!Array.isArray(value)) return decodeObject(value as JsonObject, draft);
  const elements: readonly unknown[] = value;
  if (elements.length > ITEMS_MAX) throw tooMany(elements.length);
  for (let index = 0; index < elements.length; index++) {
    const element = elements[index];
    draft.index = index;
    if (isObject(element)) decodeObject(element, draft);
    else reject(draft, element, '', 'bad-entry', 'not an object');
  }
  draft.index = undefined;
}

/** NDJSON: one object, or one array of them, a line. At least one line must be JSON, or the message is none. */
function decodeLines(text: string, draft: Draft, decodeObject: ObjectDecoder, whyNotJson: string): void {
  const lines = text.split('\n', ITEMS_MAX + 1);
  if (lines.length > ITEMS_MAX) throw tooMany(lines.length);
  const parsed = lines.map((line) => parseLine(line.trim()));
  if (!parsed.some(isJson)) throw rejected('not-json', `The message is not JSON: ${whyNotJson}`);
  const count = parsed.reduce((sum, { value }) => sum + (Array.isArray(value) ? value.length : 1), 0);
  if (count > ITEMS_MAX) throw tooMany(count);
  for (const [index, line] of parsed.entries()) {
    draft.line = index;
    if (line.text === '') continue;
    if (isJson(line)) decodeValue(line.value, draft, decodeObject);
    else reject(draft, line.text, '', 'bad-entry', line.why);
  }
}

const isJson = (line: Line): boolean => line.value !== undefined;

interface Line {
  readonly text: string;
  /** Undefined when the line is no JSON object or array; then `why` says so. */
  readonly value: unknown;
  readonly why: string;
}

function parseLine(text: string): Line {
  // The ends first: thousands of lines of something else would each cost a thrown SyntaxError.
  if (!/^(?:\{.*\}|\[.*\])$/su.test(text)) return { text, value: undefined, why: 'not a JSON object' };
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(text) ? { text, value: undefined, why: TOO_DEEP } : { text, value, why: '' };
  } catch (error) {
    return { text, value: undefined, why: `not JSON: ${messageOf(error)}` };
  }
}

const tooMany = (count: number) =>
  rejected('too-many', `The message holds ${count} objects or more; at most ${ITEMS_MAX} are read.`);

/** JSON.parse is iterative, but whatever walks its result later is not: JSON.stringify overflows on a deep one. */
function isTooDeep(json: string): boolean {
  let depth = 0;
  let inString = false;
  for (let position = 0; position < json.length; position++) {
    const char = json.charCodeAt(position);
    if (inString) {
      if (char === BACKSLASH) position++;
      else if (char === QUOTE) inString = false;
    } else if (char === QUOTE) inString = true;
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      if (++depth > DEPTH_MAX) return true;
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth--;
  }
  return false;
}

/**
 * trim() also takes the byte order mark that some Windows gateways write. Bytes that are no UTF-8 become U+FFFD: no
 * field that is kept may hold it, and what is not kept does no harm.
 */
function textOf(payload: Uint8Array): string {
  const buffer = payload instanceof Buffer ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  return buffer.toString('utf8').trim();
}

/**
 * `connected`, `connection lost`, "offline" in quotes. Not a torn piece of JSON, and not a bare EPC: those are reads
 * that would be lost in silence.
 */
function isPlainText(text: string): boolean {
  const words = text.replace(/^"(.*)"$/u, '$1');
  return (
    words.length <= PLAIN_TEXT_CHARS_MAX &&
    /\p{L}/u.test(words) &&
    !/[\p{C}\ufffd{}[\]"]/u.test(words) &&
    !/[0-9a-f]{16}/iu.test(words)
  );
}
