// Orders of customers as they are said, and what people do to pick, load and ship them. Commands of a site like all others.
import { Type, type Static, type TSchema } from 'typebox';
import { base, Name, Quantity, Sku, Time } from './commandFields.ts';
import { Id } from './id.ts';

/** What an order is in: nothing of it promised; some; all that is not out yet; being picked; picked; all out; nobody waits for it. */
export const ORDER_STATES = ['waiting', 'partial', 'reserved', 'picking', 'picked', 'shipped', 'cancelled'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** A pick list still has something to take, or it has not. */
export const PICK_STATES = ['open', 'done'] as const;
export type PickState = (typeof PICK_STATES)[number];
export const PICK_LINE_STATES = ['open', 'picked', 'short'] as const;
export type PickLineState = (typeof PICK_LINE_STATES)[number];

/**
 * How a release groups what is to be picked: one list for all orders, line by line for each; a list for each order; one list with what all
 * orders want of a bin taken at once, to be sorted afterwards; each order its own tote on a cart; a list for each zone of the building.
 */
export const PICK_METHODS = ['line', 'single', 'batch', 'cluster', 'zone'] as const;
export type PickMethod = (typeof PICK_METHODS)[number];

export const LOAD_STATES = ['open', 'closed'] as const;
export type LoadState = (typeof LOAD_STATES)[number];

export const PRIORITY_MAX = 9;
export const PRIORITY_DEFAULT = 5;

const strict = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

export const OrderLine = strict({
  line: Id,
  sku: Sku,
  quantity: Quantity,
  lot: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Only of this lot; any when left out.' })),
});
export type OrderLine = Static<typeof OrderLine>;

const document = {
  customer: Type.String({ minLength: 1, maxLength: 64 }),
  shipTo: Type.Optional(
    Type.String({ minLength: 1, maxLength: 300, description: 'Where it is sent, for labels; lines by line breaks.' }),
  ),
  priority: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: PRIORITY_MAX,
      description: `The higher, the sooner it is given stock, and the later it loses it; ${PRIORITY_DEFAULT} when left out.`,
    }),
  ),
  shipBy: Time('When it has to leave, RFC 3339: of orders alike in priority the earlier goes first.'),
  partial: Type.Optional(
    Type.Boolean({
      description: 'It may go in parts. Otherwise it is promised everything or nothing; false when left out.',
    }),
  ),
  owner: Name,
  lines: Type.Array(OrderLine, { minItems: 1, maxItems: 500 }),
};

/** Why a site was given an order that named none, and the request that it is part of. */
export const OrderSourcing = strict({
  request: Type.String({ maxLength: 200 }),
  reason: Type.String({ maxLength: 500 }),
});
export type OrderSourcing = Static<typeof OrderSourcing>;

const order = { order: Id };
const pickLine = {
  pick: Id,
  line: Type.Integer({ minimum: 1, maximum: 100_000, description: 'Number of the line on the pick list.' }),
};

const Tote = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'What is on its label or its tag: any text, or a hexadecimal EPC.',
});

const Seal = Type.String({ minLength: 1, maxLength: 40 });
const load = {
  load: Id,
  door: Type.Optional(Type.String({ ...Id, description: 'The portal that it leaves through; any when left out.' })),
  carrier: Type.String({ minLength: 1, maxLength: 64 }),
  seals: Type.Optional(Type.Array(Seal, { maxItems: 20, description: 'Numbers of the seals on its doors.' })),
  orders: Type.Array(Id, { minItems: 1, maxItems: 500 }),
};

export const OutboundCommands = {
  order: Type.Object({
    kind: Type.Literal('order'),
    ...base,
    ...order,
    ...document,
    onlyPromised: Type.Optional(
      Type.Boolean({
        description:
          'It is entered only when all of it is promised at once; otherwise it is refused, and nothing is kept of it.',
      }),
    ),
    sourcing: Type.Optional(OrderSourcing),
  }),
  'quote-order': Type.Object({ kind: Type.Literal('quote-order'), ...base, ...order, ...document }),
  'amend-order': Type.Object({
    kind: Type.Literal('amend-order'),
    ...base,
    ...order,
    ...document,
    revision: Type.Optional(Type.Integer({ minimum: 1, description: 'Refused when it has another revision by now.' })),
  }),
  'cancel-order': Type.Object({ kind: Type.Literal('cancel-order'), ...base, ...order }),
  release: Type.Object({
    kind: Type.Literal('release'),
    ...base,
    pick: Type.Optional(
      Type.String({
        ...Id,
        description:
          'Number of the pick list; ours when left out. Where several are made they are called `<number>-1`, `<number>-2`, ….',
      }),
    ),
    orders: Type.Array(Id, { minItems: 1, maxItems: 100, description: 'Orders that are picked on one way.' }),
    method: Type.Optional(
      Type.Enum([...PICK_METHODS], {
        description:
          'line: one list, each line for its order. single: a list for each order. batch: what all orders want of a bin is taken at once, and sorted afterwards. cluster: each order has its own tote on the cart, which is scanned too. zone: a list for each zone. What `rules.pickMethod` says when left out.',
      }),
    ),
    totes: Type.Optional(
      Type.Array(strict({ order: Id, tote: Tote }), {
        maxItems: 100,
        description:
          'Of a cluster: which tote is for which order. An order without one gets the first that is scanned for it.',
      }),
    ),
    to: Type.Optional(
      Type.String({
        ...Id,
        description: 'Where it is brought: a pack bench, staging-out or dock; the first of these when left out.',
      }),
    ),
  }),
  'confirm-pick': Type.Object({
    kind: Type.Literal('confirm-pick'),
    ...base,
    ...pickLine,
    scan: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'What the picker scanned: a tag (hexadecimal EPC), a barcode, or the label of the bin.',
    }),
    quantity: Type.Optional(
      Type.Number({
        ...Quantity,
        description: 'Of goods without tags; what the barcode says, or all that is left, when left out.',
      }),
    ),
    tote: Type.Optional(
      Type.String({ ...Tote, description: 'Of a cluster: the tote that it was put into, as scanned.' }),
    ),
  }),
  'short-pick': Type.Object({
    kind: Type.Literal('short-pick'),
    ...base,
    ...pickLine,
    quantity: Type.Optional(
      Type.Number({ ...Quantity, description: 'How much is not there; all that is left when left out.' }),
    ),
  }),
  'sort-pick': Type.Object({
    kind: Type.Literal('sort-pick'),
    ...base,
    pick: Id,
    scan: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'A tag (hexadecimal EPC), or a barcode of the goods.',
    }),
    quantity: Type.Optional(
      Type.Number({ ...Quantity, description: 'Of goods without tags; what the barcode says when left out.' }),
    ),
    order: Type.Optional(
      Type.String({ ...Id, description: 'Where it was put: refused when it is not for that order.' }),
    ),
  }),
  'open-load': Type.Object({
    kind: Type.Literal('open-load'),
    ...base,
    ...load,
  }),
  'amend-load': Type.Object({ kind: Type.Literal('amend-load'), ...base, ...load }),
  'close-load': Type.Object({
    kind: Type.Literal('close-load'),
    ...base,
    load: Id,
    seals: Type.Optional(Type.Array(Seal, { maxItems: 20, description: 'Instead of those that were said before.' })),
  }),
} as const;

type Commands = typeof OutboundCommands;
export type OutboundCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
/** An order as it is entered or amended. */
export type OrderDocument = Pick<
  Extract<OutboundCommand, { kind: 'amend-order' }>,
  'order' | 'customer' | 'shipTo' | 'priority' | 'shipBy' | 'partial' | 'owner' | 'lines'
>;
