// GS1 Digital Link URIs: a web address whose path ends in a GS1 key and its qualifiers, with attributes in the query.
// In: the data of a scan. Out: the elements, what is wrong where, or undefined for any other web address.
import { applicationIdentifier, flawOf } from './applicationIdentifiers.ts';
import type { ApplicationIdentifier } from './applicationIdentifiers.ts';
import { addElement, unknownAi } from './elementStrings.ts';
import type { ReadElements } from './elementStrings.ts';
import { badScan } from './parsedScan.ts';
import type { BadScan } from './parsedScan.ts';

const LINK = /^https?:\/\/[^/?#]+(?<path>\/[^?#]*)(?:\?(?<query>[^#]*))?/di;
const SHORT_GTIN = /^(\d{8}|\d{12,13})$/;

/** A piece of the URI, still escaped, and where it begins in the data. */
interface Piece {
  readonly text: string;
  readonly position: number;
}

/** Whether the data could be a Digital Link at all. */
export const isWebAddress = (data: string, start: number): boolean =>
  /^https?:\/\//i.test(data.slice(start, start + 8));

/** Reads `data` from `start` to its end. */
export function readLinkUri(data: string, start: number): ReadElements | BadScan | undefined {
  const match = LINK.exec(data.slice(start));
  const { path, query } = match?.indices?.groups ?? {};
  if (path === undefined) return undefined;
  const named = namingSegments(pieces(data, start + path[0] + 1, start + path[1], /\//g));
  if (named === undefined || 'kind' in named) return named;

  const elements: ReadElements = new Map();
  for (let index = 0; index < named.length; index += 2) {
    const bad = addEscaped(elements, applicationIdentifier(named[index]!.text)!, named[index + 1]!);
    if (bad !== undefined) return bad;
  }
  for (const parameter of query === undefined ? [] : pieces(data, start + query[0], start + query[1], /[&;]/g)) {
    const bad = addAttribute(elements, parameter);
    if (bad !== undefined) return bad;
  }
  return elements;
}

/** The end of the path from the key on: identifier, value, identifier, value… Undefined when it holds no key. */
function namingSegments(segments: readonly Piece[]): readonly Piece[] | BadScan | undefined {
  const ended = segments.at(-1)?.text === '' ? segments.slice(0, -1) : segments;
  let misplaced: BadScan | undefined;
  // What stands in front of the key is the web site's own, so the key is looked for from the left until one fits.
  for (let first = ended.length % 2; first < ended.length; first += 2) {
    const key = applicationIdentifier(ended[first]!.text);
    if (key?.qualifiers !== undefined && looksLike(key, ended[first + 1]!.text)) {
      const following = ended.slice(first + 2).filter((_, index) => index % 2 === 0);
      const stranger = firstMisplaced(key.qualifiers, following);
      if (stranger === undefined) return ended.slice(first);
      if (following.every(({ text }) => applicationIdentifier(text) !== undefined)) {
        misplaced ??= badScan('unknown-ai', stranger.position, `(${stranger.text}) may not stand here`, stranger.text);
      }
    }
  }
  return misplaced;
}

/** Web addresses are full of dates: `/2027/01/15` holds no GTIN, while one with a wrong check digit is a broken GTIN. */
function looksLike(key: ApplicationIdentifier, escaped: string): boolean {
  const value = unescaped(escaped);
  if (value === undefined) return true;
  const flaw = flawOf(key, completed(key, value));
  return flaw === undefined || flaw.rule !== undefined;
}

/** The first identifier that is in none of the orders allowed. */
function firstMisplaced(orders: readonly (readonly string[])[], following: readonly Piece[]): Piece | undefined {
  const inPlace = orders.map((allowed) => {
    const places = following.map(({ text }) => allowed.indexOf(text));
    const stranger = places.findIndex((place, index) => place <= (places[index - 1] ?? -1));
    return stranger < 0 ? following.length : stranger;
  });
  return following[Math.max(0, ...inPlace)];
}

/** `17=271231`. Parameters that are no identifiers belong to the web address, not to GS1. */
function addAttribute(elements: ReadElements, { text, position }: Piece): BadScan | undefined {
  const equals = text.indexOf('=');
  const ai = text.slice(0, equals);
  if (equals < 0 || !/^\d+$/.test(ai)) return undefined;
  const identifier = applicationIdentifier(ai);
  if (identifier?.attribute === undefined) return unknownAi(ai, position);
  return addEscaped(elements, identifier, { text: text.slice(equals + 1), position: position + equals + 1 });
}

function addEscaped(elements: ReadElements, identifier: ApplicationIdentifier, piece: Piece): BadScan | undefined {
  const value = unescaped(piece.text);
  if (value === undefined) {
    return badScan('bad-escape', piece.position, `(${identifier.ai}) is not percent-encoded`, identifier.ai);
  }
  return addElement(elements, identifier, completed(identifier, value), piece.position);
}

/** Before version 1.2 of the standard a GTIN could be as short as its barcode. */
const completed = ({ ai }: ApplicationIdentifier, value: string): string =>
  ai === '01' && SHORT_GTIN.test(value) ? value.padStart(14, '0') : value;

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function pieces(data: string, from: number, to: number, separator: RegExp): readonly Piece[] {
  let position = from;
  return data
    .slice(from, to)
    .split(separator)
    .map((text) => {
      const piece = { text, position };
      position += text.length + 1;
      return piece;
    });
}
