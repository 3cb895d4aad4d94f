// Cartons that a carrier takes: booked, the booking taken back, handed over. Commands of a site like all others.
import { Type, type Static } from 'typebox';
import { base, Time } from './commandFields.ts';
import { Id } from './id.ts';
import { Sscc } from './packing.ts';

const Short = (description: string) => Type.String({ minLength: 1, maxLength: 100, description });

export const ParcelCommands = {
  'book-parcel': Type.Object({
    kind: Type.Literal('book-parcel'),
    ...base,
    carton: Sscc,
    carrier: Type.String({ ...Id, description: 'One of tallygate.yaml.' }),
    service: Type.Optional(Short('As the carrier calls it; see its rates.')),
    tracking: Short('Its number with the carrier.'),
    leavesBy: Time('Until when the carrier takes what leaves with that service next.'),
  }),
  'void-parcel': Type.Object({ kind: Type.Literal('void-parcel'), ...base, carton: Sscc }),
  'hand-over': Type.Object({
    kind: Type.Literal('hand-over'),
    ...base,
    carrier: Id,
    cartons: Type.Optional(
      Type.Array(Sscc, { minItems: 1, maxItems: 1000, description: 'All that are booked with it when left out.' }),
    ),
  }),
} as const;

type Commands = typeof ParcelCommands;
export type ParcelCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
