// Any other JSON: a mapping in the site file says where things are (mapping.ts). It is checked and compiled once, when
// the site file is loaded; a message then costs a few look-ups. An item of which one field is wrong gives nothing.
import { toMicros } from '../entries.ts';
import { isMissing, lenientNumber, plausibleTime, printableName, rfc3339, REASONS } from './field.ts';
import type { Format } from './format.ts';
import { entryDecoder, type EntryDecoder, type Problem } from './mappedEntry.ts';
import { NAME_CHARS_MAX, type MappingRule } from './mapping.ts';
import { mappingRules } from './mappingRules.ts';
import { assertRoom, decodeMessage, reject, type Draft, type JsonObject } from './message.ts';
import { pathTo, type Path } from './path.ts';

/** The format of a device that has this mapping. Throws a `rejected` fault `bad-mapping`. */
export function mapped(mapping: unknown): Format {
  const compiled = mappingRules(mapping).map(compileRule);
  const lists = compiled.flatMap(({ items }) => items?.pointer ?? []).join(', ');
  const decodeObject = (root: JsonObject, draft: Draft): void => {
    let found = false;
    for (const rule of compiled) if (applyRule(rule, root, draft)) found = true;
    // A list that moved with a new firmware must not look like a reader with nothing to say.
    if (!found) reject(draft, root, '', 'bad-entry', `has none of the lists ${lists}`);
  };
  return { name: 'mapped', decode: (payload, device) => decodeMessage(payload, device, decodeObject) };
}

interface Rule {
  readonly items: Path | undefined;
  /** What must hold for the message, checked before its items are looked for. */
  readonly ofMessage: readonly Condition[];
  readonly ofItem: readonly Condition[];
  readonly sequence: Path | undefined;
  readonly timed: boolean;
  readonly timeOf: (item: unknown, root: unknown, receivedAt: number) => number;
  readonly timeProblem: Problem;
  readonly readerOf: (item: unknown, root: unknown, device: string) => string | undefined;
  readonly readerProblem: Problem;
  readonly decode: EntryDecoder;
}

type Condition = (item: unknown, root: unknown) => boolean;

function compileRule(rule: MappingRule): Rule {
  const conditions = [...compileConditions(rule.only, true), ...compileConditions(rule.skip, false)];
  const ofMessage = conditions.filter(({ path }) => rule.items === undefined || path.fromRoot);
  return {
    items: rule.items === undefined ? undefined : pathTo(rule.items),
    ofMessage: ofMessage.map(({ holds }) => holds),
    ofItem: conditions.filter((condition) => !ofMessage.includes(condition)).map(({ holds }) => holds),
    sequence: rule.sequence === undefined ? undefined : pathTo(rule.sequence.at),
    timed: rule.time !== undefined,
    ...compileTime(rule.time),
    ...compileReader(rule.reader),
    decode: entryDecoder(rule),
  };
}

/** False when the rule's list is not in this message. */
function applyRule(rule: Rule, root: JsonObject, draft: Draft): boolean {
  if (!rule.ofMessage.every((holds) => holds(root, root))) {
    draft.ignored ??= 'status';
    return true;
  }
  if (rule.items === undefined) {
    decodeItem(rule, root, root, '', draft);
    return true;
  }
  const items = rule.items.find(root, root);
  if (isMissing(items)) return false;
  const { pointer } = rule.items;
  if (!Array.isArray(items)) decodeItem(rule, items, root, pointer, draft);
  else for (const [index, item] of items.entries()) decodeItem(rule, item, root, `${pointer}/${index}`, draft);
  return true;
}

function decodeItem(rule: Rule, item: unknown, root: JsonObject, place: string, draft: Draft): void {
  assertRoom(draft);
  if (!rule.ofItem.every((holds) => holds(item, root))) {
    draft.ignored ??= 'status';
    return;
  }
  const problem = decodeObserved(rule, item, root, draft);
  if (problem === undefined) return;
  const { path, code, why } = problem;
  reject(draft, item, path?.fromRoot === true ? path.pointer : `${place}${path?.pointer ?? ''}`, code, why);
}

function decodeObserved(rule: Rule, item: unknown, root: JsonObject, draft: Draft): Problem | undefined {
  const { id, receivedAt } = draft.device;
  if (rule.timed || !isMissing(rule.sequence?.find(item, root))) draft.selfIdentified = true;
  const at = rule.timeOf(item, root, receivedAt);
  if (Number.isNaN(at)) return rule.timeProblem;
  const reader = rule.readerOf(item, root, id);
  if (reader === undefined) return rule.readerProblem;
  return rule.decode({ item, root, reader, at }, draft);
}

/** Conditions that hold when the value at a path is, or is not, one of those given. */
function compileConditions(
  conditions: MappingRule['only'],
  wanted: boolean,
): readonly { readonly path: Path; readonly holds: Condition }[] {
  return Object.entries(conditions ?? {}).map(([at, values]) => {
    const path = pathTo(at);
    const set = new Set<unknown>(Array.isArray(values) ? values : [values]);
    return { path, holds: (item, root) => set.has(path.find(item, root) ?? null) === wanted };
  });
}

/** How many ms one unit is; the numbers count from 1970. */
const MS_PER_UNIT = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 } as const;

/** A time that is mapped and missing is wrong: our own clock would move a backlog to now (promise P7). */
function compileTime(time: MappingRule['time']): Pick<Rule, 'timeOf' | 'timeProblem'> {
  if (time === undefined) {
    return {
      timeOf: (_item, _root, receivedAt) => receivedAt,
      timeProblem: { path: undefined, code: 'bad-time', why: '' },
    };
  }
  const path = pathTo(time.at);
  const { unit } = time;
  if (unit === 'rfc3339') {
    return {
      timeOf: (item, root) => rfc3339(path.find(item, root), Number.NaN),
      timeProblem: { path, code: 'bad-time', why: REASONS.rfc3339 },
    };
  }
  const factor = MS_PER_UNIT[unit];
  return {
    timeOf: (item, root) => plausibleTime(toMicros(lenientNumber(path.find(item, root)) * factor)),
    timeProblem: { path, code: 'bad-time', why: `not a time in ${unit} since 1970 between 2000 and 2100` },
  };
}

function compileReader(reader: MappingRule['reader']): Pick<Rule, 'readerOf' | 'readerProblem'> {
  const path = reader?.at === undefined ? undefined : pathTo(reader.at);
  const fallback = reader?.default;
  return {
    readerOf: (item, root, device) => {
      const name = path?.find(item, root);
      return isMissing(name) ? (fallback ?? device) : printableName(name, NAME_CHARS_MAX);
    },
    readerProblem: { path, code: 'bad-entry', why: `not a name of 1 to ${NAME_CHARS_MAX} printable characters` },
  };
}
