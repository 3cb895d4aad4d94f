// Why a passage was decided as it was, in words and numbers: what the evidence routes answer, and the page shows.
import { Type, type Static } from 'typebox';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const Time = Type.String({ format: 'date-time' });
const Probability = Type.Number({ minimum: 0, maximum: 1 });

export const WhyJson = Type.Object({
  words: Type.Array(Type.String(), { description: 'The whole of it in sentences; times are the site’s.' }),
  sides: Type.Array(
    Type.Object({
      side: Type.String({ description: 'outside or inside.' }),
      reads: Type.Integer(),
      bestDbm: Nullable(Type.Number(), 'The strongest read; null when none told its RSSI.'),
      meanDbm: Nullable(Type.Number(), 'Mean of those that did.'),
      centroidAt: Nullable(Time, 'When it was read on this side, on the whole: louder reads count more.'),
      firstAt: Nullable(Time, 'First read on this side.'),
      lastAt: Nullable(Time, 'Last read on this side.'),
    }),
  ),
  firstSide: Nullable(Type.String(), 'Where it was heard first.'),
  lastSide: Nullable(Type.String(), 'Where it was heard last.'),
  load: Nullable(
    Type.Object({
      size: Type.Integer({ description: 'Tags that crossed with it.' }),
      share: Type.Number({ description: 'Share of the tags heard that were of the load.' }),
      probability: Type.Number({ description: 'That the load crossed.' }),
      member: Type.Number({ description: 'That this tag was of it.' }),
    }),
    'The load it was weighed with; null for a tag that was judged by itself.',
  ),
  outcomes: Type.Array(Type.Object({ outcome: Type.String(), probability: Probability }), {
    description: 'Every outcome that was weighed, the likeliest first.',
  }),
  second: Nullable(
    Type.Object({
      outcome: Type.String(),
      probability: Probability,
      behindNats: Type.Number({ description: 'ln of how many times less likely it is than the first.' }),
    }),
    'The second-best outcome, and by how much it lost.',
  ),
  own: Nullable(
    Type.Object({ outcome: Type.String(), probability: Probability }),
    'What its own reads alone say, without the load.',
  ),
  postAt: Nullable(Probability, 'The probability from which a crossing moved stock.'),
  marginNats: Nullable(Type.Number(), 'Log-odds of the crossing over those of postAt; negative when it fell short.'),
  changes: Type.Array(
    Type.Object({
      change: Type.String({
        description: 'without-load, beam-broken, beam-whole, more-reads, without-read or without-antenna.',
      }),
      words: Type.String(),
      outcome: Type.String({ description: 'What it would have been: in, out, stayed or undecided.' }),
      leading: Type.String(),
      probability: Type.Number({ minimum: 0, maximum: 1, description: 'Of the leading outcome.' }),
    }),
    { description: 'What would have changed it: the decision made again with that much different.' },
  ),
});
export type WhyJson = Static<typeof WhyJson>;
