// Products as they are answered, and the rows that they are made of.
import { Type } from 'typebox';
import { Pack, ROTATIONS, TRACKINGS, UNITS, type Rotation, type Tracking } from '../wire/product.ts';
import { formatTime } from '../wire/time.ts';
import { Text } from './inboundJson.ts';

const Maybe = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

export const ProductJson = Type.Object({
  sku: Type.String(),
  site: Type.String(),
  revision: Type.Integer(),
  name: Type.String(),
  baseUnit: Type.Enum([...UNITS]),
  packs: Type.Array(Pack, { description: 'GTINs with 14 digits.' }),
  lengthMm: Maybe('Of a base unit.'),
  widthMm: Maybe('Of a base unit.'),
  heightMm: Maybe('Of a base unit.'),
  weightG: Maybe('Of a base unit.'),
  unitCost: Maybe('Of a base unit, in `currency`.'),
  currency: Text,
  tracking: Type.Enum([...TRACKINGS]),
  expires: Type.Boolean(),
  hazard: Text,
  temperature: Text,
  velocity: Text,
  rotation: Type.Union([Type.Enum([...ROTATIONS]), Type.Null()], {
    description: 'Which bin it is taken from first; null: as the rules of the site say.',
  }),
  fixedBin: Text,
  pickMinimum: Maybe('In base units.'),
  pickMaximum: Maybe('In base units.'),
  changedAt: Type.String({ format: 'date-time' }),
});

export interface ProductRow {
  readonly site: string;
  readonly sku: string;
  readonly revision: number;
  readonly name: string;
  readonly base_unit: (typeof UNITS)[number];
  readonly packs: readonly Pack[];
  readonly length_mm: number | null;
  readonly width_mm: number | null;
  readonly height_mm: number | null;
  readonly weight_g: number | null;
  readonly unit_cost: number | null;
  readonly currency: string | null;
  readonly tracking: Tracking;
  readonly expires: boolean;
  readonly hazard: string | null;
  readonly temperature: string | null;
  readonly velocity: string | null;
  readonly rotation: Rotation | null;
  readonly fixed_bin: string | null;
  readonly pick_minimum: number | null;
  readonly pick_maximum: number | null;
  readonly changed_at: number;
  readonly journal_offset: number;
}

export const productJson = (row: ProductRow) => ({
  sku: row.sku,
  site: row.site,
  revision: row.revision,
  name: row.name,
  baseUnit: row.base_unit,
  packs: [...row.packs],
  lengthMm: row.length_mm,
  widthMm: row.width_mm,
  heightMm: row.height_mm,
  weightG: row.weight_g,
  unitCost: row.unit_cost,
  currency: row.currency,
  tracking: row.tracking,
  expires: row.expires,
  hazard: row.hazard,
  temperature: row.temperature,
  velocity: row.velocity,
  rotation: row.rotation,
  fixedBin: row.fixed_bin,
  pickMinimum: row.pick_minimum,
  pickMaximum: row.pick_maximum,
  changedAt: formatTime(row.changed_at),
});
