// Lists in pages. A cursor is the place of the last row given, not a count: rows that arrive meanwhile shift nothing.
import { Type, type TSchema } from 'typebox';
import { isStorable } from '../store/text.ts';
import { formatTime, parseTime } from '../wire/time.ts';
import { ApiFault } from './problem.ts';

/** A zone can put the last hours of 9999 behind it. */
const YEAR_10000_MS = Date.UTC(10_000, 0, 1);

export const LIMIT_DEFAULT = 100;
export const LIMIT_MAX = 1000;

export const Paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT })),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: 'From `next` of the page before.' })),
};

export const Page = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page; null on the last.' }),
  });

export const TimeParameter = (description: string) =>
  Type.Optional(Type.String({ maxLength: 40, description: `${description} RFC 3339.` }));

/** A time of the query as ms since 1970. Throws `bad-request` naming the parameter. */
export function timeOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  // A plus that was not encoded arrives as a space.
  const time = parseTime(text.replace(' ', '+'));
  if (Number.isNaN(time) || time >= YEAR_10000_MS)
    throw new ApiFault(400, 'bad-request', `${name}: ${text} is no RFC 3339 time with a zone (2026-11-23T15:33:00Z).`);
  return time;
}

/** A time that there may be none of, as JSON has it. */
export const timeText = (at: number | null): string | null => (at === null ? null : formatTime(at));

/** The key of the last row, as text that a client hands back unchanged. */
export const cursorOf = (key: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What a part of a key may be: anything else was not given by us, and Postgres would choke on it. */
const PARTS = {
  text: (part: unknown) => typeof part === 'string' && isStorable(part),
  time: (part: unknown) => typeof part === 'string' && !Number.isNaN(parseTime(part)),
  id: (part: unknown) => typeof part === 'string' && UUID.test(part),
  number: (part: unknown) => Number.isSafeInteger(part),
} as const;
type Part = keyof typeof PARTS;

/** The key in a cursor: as many parts as `shape` has, of its kinds. Throws `bad-cursor`. */
export function keyOf<const S extends readonly Part[]>(
  cursor: string | undefined,
  shape: S,
): { [K in keyof S]: S[K] extends 'number' ? number : string } | undefined {
  if (cursor === undefined) return undefined;
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    key = undefined;
  }
  if (!Array.isArray(key) || key.length !== shape.length || !shape.every((part, index) => PARTS[part](key[index]))) {
    throw new ApiFault(400, 'bad-cursor', 'cursor: take it from `next` of the page before, unchanged.');
  }
  return key as { [K in keyof S]: S[K] extends 'number' ? number : string };
}

/** A page of rows that were asked for one more than `limit`. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  toKey: (row: Row) => readonly (string | number)[],
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  return { items: shown.map((row) => toItem(row)), next: rows.length > limit ? cursorOf(toKey(shown.at(-1)!)) : null };
}
