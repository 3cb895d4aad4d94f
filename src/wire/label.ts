// A label: what a person said of a passage, beside what the reads had said. What /v1/labels answers, and a line of the truth that
// `calibrate` takes.
import { Type, type Static } from 'typebox';

const Time = (text: string) => Type.String({ format: 'date-time', description: text });

export const LabelJson = Type.Object({
  passage: Type.String({ format: 'uuid' }),
  site: Type.String(),
  readPoint: Type.String(),
  epc: Type.String(),
  outcome: Type.String({ description: 'What the person said: in, out, turned_back, stayed or stray.' }),
  said: Type.Object(
    {
      outcome: Type.String({ description: 'undecided, or what was decided.' }),
      leading: Type.String({ description: 'The likeliest outcome.' }),
      probability: Type.Number({ minimum: 0, maximum: 1, description: 'Of the leading outcome.' }),
    },
    { description: 'What the reads had said.' },
  ),
  by: Type.String({ description: 'Who.' }),
  at: Time('When the person said so.'),
  reason: Type.Union([Type.String(), Type.Null()]),
  firstAt: Time('First read.'),
  lastAt: Time('Last read.'),
  crossedAt: Type.Union([Time('When it crossed, or would have.'), Type.Null()]),
});
export type LabelJson = Static<typeof LabelJson>;
