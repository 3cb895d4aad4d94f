// What people and devices write, as Postgres can keep it: its text knows no NUL, its JSON no half surrogates. Both become
// the replacement character; a message must not stop the service by a character nobody sees.

const REPLACEMENT = '\ufffd';
const NUL = '\0';

/** A text that Postgres takes; the very same one nearly always. */
export const storable = (text: string): string => (text.includes(NUL) ? text.replaceAll(NUL, REPLACEMENT) : text);

/** The same for a value of any type: what is no text stays what it is. */
export const storableValue = (value: unknown): unknown => (typeof value === 'string' ? storable(value) : value);

/** A value as the text of a jsonb. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // JSON.stringify writes NUL and half surrogates as escapes, and nothing else with \u0000 or \ud8… in it.
  return UNSTORABLE_ESCAPE.test(json) ? JSON.stringify(mended(value)) : json;
}

/** May also match an innocent backslash before such letters; then the value is only written twice. */
const UNSTORABLE_ESCAPE = /\\u(?:0000|d[89a-f])/;

function mended(value: unknown): unknown {
  if (typeof value === 'string') return storable(wellFormed(value));
  if (Array.isArray(value)) return value.map((inner) => mended(inner));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(wellFormed(key)), mended(inner)]));
}

const wellFormed = (text: string): string => (isWellFormed(text) ? text : Buffer.from(text, 'utf8').toString('utf8'));

/** Has every surrogate its other half? */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** Can this be kept exactly as it is, in every kind of column? Bytes are no text yet: whoever reads them looks. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes(NUL) && isWellFormed(value);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return true;
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner));
}
