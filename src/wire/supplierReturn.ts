// Returns to suppliers as they are said: what goes back, and what left. Commands of a site like all others.
import { Type, type Static } from 'typebox';
import { base, Epc, Name, Quantity, Sku } from './commandFields.ts';
import { Id } from './id.ts';
import { PartnerId } from './partner.ts';

/** Some of it is here still; all of it left; nobody sends any more of it. */
export const SUPPLIER_RETURN_STATES = ['open', 'sent', 'closed'] as const;
export type SupplierReturnState = (typeof SUPPLIER_RETURN_STATES)[number];

/** What goes back was taken from what is promised first: it is held, or was never free. */
export const SUPPLIER_RETURN_STATUSES = ['damaged', 'quality', 'returned', 'blocked'] as const;

const strict = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

export const SupplierReturnLine = strict({
  line: Id,
  sku: Sku,
  quantity: Type.Optional(Type.Number({ ...Quantity, description: 'As many as there are EPCs when left out.' })),
  lot: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Only of this lot; any when left out.' })),
  status: Type.Optional(
    Type.Enum([...SUPPLIER_RETURN_STATUSES], { description: 'As the books have it; `damaged` when left out.' }),
  ),
  epcs: Type.Optional(Type.Array(Epc, { minItems: 1, maxItems: 5000, description: 'The very items that go back.' })),
});
export type SupplierReturnLine = Static<typeof SupplierReturnLine>;

export const SupplierReturnCommands = {
  'supplier-return': Type.Object({
    kind: Type.Literal('supplier-return'),
    ...base,
    return: Id,
    supplier: PartnerId,
    inbound: Type.Optional(Type.String({ ...Id, description: 'What it came with.' })),
    authorisation: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'The number under which the supplier takes it back.' }),
    ),
    owner: Name,
    lines: Type.Array(SupplierReturnLine, { minItems: 1, maxItems: 500 }),
  }),
  'send-supplier-return': Type.Object({
    kind: Type.Literal('send-supplier-return'),
    ...base,
    return: Id,
    epcs: Type.Optional(Type.Array(Epc, { minItems: 1, maxItems: 5000, description: 'Items that leave.' })),
    line: Type.Optional(Type.String({ ...Id, description: 'Of what has no tags: the line that it is of.' })),
    quantity: Type.Optional(Quantity),
    lot: Name,
    location: Type.Optional(Type.String({ ...Id, description: 'Where it leaves from, of what has no tags.' })),
  }),
  'close-supplier-return': Type.Object({ kind: Type.Literal('close-supplier-return'), ...base, return: Id }),
} as const;

type Commands = typeof SupplierReturnCommands;
export type SupplierReturnCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
