// Where something is in a JSON value, written as people write it: `data.tags[0].epc`. A path starts at the item at
// hand, or with `$` at the whole message. Only own members are found: `__proto__` and `constructor` lead nowhere.
import { assert } from '../../kit/faults.ts';

const NAME = String.raw`(?:[^.[\]\\$]|\\.)(?:[^.[\]\\]|\\.)*`;
const INDEX = String.raw`\[\d{1,5}\]`;
const STEP = `(?:${NAME}(?:${INDEX})*|(?:${INDEX})+)`;

/** As a JSON Schema pattern. `.` is the item itself, `$` the message itself. */
export const PATH_PATTERN = String.raw`^(?:\.|\$|(?:\$\.)?${STEP}(?:\.${STEP})*)$`;

export const PATH_DESCRIPTION =
  'Names with dots between them; [0] for the first of a list; a backslash before a dot, bracket or $ that is part of ' +
  'a name. From the item, or from the whole message after "$.". "." is the item itself.';

type Step = string | number;

/** A path, ready to be followed. */
export interface Path {
  /** From the message rather than from the item. */
  readonly fromRoot: boolean;
  /** The same as a JSON pointer (RFC 6901). */
  readonly pointer: string;
  /** What is there; undefined when nothing is. */
  readonly find: (item: unknown, root: unknown) => unknown;
}

const PATH = new RegExp(PATH_PATTERN, 'u');

/** The path a text says. The text must match PATH_PATTERN: a mapping is checked before its paths are used. */
export function pathTo(text: string): Path {
  assert(PATH.test(text), 'A path is checked before it is used.', { text });
  const fromRoot = text.startsWith('$');
  const steps = stepsOf(fromRoot ? text.slice(1) : text);
  const follow = follower(steps);
  return {
    fromRoot,
    pointer: steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    find: fromRoot ? (_item, root) => follow(root) : follow,
  };
}

function stepsOf(text: string): readonly Step[] {
  const steps: Step[] = [];
  for (const [, index, name] of text.matchAll(/\[(\d+)\]|((?:[^.[\]\\]|\\.)+)/gu)) {
    steps.push(name === undefined ? Number(index) : name.replaceAll(/\\(.)/gu, '$1'));
  }
  return steps;
}

/** Nearly all paths have one step or two: those need no loop. */
function follower(steps: readonly Step[]): (start: unknown) => unknown {
  const [first, second] = steps;
  if (first === undefined) return (start) => start;
  if (second === undefined) return (start) => take(start, first);
  if (steps.length === 2) return (start) => take(take(start, first), second);
  return (start) => steps.reduce(take, start);
}

function take(value: unknown, step: Step): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return typeof step === 'number' ? (value as readonly unknown[])[step] : undefined;
  return Object.hasOwn(value, step) ? (value as Readonly<Record<Step, unknown>>)[step] : undefined;
}
