// What `tallygate calibrate` learned of a portal from recorded traffic, as the site file holds it. The portal begins with it instead of
// with what is believed of any door, and goes on learning from there. Numbers a person can read, and may write.
import { Type, type Static } from 'typebox';
import { Strict } from './schema.ts';

const Chance = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });

export const Calibration = Strict(
  {
    loads: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: 'Loads it was learned from. The more, the more what is new must say before it changes anything.',
    }),
    fadingSdDb: Type.Number({
      minimum: 1,
      maximum: 15,
      description: 'How much the RSSI of a moving tag varies from read to read: 3 in quiet air, 6 in rough.',
    }),
    readsPerSecond: Type.Number({
      exclusiveMinimum: 0,
      maximum: 100,
      description: 'How often one antenna reads a tag that it hears well.',
    }),
    heardForSeconds: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1_000_000,
      description: 'Seconds of such hearing that readsPerSecond was counted over.',
    }),
    tagsByLoudnessDbm: Type.Record(Type.String({ pattern: '^-(?:[1-9]|[1-9][0-9])$' }), Type.Number({ minimum: 0 }), {
      additionalProperties: false,
      minProperties: 1,
      description: 'Tags that crossed, by how loud they are at 1 m in front of an antenna.',
    }),
    heardMeanDbm: Type.Number({ minimum: -127.5, maximum: -0.5, description: 'Mean RSSI of all its reads.' }),
    heardSdDb: Type.Number({ minimum: 0.5, maximum: 30, description: 'Standard deviation of it.' }),
    loadChance: Chance('When it looks as if a load crossed: how often one did.'),
    aloneChance: Chance('When it looks as if a single tag crossed: how often it did.'),
  },
  {
    description:
      'What `tallygate calibrate` learned of this portal. Left out, it begins with what is believed of any door.',
  },
);
export type Calibration = Static<typeof Calibration>;
