// What people say after they have looked whether something is there.
import { Type, type Static } from 'typebox';
import { base, Epc } from './commandFields.ts';
import { Id } from './id.ts';

const CheckItem = Type.Object({
  kind: Type.Literal('check-item'),
  ...base,
  epc: Type.String({ ...Epc, description: 'The item that was looked for.' }),
  found: Type.Boolean({ description: 'true: it is there; false: it is missing, and leaves the books.' }),
  location: Type.Optional({ ...Id, description: 'Where it was found, when that is not where the books have it.' }),
});
const Sweep = Type.Object({
  kind: Type.Literal('sweep'),
  ...base,
  location: { ...Id, description: 'What was swept with a handheld reader, with everything that lies in it.' },
  epcs: Type.Array(Epc, { maxItems: 5000, description: 'Everything that the sweep read.' }),
});

export const CheckCommands = { 'check-item': CheckItem, sweep: Sweep } as const;
export type CheckCommand = Static<typeof CheckItem> | Static<typeof Sweep>;
