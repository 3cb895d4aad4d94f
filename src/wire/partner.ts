// Partners as they are said: who supplies, who is supplied, who carries. Commands of a site like all others.
import { Type, type Static } from 'typebox';
import { base } from './commandFields.ts';

export const PARTNER_KINDS = ['supplier', 'customer', 'carrier'] as const;
export type PartnerKind = (typeof PARTNER_KINDS)[number];

/** What a document, an order or a load names. */
export const PartnerId = Type.String({ minLength: 1, maxLength: 64 });

/** Everything that is said of a partner but kind and number. */
export const PartnerFields = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  address: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 300,
      description: 'Lines by line breaks. Of a customer: where orders are sent that do not say it.',
    }),
  ),
  tolerance: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description:
        'Of a supplier: share of a line by which more or less is no difference, of documents that do not say it.',
    }),
  ),
} as const;

const who = { of: Type.Enum([...PARTNER_KINDS]), partner: PartnerId };
const revision = Type.Optional(
  Type.Integer({ minimum: 1, description: 'Refused when it has another revision by now.' }),
);

export const PartnerCommands = {
  partner: Type.Object({ kind: Type.Literal('partner'), ...base, ...who, ...PartnerFields, revision }),
  'drop-partner': Type.Object({ kind: Type.Literal('drop-partner'), ...base, ...who, revision }),
} as const;

type Commands = typeof PartnerCommands;
export type PartnerCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
export type PartnerDocument = Pick<
  Extract<PartnerCommand, { kind: 'partner' }>,
  'of' | 'partner' | 'name' | 'address' | 'tolerance'
>;
