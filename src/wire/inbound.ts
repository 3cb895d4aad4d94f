// Inbound documents as they are said: what is to come, and what people do at the dock. Commands of a site like all others.
import { Type, type Static, type TSchema } from 'typebox';
import { base, Epc, Name, Quantity, Sku, Time } from './commandFields.ts';
import { Id } from './id.ts';

/** A purchase order is what was asked for; a ship notice says what is on its way, and may name the orders that it serves. */
export const DOCUMENTS = ['order', 'notice'] as const;
export type DocumentKind = (typeof DOCUMENTS)[number];

/** What an inbound is in: nothing came yet; a receipt is open; a rest is to come; all came; nobody waits for it any more. */
export const INBOUND_STATES = ['expected', 'receiving', 'partial', 'received', 'cancelled'] as const;
export type InboundState = (typeof INBOUND_STATES)[number];

/** Items that the lists of one document may name. */
export const EPCS_MAX = 20_000;

const Day = Type.Optional(Type.String({ format: 'date', description: 'A day of the calendar: 2027-06-30.' }));
const strict = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

export const InboundLine = strict({
  line: Id,
  sku: Type.Optional(Type.String({ ...Sku, description: 'Left out: of the first EPC.' })),
  quantity: Type.Optional(
    Type.Number({
      ...Quantity,
      description: 'Left out: as many as there are EPCs, else SSCCs. Four decimals at most.',
    }),
  ),
  lot: Name,
  expiry: Day,
  epcs: Type.Optional(Type.Array(Epc, { maxItems: EPCS_MAX, description: 'The very items that are to come.' })),
  sscc: Type.Optional(
    Type.Array(Type.String({ pattern: '^\\d{18}$' }), { maxItems: 1000, description: 'Logistic units that it is on.' }),
  ),
  order: Type.Optional(
    Type.Object(
      { inbound: Id, line: Type.Optional(Id) },
      {
        additionalProperties: false,
        description: 'The purchase order that it serves; its line, or the first of the SKU.',
      },
    ),
  ),
});
export type InboundLine = Static<typeof InboundLine>;

const document = {
  document: Type.Enum([...DOCUMENTS]),
  supplier: Type.String({ minLength: 1, maxLength: 64 }),
  expectedFrom: Time('When it may come, RFC 3339.'),
  expectedTo: Time('Until when.'),
  door: Type.Optional(Type.String({ ...Id, description: 'The portal that it will come through, if it is known.' })),
  tolerance: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'Share of a line by which more or less is no difference; 0 when left out.',
    }),
  ),
  lines: Type.Array(InboundLine, { minItems: 1, maxItems: 1000 }),
};

const inbound = { inbound: Id };

export const InboundCommands = {
  announce: Type.Object({ kind: Type.Literal('announce'), ...base, ...inbound, ...document }),
  amend: Type.Object({
    kind: Type.Literal('amend'),
    ...base,
    ...inbound,
    ...document,
    revision: Type.Optional(Type.Integer({ minimum: 1, description: 'Refused when it has another revision by now.' })),
  }),
  'cancel-inbound': Type.Object({ kind: Type.Literal('cancel-inbound'), ...base, ...inbound }),
  'open-receipt': Type.Object({
    kind: Type.Literal('open-receipt'),
    ...base,
    ...inbound,
    door: Type.Optional(Type.String({ ...Id, description: 'The portal at which the truck stands.' })),
  }),
  'close-receipt': Type.Object({ kind: Type.Literal('close-receipt'), ...base, ...inbound }),
  receive: Type.Object({
    kind: Type.Literal('receive'),
    ...base,
    ...inbound,
    location: Id,
    epcs: Type.Optional(Type.Array(Epc, { minItems: 1, maxItems: 5000, description: 'What a handheld read.' })),
    scan: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description:
          'A barcode or tag, instead of sku or epcs: it says the SKU, lot and expiry, and counts the base units of its pack; what is said beside it holds.',
      }),
    ),
    sku: Type.Optional(Sku),
    quantity: Type.Optional(Quantity),
    lot: Name,
    expiry: Day,
    owner: Name,
    status: Type.Optional(
      Type.Enum(['receiving', 'available', 'quality', 'damaged', 'blocked'], {
        description: 'receiving when left out; another needs a reason.',
      }),
    ),
  }),
  expect: Type.Object({
    kind: Type.Literal('expect'),
    ...base,
    list: Id,
    direction: Type.Enum(['in', 'out']),
    door: Type.Optional(Type.String({ ...Id, description: 'Only through this portal.' })),
    epcs: Type.Array(Epc, { maxItems: EPCS_MAX, description: 'Nothing: the list is withdrawn.' }),
  }),
} as const;

type Commands = typeof InboundCommands;
export type InboundCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
export type InboundCommandKind = InboundCommand['kind'];
/** A document as it is announced or amended. */
export type InboundDocument = Pick<
  Extract<InboundCommand, { kind: 'amend' }>,
  'inbound' | 'document' | 'supplier' | 'expectedFrom' | 'expectedTo' | 'door' | 'tolerance' | 'lines'
>;
