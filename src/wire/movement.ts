// A movement and a passage as the outside sees them (section 4.4): the API's answers and the lines of `replay`.
import { Type, type Static } from 'typebox';

const Nullable = (text: string) => Type.Union([Type.String(), Type.Null()], { description: text });
const Time = (text: string) => Type.String({ format: 'date-time', description: text });

export const MovementJson = Type.Object({
  id: Type.String({ format: 'uuid' }),
  site: Type.String(),
  epc: Nullable('Upper-case hex; null for stock without serial numbers.'),
  sku: Nullable('By rule, else GTIN-14, else null.'),
  type: Type.String({ description: 'receive, putaway, move, pick, pack, ship, transfer, return, count or adjust.' }),
  from: Type.String({ description: 'Location, or world.' }),
  to: Type.String({ description: 'Location, or world.' }),
  quantity: Type.Union([Type.Number(), Type.Null()]),
  lot: Nullable('Lot or batch.'),
  container: Nullable('EPC of the container it is in.'),
  happenedAt: Time('The moment of crossing, or when it was first found there.'),
  recordedAt: Time('When the ledger knew.'),
  confidence: Type.Number({ minimum: 0, maximum: 1 }),
  source: Type.String({ description: 'read, scan, inferred, person or import.' }),
  readPoint: Nullable('Where it was seen.'),
  supersedes: Nullable('The movement that this one undoes.'),
});
export type MovementJson = Static<typeof MovementJson>;

export const PassageJson = Type.Object({
  id: Type.String({ format: 'uuid' }),
  site: Type.String(),
  readPoint: Type.String(),
  epc: Type.String(),
  sku: Nullable('By rule, else GTIN-14, else null.'),
  outcome: Type.String({ description: 'in, out, turned_back, stayed, stray or undecided.' }),
  leading: Type.String({ description: 'The likeliest outcome.' }),
  probability: Type.Number({ description: 'Of the leading outcome.' }),
  firstAt: Time('First read.'),
  lastAt: Time('Last read.'),
  crossedAt: Type.Union([Time('When it crossed.'), Type.Null()]),
  group: Type.Union([Type.Object({ id: Type.String(), size: Type.Integer() }), Type.Null()], {
    description: 'What crossed together.',
  }),
  decidedBy: Nullable('The person who decided, if one did.'),
});
export type PassageJson = Static<typeof PassageJson>;
