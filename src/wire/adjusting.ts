// Corrections of the books as people say them, with the code of their reason.
import { Type, type Static } from 'typebox';
import { base, Epc, Name, Quantity, QUANTITY_MAX, Sku } from './commandFields.ts';
import { Id } from './id.ts';

export const STATUSES = ['receiving', 'available', 'quality', 'damaged', 'returned', 'blocked'] as const;
export type Status = (typeof STATUSES)[number];

export const StatusName = Type.Enum([...STATUSES]);

export const ADJUSTMENT_KINDS = ['adjust', 'hold', 'remove', 'scrap'] as const;
export type AdjustmentKind = (typeof ADJUSTMENT_KINDS)[number];
/** Carried out; over the limit, so somebody else has to approve it; rejected by somebody. */
export const ADJUSTMENT_STATES = ['posted', 'waiting', 'rejected'] as const;
export type AdjustmentState = (typeof ADJUSTMENT_STATES)[number];

export const ADJUSTMENT_CODES = [
  'correction',
  'found',
  'lost',
  'damaged',
  'expired',
  'theft',
  'quality',
  'sample',
  'return',
  'other',
] as const;
export const ADJUSTMENT_OTHER = 'other';

const code = Type.Optional(
  Type.String({
    ...Id,
    description:
      'Code of the reason, one of `rules.adjustment.codes` of the site; when left out `other`, or of what is held its status where that is a code; `blocked` needs one.',
  }),
);
const stock = {
  sku: Type.Optional(Sku),
  quantity: Type.Optional(Quantity),
  lot: Name,
  owner: Name,
  location: Type.Optional(Id),
};

export const AdjustmentCommands = {
  adjust: Type.Object({
    kind: Type.Literal('adjust'),
    ...base,
    code,
    sku: Sku,
    lot: Name,
    owner: Name,
    quantity: Type.Number({
      minimum: -QUANTITY_MAX,
      maximum: QUANTITY_MAX,
      description: 'Found: positive; missing: negative. Four decimals at most.',
    }),
    location: Id,
    status: Type.Optional(StatusName),
  }),
  remove: Type.Object({
    kind: Type.Literal('remove'),
    ...base,
    code,
    epc: Type.String({ ...Epc, description: 'An item that is no longer there: lost, scrapped, destroyed.' }),
  }),
  hold: Type.Object({
    kind: Type.Literal('hold'),
    ...base,
    code,
    status: StatusName,
    epc: Type.Optional(Epc),
    ...stock,
    fromStatus: Type.Optional(StatusName),
  }),
  scrap: Type.Object({
    kind: Type.Literal('scrap'),
    ...base,
    code,
    epc: Type.Optional(Epc),
    ...stock,
    status: Type.Optional(StatusName),
    to: Type.Optional(
      Type.String({
        ...Id,
        description: 'Where it is brought: a location of kind scrap; the first one when left out.',
      }),
    ),
  }),
  'approve-adjustment': Type.Object({
    kind: Type.Literal('approve-adjustment'),
    ...base,
    adjustment: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
    isApproved: Type.Optional(Type.Boolean({ description: 'False rejects it; true when left out.' })),
  }),
} as const;

type Commands = typeof AdjustmentCommands;
export type AnyAdjustmentCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
export type AdjustmentCommand = Extract<AnyAdjustmentCommand, { kind: AdjustmentKind }> & { readonly epc?: string };
