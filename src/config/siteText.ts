// Puts a value into YAML text that a person wrote, and leaves every other byte of it as it is: comments, order, layout. The parsed
// document only tells where things stand. Pure.
import { isDeepStrictEqual } from 'node:util';
import {
  Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  visit,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { assert } from '../kit/faults.ts';

type Path = readonly (string | number)[];

/**
 * The text with `value` at `path`: replaced where there is one, else added at the end of the innermost mapping that is there. The
 * text must be YAML without errors, and lists on the path must exist.
 */
export function withValue(text: string, path: Path, value: unknown): string {
  const wanted = parseDocument(text);
  // A key with nothing behind it is a mapping that nobody has filled yet.
  for (let depth = 1; depth < path.length; depth++) {
    const before = path.slice(0, depth);
    if (wanted.hasIn(before) && wanted.getIn(before) === null) wanted.setIn(before, wanted.createNode({}));
  }
  wanted.setIn([...path], value);
  const expected: unknown = wanted.toJS();
  const changed = spliced(text, path, value);
  if (changed !== undefined && isSame(changed, expected)) return changed;
  // Anchors, tabs, several documents: layout is lost, the content is not.
  const rendered = wanted.toString({ lineWidth: 0 });
  assert(isSame(rendered, expected), 'A site file that was changed says what it should.', { path });
  return rendered;
}

function isSame(text: string, expected: unknown): boolean {
  const document = parseDocument(text);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), expected);
}

function spliced(text: string, path: Path, value: unknown): string | undefined {
  const { contents } = parseDocument(text);
  if (!isMap(contents) || contents.flow === true) return undefined;
  let map: YAMLMap = contents;
  for (let depth = 0; ; depth++) {
    const key = path[depth]!;
    const pair = pairOf(map, key);
    const rest = path.slice(depth + 1);
    if (pair === undefined) return added(text, map, String(key), nested(rest, value));
    if (rest.length === 0) return replaced(text, map, pair, value);
    let next: unknown = pair.value;
    while (isSeq(next) && rest.length > 1) {
      next = next.items[Number(rest.shift())];
      depth++;
    }
    if (!isMap(next)) return replaced(text, map, pair, nested(rest, value));
    map = next;
  }
}

const pairOf = (map: YAMLMap, key: string | number): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));

const nested = (path: Path, value: unknown): unknown =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);

/** In a mapping in braces before the closing one, else on lines of its own after its last value. */
function added(text: string, map: YAMLMap, key: string, value: unknown): string | undefined {
  if (map.flow === true) {
    const close = map.range![1] - 1;
    const before = text.slice(0, close).trimEnd();
    const gap = text.slice(before.length, close);
    const comma = before.endsWith('{') || before.endsWith(',') ? '' : ',';
    return `${before}${comma} ${inBraces({ [key]: value })
      .slice(1, -1)
      .trim()}${gap}${text.slice(close)}`;
  }
  const last = map.items.at(-1);
  if (last === undefined) return undefined;
  const at = lineEnd(text, endOf(last));
  const indent = columnOf(text, map);
  const head = text.slice(0, at);
  const newline = newlineOf(text);
  return `${head}${head.endsWith('\n') ? '' : newline}${block(key, value, indent, newline)}${text.slice(at)}`;
}

function replaced(text: string, map: YAMLMap, pair: Pair, value: unknown): string | undefined {
  const own = pair.value as Node | null;
  const isPlain = typeof value !== 'object' || value === null;
  if (map.flow === true || (isPlain && isScalar(own))) {
    if (own?.range == null) return undefined;
    return `${text.slice(0, own.range[0])}${inBraces(value)}${text.slice(own.range[1])}`;
  }
  const from = (pair.key as Node).range![0];
  const to = lineEnd(text, endOf(pair));
  const indent = columnOf(text, map);
  return `${text.slice(0, from)}${block(String((pair.key as { value?: unknown }).value), value, indent, newlineOf(text)).slice(indent)}${text.slice(to)}`;
}

/** Lines of `key: value`, each indented. */
const block = (key: string, value: unknown, indent: number, newline: string): string =>
  linesOf({ [key]: value })
    .map((line) => `${' '.repeat(indent)}${line}${newline}`)
    .join('');

/** A value as lines of YAML. Mappings from numbers are counts: in braces, on one line, the numbers without quotes. */
export function linesOf(value: unknown): string[] {
  const document = new Document(value);
  visit(document, {
    Map(_key, map) {
      const keys = map.items.map(({ key }) => key).filter((key) => isScalar(key));
      if (keys.length === 0 || !keys.every((key) => /^-?[1-9]\d{0,8}$/.test(String(key.value)))) return;
      map.flow = true;
      for (const key of keys) key.value = Number(key.value);
    },
  });
  return document.toString({ lineWidth: 0 }).trimEnd().split('\n');
}

const inBraces = (value: unknown): string =>
  stringify(value, { lineWidth: 0, collectionStyle: 'flow' }).trim().replaceAll(/\n\s*/g, ' ');

/** Where the value of a pair ends: blocks end with their last value, not with the empty lines and comments after it. */
function endOf(pair: Pair): number {
  let node: unknown = pair.value;
  let end = (pair.key as Node).range![1];
  while (isCollection(node) && node.flow !== true && node.items.length > 0) {
    const last: unknown = node.items.at(-1);
    if (last !== null && typeof last === 'object' && 'key' in last) {
      end = (last.key as Node).range![1];
      node = (last as Pair).value;
    } else node = last;
  }
  const range = (node as Node | null)?.range;
  return range == null ? end : Math.max(end, range[1]);
}

function lineEnd(text: string, at: number): number {
  if (at > 0 && text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

/** Where the keys of a mapping stand in their lines. */
function columnOf(text: string, map: YAMLMap): number {
  const start = (map.items[0]!.key as Node).range![0];
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

const newlineOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');
