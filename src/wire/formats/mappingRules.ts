// A mapping from the site file, checked: what comes out obeys the schema of mapping.ts, and every mistake is named with
// its place and what is allowed there.
import type { TObject } from 'typebox';
import { Value } from 'typebox/value';
import { rejected } from '../../kit/faults.ts';
import { MeasuresRule, ReadRule, RULES_MAX, ScanRule, type MappingRule } from './mapping.ts';
import { PATH_PATTERN } from './path.ts';

/** Rule schemas by the key that tells them apart: checked one by one, for a union would complain about all three. */
const KINDS: Readonly<Record<string, TObject>> = { epc: ReadRule, scan: ScanRule, measures: MeasuresRule };
const KIND_NAMES = Object.keys(KINDS);

/** The rules of a mapping from the site file. Throws a `rejected` fault `bad-mapping` that lists every mistake. */
export function mappingRules(mapping: unknown): readonly MappingRule[] {
  const rules: readonly unknown[] = Array.isArray(mapping) ? mapping : [mapping];
  const problems = rules.flatMap((rule, index) => ruleProblems(rule, Array.isArray(mapping) ? `/${index}` : ''));
  if (rules.length === 0 || rules.length > RULES_MAX) problems.push(`must have 1 to ${RULES_MAX} rules`);
  if (problems.length > 0) throw rejected('bad-mapping', `The mapping is wrong: ${problems.join('; ')}.`, { problems });
  return rules as readonly MappingRule[];
}

function ruleProblems(rule: unknown, place: string): readonly string[] {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule))
    return [`${place} must be a rule or a list of rules`.trim()];
  const kinds = KIND_NAMES.filter((kind) => Object.hasOwn(rule, kind));
  const schema = KINDS[kinds[0] ?? ''];
  if (schema === undefined || kinds.length > 1) {
    const has = kinds.length === 0 ? 'none' : kinds.join(' and ');
    return [`${place} needs exactly one of ${KIND_NAMES.join(', ')}, has ${has}`.trim()];
  }
  // Key by key, for TypeBox stops after a few errors and a person wants them all.
  return Object.entries(rule).flatMap(([key, value]) =>
    keyProblems(schema, key, value).map((problem) => place + problem),
  );
}

function keyProblems(rule: TObject, key: string, value: unknown): readonly string[] {
  const schema = Object.hasOwn(rule.properties, key) ? rule.properties[key] : undefined;
  if (schema === undefined) return [`/${key} is not a known key here`];
  const problems = Value.Errors(schema, value).flatMap((error) => {
    const reason = reasonOf(error.keyword, error.params, error.message);
    return reason === undefined ? [] : [`/${key}${error.instancePath} ${reason}`];
  });
  return [...new Set(problems)];
}

/** What is allowed, in the words of whoever writes a site file; undefined where another error says it better. */
function reasonOf(keyword: string, params: Readonly<Record<string, unknown>>, message: string): string | undefined {
  switch (keyword) {
    case 'additionalProperties':
    case 'propertyNames':
      return undefined;
    case 'boolean':
      return 'is not a known key here';
    case 'required':
      return `lacks ${list(params.requiredProperties)}`;
    case 'enum':
      return `must be one of ${list(params.allowedValues)}`;
    case 'type':
      return `must be of type ${list(params.type)}`;
    case 'pattern':
      return params.pattern === PATH_PATTERN
        ? 'must be a path such as data.tags[0].epc'
        : `must match ${list(params.pattern)}`;
    case 'minProperties':
      return 'must say at least one of its keys';
    default:
      return message;
  }
}

const list = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));
