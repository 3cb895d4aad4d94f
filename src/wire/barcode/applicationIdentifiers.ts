// The GS1 application identifiers by their digits, and whether a value is one that an identifier may have. What each
// looks like is in applicationIdentifierTable.ts, which is made from GS1's own dictionary.
import { APPLICATION_IDENTIFIER_ROWS } from './applicationIdentifierTable.ts';
import type { ApplicationIdentifierRow, Component } from './applicationIdentifierRow.ts';
import { RULES } from './rules.ts';
import type { RuleName } from './rules.ts';

export interface ApplicationIdentifier extends ApplicationIdentifierRow {
  readonly charsMax: number;
}

/** What is wrong with a value, and how many characters into it. */
export interface ValueFlaw {
  readonly offset: number;
  /** The end of a sentence that begins with the identifier. */
  readonly problem: string;
  /** The test that failed; undefined when already length or characters are wrong. */
  readonly rule?: RuleName;
}

const CHARACTER_NOT_IN = {
  N: /[^0-9]/,
  X: /[^!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]/,
  Y: /[^#\-/0-9A-Z]/,
  Z: /[^-\w=]/,
} as const;

const AI_DIGITS_MIN = 2;
const AI_DIGITS_MAX = 4;

const BY_AI = byAi(APPLICATION_IDENTIFIER_ROWS);

/** The identifier of these digits, if GS1 has assigned it. */
export const applicationIdentifier = (ai: string): ApplicationIdentifier | undefined => BY_AI.get(ai);

/** The identifier that `text` has at `position`. No identifier is the beginning of another. */
export function applicationIdentifierAt(text: string, position: number): ApplicationIdentifier | undefined {
  for (let digits = AI_DIGITS_MIN; digits <= AI_DIGITS_MAX; digits++) {
    const found = BY_AI.get(text.slice(position, position + digits));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first thing wrong with a value, component by component; undefined when it is right. */
export function flawOf({ components, charsMax }: ApplicationIdentifier, value: string): ValueFlaw | undefined {
  if (value.length > charsMax) return { offset: charsMax, problem: `is longer than ${charsMax} characters` };
  let offset = 0;
  for (const component of components) {
    const part = value.slice(offset, offset + component.max);
    if (part === '' && component.optional) return undefined;
    const flaw = flawOfPart(component, part);
    if (flaw !== undefined) return { ...flaw, offset: offset + flaw.offset };
    offset += part.length;
  }
  return undefined;
}

function flawOfPart({ set, min, rules = [] }: Component, part: string): ValueFlaw | undefined {
  const strange = part.search(CHARACTER_NOT_IN[set]);
  if (strange >= 0) return { offset: strange, problem: `has a character that is not allowed: ${shown(part, strange)}` };
  if (part.length < min) return { offset: part.length, problem: `ends after ${part.length} of ${min} characters` };
  for (const name of rules) {
    const problem = RULES[name](part);
    if (problem !== undefined) return { offset: 0, problem, rule: name };
  }
  return undefined;
}

const shown = (text: string, index: number): string => JSON.stringify(String.fromCodePoint(text.codePointAt(index)!));

function byAi(rows: readonly ApplicationIdentifierRow[]): ReadonlyMap<string, ApplicationIdentifier> {
  const map = new Map<string, ApplicationIdentifier>();
  for (const row of rows) {
    const charsMax = row.components.reduce((sum, { max }) => sum + max, 0);
    for (let number = Number(row.ai); number <= Number(row.to ?? row.ai); number++) {
      const ai = String(number).padStart(row.ai.length, '0');
      map.set(ai, { ...row, ai, charsMax });
    }
  }
  return map;
}
