// The shape of a `mapping` in the site file: where things are in JSON that has no format of its own.
//
//   mapping: { items: tag_reads, skip: { isHeartBeat: true },
//              epc: { at: epc }, antenna: { at: antennaPort }, rssi: { at: peakRssi, unit: dBm },
//              time: { at: firstSeenTimestamp, unit: us }, reader: { at: $.readerName } }
//
// An array at the root is an array of messages. One rule finds one kind of entry (reads, scans or measures); a list of
// rules finds several in the same message. In braces YAML wants a path with an index in quotes: "rows[0]".
// What a field is called is up to the device; what its unit is must be said, for no number shows it.
import { Type, type Static, type TProperties } from 'typebox';
import { PATH_DESCRIPTION, PATH_PATTERN } from './path.ts';

export const RULES_MAX = 16;
const MEASURES_MAX = 64;
const CONDITIONS_MAX = 16;
// As in the envelope (section 4.1).
export const NAME_CHARS_MAX = 64;
export const TASK_CHARS_MAX = 128;
const UNIT_CHARS_MAX = 32;

const strict = <const Properties extends TProperties>(properties: Properties, options: object = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options });

const pathLimits = { minLength: 1, maxLength: 256, pattern: PATH_PATTERN };
const Path = Type.String({ ...pathLimits, description: PATH_DESCRIPTION });
const Name = Type.String({ minLength: 1, maxLength: NAME_CHARS_MAX });
const Found = strict({ at: Path });

const SCALARS = ['string', 'number', 'boolean', 'null'];
type Scalar = string | number | boolean | null;
const conditions = (description: string) =>
  Type.Unsafe<Readonly<Record<string, Scalar | readonly Scalar[]>>>({
    type: 'object',
    minProperties: 1,
    maxProperties: CONDITIONS_MAX,
    propertyNames: pathLimits,
    additionalProperties: { type: [...SCALARS, 'array'], items: { type: SCALARS } },
    description,
  });

const common = {
  items: Type.Optional(
    Type.String({
      ...pathLimits,
      description: 'The list of items, from the message. Without it the message is the item.',
    }),
  ),
  only: Type.Optional(
    conditions('Items of which every path has the value, or one of the values, given; null is missing.'),
  ),
  skip: Type.Optional(conditions('No items of which some path has the value, or one of the values, given.')),
  time: Type.Optional(
    strict(
      { at: Path, unit: Type.Enum(['rfc3339', 's', 'ms', 'us', 'ns']) },
      { description: 'Since 1970 if it is a number. Left out only for devices that send no time: arrival stands in.' },
    ),
  ),
  reader: Type.Optional(
    strict(
      { at: Type.Optional(Path), default: Type.Optional(Name) },
      {
        minProperties: 1,
        description: 'The reader or scanner; without it, or where it is missing, the device itself.',
      },
    ),
  ),
  sequence: Type.Optional(
    strict(
      { at: Path },
      { description: 'A number or id that no two messages share: what repeats it is a repetition.' },
    ),
  ),
};

const EPC_ENCODINGS = ['hex', 'base64', 'base64url', 'pc-hex', 'crc-pc-hex'] as const;
export type EpcEncoding = (typeof EPC_ENCODINGS)[number];

export const ReadRule = strict({
  ...common,
  epc: strict({
    at: Path,
    encoding: Type.Optional(
      Type.Enum([...EPC_ENCODINGS], {
        default: 'hex',
        description: 'pc-hex and crc-pc-hex: the EPC bank, with its protocol control word and CRC before the EPC.',
      }),
    ),
  }),
  antenna: Type.Optional(
    strict(
      { at: Type.Optional(Path), default: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })) },
      { minProperties: 1 },
    ),
  ),
  rssi: Type.Optional(strict({ at: Path, unit: Type.Enum(['dBm', 'centi-dBm']) })),
  count: Type.Optional(
    strict(
      { at: Path },
      { description: 'Times seen within this report; no counter that runs on from report to report.' },
    ),
  ),
});

export const ScanRule = strict({
  ...common,
  scan: strict({
    data: Found,
    operator: Type.Optional(Found),
    task: Type.Optional(Found),
    symbology: Type.Optional(
      strict(
        { at: Path, aim: Type.Record(Type.String(), Type.String({ pattern: '^\\][A-Za-z][0-9A-Za-z]$' })) },
        { description: 'AIM identifiers (]C1) by what the device calls a symbology, put before data that has none.' },
      ),
    ),
  }),
});

export const MeasuresRule = strict({
  ...common,
  measures: Type.Array(
    strict({
      name: Name,
      at: Path,
      unit: Type.Optional(Type.String({ maxLength: UNIT_CHARS_MAX, description: 'UCUM: Cel, %, ms.' })),
    }),
    {
      minItems: 1,
      maxItems: MEASURES_MAX,
      description: 'Numbers; true and false are 1 and 0. Missing ones are left out.',
    },
  ),
});

const Rule = Type.Union([ReadRule, ScanRule, MeasuresRule]);

/** One rule or a list of them. */
export const Mapping = Type.Union([Rule, Type.Array(Rule, { minItems: 1, maxItems: RULES_MAX })]);
export type Mapping = Static<typeof Mapping>;
export type MappingRule = Static<typeof Rule>;
export type ReadRule = Static<typeof ReadRule>;
export type ScanRule = Static<typeof ScanRule>;
export type MeasuresRule = Static<typeof MeasuresRule>;
