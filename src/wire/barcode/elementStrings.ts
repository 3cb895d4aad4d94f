// GS1 element strings, as barcodes carry them (identifiers run together, GS behind what varies in length) and as
// people print them (identifiers in parentheses). In: the data of a scan. Out: the elements, or what is wrong where.
import { applicationIdentifier, applicationIdentifierAt, flawOf } from './applicationIdentifiers.ts';
import type { ApplicationIdentifier } from './applicationIdentifiers.ts';
import { badScan } from './parsedScan.ts';
import type { BadScan } from './parsedScan.ts';

/** What a scanner sends for FNC1 between elements: ASCII group separator. */
export const GROUP_SEPARATOR = '\u001D';

/** Elements as they are being read, in the order of the code. */
export type ReadElements = Map<string, string>;

const BRACKETED_AI = /\((\d{2,4})\)/g;

/** Reads `data` from `start` to its end. Separators where none is needed do no harm. */
export function readElementString(data: string, start: number): ReadElements | BadScan {
  const elements: ReadElements = new Map();
  let at = skipSeparators(data, start);
  while (at < data.length) {
    const identifier = applicationIdentifierAt(data, at);
    if (identifier === undefined) return unknownAi(data.slice(at, at + 4), at);
    const from = at + identifier.ai.length;
    const separator = data.indexOf(GROUP_SEPARATOR, from);
    const end = separator < 0 ? data.length : separator;
    const to = identifier.fixed ? Math.min(end, from + identifier.charsMax) : end;
    const bad = addElement(elements, identifier, data.slice(from, to), from);
    if (bad !== undefined) return bad;
    at = skipSeparators(data, to);
  }
  return elements.size > 0 ? elements : badScan('empty', start, 'there are no elements');
}

/** Reads the printed form, `(01)09521234543213(10)ABC`, blanks around values included. It begins with `(`. */
export function readBracketed(data: string, start: number): ReadElements | BadScan {
  const elements: ReadElements = new Map();
  // Parentheses may stand in a value too; only those around an assigned identifier begin an element.
  const marks = [...data.slice(start).matchAll(BRACKETED_AI)].filter(
    ({ index, 1: ai }) => index === 0 || applicationIdentifier(ai!) !== undefined,
  );
  if (marks[0]?.index !== 0) return unknownAi(data.slice(start, start + 6), start);
  for (const [order, { 0: bracketed, 1: ai, index }] of marks.entries()) {
    const from = start + index + bracketed.length;
    const to = order + 1 < marks.length ? start + marks[order + 1]!.index : data.length;
    const identifier = applicationIdentifier(ai!);
    if (identifier === undefined) return unknownAi(ai!, start + index + 1);
    const value = data.slice(from, to);
    const blanks = value.length - value.trimStart().length;
    const bad = addElement(elements, identifier, value.trim(), from + blanks);
    if (bad !== undefined) return bad;
  }
  return elements;
}

/** Adds a value whose first character is at `position` of the data; answers what is wrong with it. */
export function addElement(
  elements: ReadElements,
  identifier: ApplicationIdentifier,
  value: string,
  position: number,
): BadScan | undefined {
  const { ai } = identifier;
  const flaw = flawOf(identifier, value);
  if (flaw !== undefined)
    return badScan('bad-value', position + flaw.offset, `${named(identifier)} ${flaw.problem}`, ai);
  const before = elements.get(ai);
  if (before !== undefined && before !== value) {
    return badScan('conflicting-values', position, `${named(identifier)} is there with another value`, ai);
  }
  elements.set(ai, value);
  return undefined;
}

/** The scan of an identifier that does not exist, or not where it stands. */
export const unknownAi = (text: string, position: number): BadScan =>
  badScan('unknown-ai', position, `${JSON.stringify(text)} is no GS1 application identifier here`);

const named = ({ ai, title }: ApplicationIdentifier): string => (title === undefined ? `(${ai})` : `(${ai}) ${title}`);

function skipSeparators(data: string, position: number): number {
  let at = position;
  while (data.charAt(at) === GROUP_SEPARATOR) at++;
  return at;
}
