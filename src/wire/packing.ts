// What people do at a pack bench, and what they say of goods that were picked wrong. Commands of a site like all others.
import { Type, type Static } from 'typebox';
import { base, Epc, Name, Quantity, Sku } from './commandFields.ts';
import { Id } from './id.ts';

/** A carton is being packed, is closed, has left, or was given up. */
export const CARTON_STATES = ['open', 'closed', 'shipped', 'cancelled'] as const;
export type CartonState = (typeof CARTON_STATES)[number];

/** Where a wrong pick was noticed: by the scanner in the aisle, at the bench, or by the customer. */
export const PICK_ERROR_KINDS = ['refused', 'caught', 'shipped'] as const;
export type PickErrorKind = (typeof PICK_ERROR_KINDS)[number];

export const Sscc = Type.String({ pattern: '^[0-9]{18}$', description: 'SSCC-18 of the carton.' });

const carton = { carton: Sscc };
const pickLine = {
  pick: Id,
  line: Type.Integer({ minimum: 1, maximum: 100_000, description: 'Number of the line on the pick list.' }),
};

export const PackingCommands = {
  'open-carton': Type.Object({
    kind: Type.Literal('open-carton'),
    ...base,
    order: Type.String({ ...Id, description: 'What is packed is what was picked for it.' }),
    bench: Type.Optional(
      Type.String({ ...Id, description: 'A pack bench or staging-out; the first of these when left out.' }),
    ),
    type: Type.Optional(Type.String({ ...Id, description: 'A type of carton of the site file.' })),
  }),
  'pack-item': Type.Object({
    kind: Type.Literal('pack-item'),
    ...base,
    ...carton,
    scan: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'What the packer scanned: a tag (hexadecimal EPC) or a barcode.',
    }),
    quantity: Type.Optional(
      Type.Number({ ...Quantity, description: 'Of goods without tags; what the barcode says, else 1, when left out.' }),
    ),
  }),
  'unpack-item': Type.Object({
    kind: Type.Literal('unpack-item'),
    ...base,
    ...carton,
    scan: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'What is taken out; everything when left out.' }),
    ),
    quantity: Type.Optional(Type.Number({ ...Quantity, description: 'Of goods without tags; 1 when left out.' })),
  }),
  'close-carton': Type.Object({
    kind: Type.Literal('close-carton'),
    ...base,
    ...carton,
    more: Type.Optional(
      Type.Boolean({ description: 'The rest of the order goes into another carton; false when left out.' }),
    ),
    beside: Type.Optional(
      Type.Array(Epc, {
        maxItems: 200,
        description: 'Tags that the bench hears, and that lie beside the carton and not in it.',
      }),
    ),
    weight: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000_000, description: 'What it weighs, g.' })),
  }),
  'reopen-carton': Type.Object({ kind: Type.Literal('reopen-carton'), ...base, ...carton }),
  'cancel-carton': Type.Object({ kind: Type.Literal('cancel-carton'), ...base, ...carton }),
  'wrong-pick': Type.Object({
    kind: Type.Literal('wrong-pick'),
    ...base,
    ...pickLine,
    ordered: Type.Object({
      order: Id,
      orderLine: Id,
      sku: Sku,
      lot: Type.String({ maxLength: 64 }),
      owner: Type.String({ maxLength: 64 }),
      location: Type.String({ ...Id, description: 'The bin that it was picked from for the books.' }),
    }),
    sku: Type.String({ ...Sku, description: 'What was sent instead.' }),
    lot: Name,
    quantity: Type.Optional(Type.Number({ ...Quantity, description: '1 when left out.' })),
    from: Type.String({ ...Id, description: 'The bin that it was taken from.' }),
    to: Type.Optional(
      Type.String({ ...Id, description: 'Where what came back stands now; it is still away when left out.' }),
    ),
  }),
} as const;

type Commands = typeof PackingCommands;
export type PackingCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
