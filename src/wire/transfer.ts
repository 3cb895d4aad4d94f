// Transfers between sites: ordered and sent at one, expected and received at the other. What one site has to know of the other comes as a
// command in its journal, appended in the commit that made it true (`transfer-sent`, `transfer-received`): no route takes those.
import { Type, type Static } from 'typebox';
import { base, Epc, Name, Quantity, QUANTITY_MAX, Sku } from './commandFields.ts';
import { Id } from './id.ts';
import { OutboundCommands } from './outbound.ts';

/** Nothing of it has left; something is on its way; all that left has come; the receiver is done with it. */
export const TRANSFER_STATES = ['ordered', 'transit', 'received', 'closed'] as const;
export type TransferState = (typeof TRANSFER_STATES)[number];
export const TRANSFER_DIRECTIONS = ['out', 'in'] as const;
export type TransferDirection = (typeof TRANSFER_DIRECTIONS)[number];

const {
  customer: _customer,
  kind: _kind,
  order: _order,
  onlyPromised: _only,
  sourcing: _sourcing,
  ...ordered
} = OutboundCommands.order.properties;

/** So much of a stock, or one tag; with less than nothing it is taken back. */
const MovedGoods = Type.Object({
  at: Type.String({ maxLength: 40 }),
  sku: Sku,
  lot: Type.String({ maxLength: 64 }),
  owner: Type.String({ maxLength: 64 }),
  epc: Type.Optional(Epc),
  quantity: Type.Number({ minimum: -QUANTITY_MAX, maximum: QUANTITY_MAX }),
});
export type MovedGoods = Static<typeof MovedGoods>;

export const TransferCommands = {
  transfer: Type.Object({
    kind: Type.Literal('transfer'),
    ...ordered,
    transfer: Id,
    to: Type.String({ ...Id, description: 'The site that receives it.' }),
  }),
  'send-transfer': Type.Object({
    kind: Type.Literal('send-transfer'),
    ...base,
    transfer: Id,
    epcs: Type.Optional(Type.Array(Epc, { minItems: 1, maxItems: 5000, description: 'Items that leave.' })),
    sku: Type.Optional(Sku),
    quantity: Type.Optional(Quantity),
    lot: Name,
    location: Type.Optional(Type.String({ ...Id, description: 'Where it leaves from, of what has no tags.' })),
  }),
  'close-transfer': Type.Object({
    kind: Type.Literal('close-transfer'),
    ...base,
    transfer: Id,
    from: Type.Optional(Type.String({ ...Id, description: 'The site that sent it, when several use that number.' })),
  }),
  'transfer-sent': Type.Object({
    kind: Type.Literal('transfer-sent'),
    ...base,
    transfer: Id,
    from: Id,
    goods: Type.Array(MovedGoods),
  }),
  'transfer-received': Type.Object({
    kind: Type.Literal('transfer-received'),
    ...base,
    transfer: Id,
    goods: Type.Array(MovedGoods),
    /** What did not come, when the receiver is done with it. */
    short: Type.Optional(Type.Array(MovedGoods)),
  }),
} as const;

type Commands = typeof TransferCommands;
export type TransferCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
export type TransferCommandOf<K extends TransferCommand['kind']> = Extract<TransferCommand, { kind: K }>;
/** What one site tells another. */
export type TransferNotice = TransferCommandOf<'transfer-sent'> | TransferCommandOf<'transfer-received'>;
