// Requests at random, from what the OpenAPI document says of a route: mostly such as it takes, some such as it does not.
import fc from 'fast-check';

export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** Values that mean something at the site of the test, by the name of the field. */
export type Known = Readonly<Record<string, readonly string[]>>;

/** What nobody should send. */
const HOSTILE: readonly unknown[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '%00',
  "'; drop table transaction; --",
  '../../etc/passwd',
  '💥'.repeat(60),
  'x'.repeat(3000),
  '-1',
  '1e400',
  '99999999999999999999',
  'NaN',
  'null',
  'infinity',
  '9999-12-31T23:59:59-23:59',
  '0001-01-01T00:00:00Z',
  '2026-11-23T15:33:00+99:99',
  '00000000-0000-0000-0000-000000000000',
  'W10',
  'WyJpbmZpbml0eSIsIngiXQ',
];
const WRONG: readonly unknown[] = [
  ...HOSTILE,
  null,
  true,
  -1,
  0.5,
  1e21,
  Number.MAX_SAFE_INTEGER,
  [],
  {},
  [[[]]],
  { toString: 1 },
];

/** A value of a schema, or now and then something else. */
export const valueOf = (schema: Schema, name: string, known: Known, wrong = WRONG): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 40, arbitrary: rightOf(schema, name, known) },
    { weight: 1, arbitrary: fc.constantFrom(...wrong) },
  );

/** The same for what travels as text: in a path, a query, a header. */
export const textOf = (schema: Schema, name: string, known: Known): fc.Arbitrary<string> =>
  valueOf(schema, name, known, HOSTILE).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));

function rightOf(schema: Schema, name: string, known: Known): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => rightOf(one, name, known)));
  switch (schema.type) {
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 100_000 });
    case 'number':
      return fc.oneof(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 99_999 }).map((number) => number / 10_000),
        fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1e12, noNaN: true }),
      );
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valueOf(schema.items ?? {}, name, known), { minLength: schema.minItems ?? 0, maxLength: 4 });
    case 'object':
      return objectOf(schema, known);
    default:
      return stringOf(schema, name, known);
  }
}

function stringOf(
  { format, pattern, minLength = 0, maxLength = 40 }: Schema,
  name: string,
  known: Known,
): fc.Arbitrary<string> {
  const own = known[name] ?? [];
  const made =
    format === 'uuid'
      ? fc.uuid()
      : pattern === undefined
        ? fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 40) })
        : fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, 64));
  return own.length === 0 ? made : fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...own) }, made);
}

/** Undefined most of the time. */
const seldom = (...values: readonly string[]): fc.Arbitrary<string | undefined> =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, fc.constantFrom(...values));

export function objectOf(
  { properties = {}, required = [] }: Schema,
  known: Known,
): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valueOf(schema, name, known)]),
  );
  return fc
    .tuple(
      fc.record(fields, { requiredKeys: required as string[] }),
      seldom('kind', 'extra', 'constructor'),
      seldom('site', ...required),
    )
    .map(([object, more, less]) => {
      const body: Record<string, unknown> = { ...object, ...(more === undefined ? {} : { [more]: 'load-site' }) };
      if (less !== undefined) delete body[less];
      return body;
    });
}
