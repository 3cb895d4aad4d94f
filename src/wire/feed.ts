// What a 3PL or a marketplace says of the stock that it holds for us: all of it as of a moment, and what came and went.
import { Type, type Static } from 'typebox';
import { base, QUANTITY_MAX, Sku } from './commandFields.ts';
import { Id } from './id.ts';

export const FEED_LINES_MAX = 5000;
export const FEED_TYPES = ['arrived', 'shipped', 'adjusted'] as const;
export type FeedType = (typeof FEED_TYPES)[number];

const Moment = (description: string) => Type.String({ minLength: 20, maxLength: 40, description });
const Whose = {
  sku: Type.Optional(Sku),
  fnsku: Type.Optional(
    Type.String({
      ...Sku,
      description: 'What they call it: `fnsku` of a rule in `skus` of the site file says which SKU it is.',
    }),
  ),
};

export const SnapshotLine = Type.Object(
  {
    ...Whose,
    quantity: Type.Number({ minimum: 0, maximum: QUANTITY_MAX, description: 'On hand; four decimals at most.' }),
  },
  { additionalProperties: false },
);
export type SnapshotLine = Static<typeof SnapshotLine>;

export const FeedEntry = Type.Object(
  {
    ref: Type.String({ ...Id, description: 'Their number of it: the same number again is the same.' }),
    at: Moment('When it was, RFC 3339.'),
    type: Type.Enum([...FEED_TYPES]),
    ...Whose,
    quantity: Type.Number({
      minimum: -QUANTITY_MAX,
      maximum: QUANTITY_MAX,
      description: 'Only `adjusted` may be less than nothing.',
    }),
  },
  { additionalProperties: false },
);
export type FeedEntry = Static<typeof FeedEntry>;

const location = Type.Optional(
  Type.String({
    ...Id,
    description: 'Where it lies for the books: the first storage location of the site when left out.',
  }),
);

export const FeedCommands = {
  snapshot: Type.Object({
    kind: Type.Literal('snapshot'),
    ...base,
    asOf: Moment('The moment that it tells of, RFC 3339.'),
    lines: Type.Array(SnapshotLine, { maxItems: FEED_LINES_MAX }),
    partial: Type.Optional(
      Type.Boolean({ description: 'What is not named is as it was; otherwise there is none of it.' }),
    ),
    location,
  }),
  feed: Type.Object({
    kind: Type.Literal('feed'),
    ...base,
    entries: Type.Array(FeedEntry, { minItems: 1, maxItems: FEED_LINES_MAX }),
    location,
  }),
} as const;

type Commands = typeof FeedCommands;
export type FeedCommand = { [K in keyof Commands]: Static<Commands[K]> }[keyof Commands];
export type FeedCommandOf<K extends FeedCommand['kind']> = Extract<FeedCommand, { kind: K }>;
