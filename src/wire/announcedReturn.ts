// What customers send back, as it is said before it comes, and as it comes. Commands of a site like all others.
import { Type, type Static } from 'typebox';
import { base, Epc, Name, Quantity, Sku, Time } from './commandFields.ts';
import { Id } from './id.ts';
import { PartnerId } from './partner.ts';

/** Some of it is to come; all of it is here; nobody waits for any more of it. */
export const ANNOUNCED_RETURN_STATES = ['open', 'received', 'closed'] as const;
export type AnnouncedReturnState = (typeof ANNOUNCED_RETURN_STATES)[number];

/** Why the customer sends it back, as the customer says. */
export const RETURN_REASONS = ['unwanted', 'damaged', 'defective', 'wrong-item', 'late', 'other'] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

const strict = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** A line as a person or a system says it. */
export const SaidReturnLine = {
  line: Id,
  sku: Sku,
  quantity: Type.Optional(Type.Number({ ...Quantity, description: 'As many as there are EPCs when left out.' })),
  lot: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Only of this lot; any when left out.' })),
  because: Type.Optional(
    Type.Enum([...RETURN_REASONS], { description: 'Why it comes back, as the customer says; `other` when left out.' }),
  ),
  epcs: Type.Optional(
    Type.Array(Epc, {
      minItems: 1,
      maxItems: 5000,
      description: 'The very items; when left out, any that the order was shipped with.',
    }),
  ),
};

export const AnnouncedReturnLine = strict({
  ...SaidReturnLine,
  shipped: Type.Optional(
    Type.Number({ ...Quantity, description: 'So much of the SKU had left with the order when it was announced.' }),
  ),
});
export type AnnouncedReturnLine = Static<typeof AnnouncedReturnLine>;

export const AnnouncedReturnCommands = {
  'announce-return': Type.Object({
    kind: Type.Literal('announce-return'),
    ...base,
    return: Id,
    order: Type.Optional(Type.String({ ...Id, description: 'The order that it was shipped with.' })),
    customer: PartnerId,
    owner: Name,
    expectedBy: Time('When all of it should be here, RFC 3339.'),
    lines: Type.Array(AnnouncedReturnLine, { minItems: 1, maxItems: 500 }),
  }),
  'receive-return': Type.Object({
    kind: Type.Literal('receive-return'),
    ...base,
    return: Id,
    location: Type.String({ ...Id, description: 'Where it lies now.' }),
    epcs: Type.Optional(Type.Array(Epc, { minItems: 1, maxItems: 5000, description: 'Items that have come.' })),
    line: Type.Optional(Type.String({ ...Id, description: 'Of what has no tags: the line that it is of.' })),
    quantity: Type.Optional(Quantity),
    lot: Name,
  }),
  'close-return': Type.Object({ kind: Type.Literal('close-return'), ...base, return: Id }),
} as const;

type Commands = typeof AnnouncedReturnCommands;
export type AnnouncedReturnCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
