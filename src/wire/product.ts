// Products of a site as they are said: what a SKU is, how it is packed, how large, what it costs, and how it is to be stored.
import { Type, type Static, type TSchema } from 'typebox';
import { base, Quantity, Sku } from './commandFields.ts';
import { Id } from './id.ts';

/** How goods of a SKU are told apart in the books: not at all, by lot, or each by a tag of its own. */
export const TRACKINGS = ['none', 'lot', 'serial'] as const;
export type Tracking = (typeof TRACKINGS)[number];

/**
 * Which bin goods are taken from first: what expires first, else lies there longest; what lies there longest; what came last; or what is nearest
 * to where it is brought.
 */
export const ROTATIONS = ['fefo', 'fifo', 'lifo', 'nearest'] as const;
export type Rotation = (typeof ROTATIONS)[number];

/** What a base unit or a pack level may be called. */
export const UNITS = [
  'each',
  'pair',
  'set',
  'roll',
  'sheet',
  'bottle',
  'can',
  'bag',
  'kg',
  'g',
  'l',
  'ml',
  'm',
  'm2',
  'm3',
  'inner',
  'pack',
  'box',
  'case',
  'layer',
  'pallet',
] as const;
export type Unit = (typeof UNITS)[number];

export const PACKS_MAX = 20;
export const SIDE_MM_MAX = 100_000;
export const WEIGHT_G_MAX = 100_000_000;
export const COST_MAX = 1e9;

const strict = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const Side = (of: string) =>
  Type.Optional(
    Type.Number({ exclusiveMinimum: 0, maximum: SIDE_MM_MAX, description: `${of} of a base unit, millimetres.` }),
  );
/** Names that the operator chooses, and locations of the site file name too. */
export const CLASS_NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,15}$';
export const ClassName = Type.String({ pattern: CLASS_NAME_PATTERN });
const Class = (description: string) => Type.Optional(Type.String({ ...ClassName, description }));

export const Pack = strict({
  unit: Type.Enum([...UNITS]),
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Base units in it.' }),
  gtin: Type.Optional(
    Type.String({
      pattern: '^[0-9]{8,14}$',
      description: 'GTIN-8, -12, -13 or -14: a scan of it counts its base units.',
    }),
  ),
});
export type Pack = Static<typeof Pack>;

/** Everything that is said of a product but its SKU. */
export const ProductFields = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  baseUnit: Type.Optional(
    Type.Enum([...UNITS], { description: 'What quantities in the books count; `each` when left out.' }),
  ),
  packs: Type.Optional(
    Type.Array(Pack, {
      maxItems: PACKS_MAX,
      description: 'Pack levels, the base unit itself (quantity 1) among them.',
    }),
  ),
  lengthMm: Side('Length'),
  widthMm: Side('Width'),
  heightMm: Side('Height'),
  weightG: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, maximum: WEIGHT_G_MAX, description: 'Weight of a base unit, grams.' }),
  ),
  unitCost: Type.Optional(
    Type.Number({ minimum: 0, maximum: COST_MAX, description: 'Of a base unit, in `currency`.' }),
  ),
  currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217.' })),
  tracking: Type.Optional(
    Type.Enum([...TRACKINGS], {
      description: 'How it is told apart: not at all (when left out), by lot, each by its tag.',
    }),
  ),
  expires: Type.Optional(Type.Boolean({ description: 'It has a day until which it is good; false when left out.' })),
  hazard: Class('Hazard class: it is stored only where the site file allows that one.'),
  temperature: Class('Temperature class: it is stored only where the site file says the same one.'),
  velocity: Class('Velocity class: bins of the same `class` come first, the nearest to the dock first of all.'),
  rotation: Type.Optional(
    Type.Enum([...ROTATIONS], {
      description:
        'Which bin it is taken from first: `fefo`, what expires first, else lies there longest; `fifo`, what lies there longest; `lifo`, what came last; `nearest`. As `rules.pickRotation` of the site says when left out.',
    }),
  ),
  fixedBin: Type.Optional(Type.String({ ...Id, description: 'Its pick face.' })),
  pickMinimum: Type.Optional(
    Type.Number({ ...Quantity, description: 'With less than this in its fixed bin it is replenished.' }),
  ),
  pickMaximum: Type.Optional(Type.Number({ ...Quantity, description: 'No more than this is put into its fixed bin.' })),
} as const;

const revision = Type.Optional(
  Type.Integer({ minimum: 1, description: 'Refused when it has another revision by now.' }),
);

export const ProductCommands = {
  product: Type.Object({ kind: Type.Literal('product'), ...base, sku: Sku, ...ProductFields, revision }),
  'drop-product': Type.Object({ kind: Type.Literal('drop-product'), ...base, sku: Sku, revision }),
} as const;

type Commands = typeof ProductCommands;
export type ProductCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
/** A product as somebody says it. */
export type ProductDocument = Omit<Static<Commands['product']>, 'kind' | 'at' | 'reason' | 'revision'>;
