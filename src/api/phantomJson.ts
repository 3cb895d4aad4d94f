// Doubts as the API tells them: of items with a tag, as the machines have them, and of stock without tags, weighed when it is asked for; and
// the places to look at next, made of both.
import { Type } from 'typebox';
import { isWithin, type SitePlan } from '../config/plan.ts';
import { DOUBT_ENDS } from '../infer/doubt/doubt.ts';
import { doubtFigures, type DoubtFiguresRow } from '../watch/doubtRow.ts';
import { stockDoubtAdvice, whyStockDoubted } from '../watch/untagged/belief.ts';
import type { StockDoubt } from '../watch/untagged/doubts.ts';
import { doubtAdvice, whyDoubted } from '../wire/doubt.ts';
import { formatTime } from '../wire/time.ts';
import { timeText } from './lists.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const Probability = Type.Number({ minimum: 0, maximum: 1, description: 'How likely it is that it is not there.' });

const StockFigures = Type.Object({
  before: Type.Number({ description: 'How likely it was by counts and time alone.' }),
  odds: Type.Record(Type.String(), Type.Number(), {
    description: 'By how much each of these raised or lowered the odds.',
  }),
  negativeHere: Type.Integer({
    description: 'Times since the last count that more was taken than the books had there.',
  }),
  negativeElsewhere: Type.Integer({ description: 'And times that the SKU was taken where the books had none.' }),
  takenSince: Type.Integer({ description: 'Times that some was taken from there after the last of this.' }),
  counts: Type.Integer({ description: 'Records of the SKU that were counted within a year.' }),
  countedShort: Type.Integer({ description: 'Of these with less than the books had.' }),
  daysWithoutSale: Type.Union([Type.Number(), Type.Null()]),
  sellsOn: Type.Union([Type.Number(), Type.Null()], { description: 'Share of days before on which some was sold.' }),
});

export const PhantomJson = Type.Object({
  id: Type.String(),
  site: Type.String(),
  state: Type.Enum(['open', 'closed']),
  epc: Type.Union([Type.String(), Type.Null()], { description: 'The tag; null of stock without tags.' }),
  sku: Text,
  quantity: Type.Number({ description: 'Units that the books have there: 1 of a tag.' }),
  location: Type.String({ description: 'Where the books have it.' }),
  zone: Type.Union([Type.String(), Type.Null()], { description: 'The zone that should hear it there; of a tag.' }),
  probability: Probability,
  why: Type.String({ description: 'What was concluded from, in words.' }),
  advice: Type.String(),
  heardAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description:
      'When it was heard, seen or put there last; of stock without tags, when it was counted or corrected last, or came.',
  }),
  silentHours: Type.Integer({ description: 'Hours since in which its zone heard others, and not it.' }),
  answers: Type.Number({ description: 'Share of such hours in which it answers when it is there.' }),
  sweeps: Type.Integer({ description: 'Sweeps since that did not find it.' }),
  shortPicks: Type.Integer({ description: 'Times since that a picker found less in its bin than the books have.' }),
  stock: Type.Union([StockFigures, Type.Null()], {
    description: 'What speaks against stock without tags; null of a tag.',
  }),
  openedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'Stock without tags is weighed whenever it is asked for: null.',
  }),
  closedAt: Text,
  end: Type.Union([Type.Enum([...DOUBT_ENDS]), Type.Null()], { description: 'How it ended.' }),
});

export const CheckJson = Type.Object({
  site: Type.String(),
  location: Type.String(),
  items: Type.Integer({ description: 'Doubted items there.' }),
  expectedMissing: Type.Number({
    description: 'How many of them are missing, as far as is known: the sum of the probabilities.',
  }),
  likeliest: Probability,
  shortPicks: Type.Integer({
    description: 'Open reports of pickers that something is not there, also of stock without tags.',
  }),
  records: Type.Integer({ description: 'Doubted records of stock without tags: a SKU in a bin each.' }),
  recordsWrong: Type.Number({ description: 'How many of them have less than the books, as far as is known.' }),
  suggestion: Type.String(),
  count: Type.Object(
    { site: Type.String(), by: Type.Literal('location'), locations: Type.Array(Type.String()) },
    { description: 'A plan to count it, for `POST /v1/counts`.' },
  ),
  waits: Type.Union([Type.Object({ count: Type.String(), task: Type.Integer() }), Type.Null()], {
    description:
      'The plan, and the task of it, by which the place waits to be counted already: another plan would be refused.',
  }),
});

export interface DoubtRow extends DoubtFiguresRow {
  readonly site: string;
  readonly id: string;
  readonly opened_at: number;
  readonly closed_at: number | null;
  readonly ended: (typeof DOUBT_ENDS)[number] | null;
}

export const phantomJson = (row: DoubtRow) => {
  const figures = doubtFigures(row);
  return {
    ...figures,
    quantity: 1,
    stock: null,
    id: row.id,
    site: row.site,
    state: row.closed_at === null ? ('open' as const) : ('closed' as const),
    why: whyDoubted(figures),
    advice: doubtAdvice(figures),
    heardAt: formatTime(row.heard_at),
    openedAt: formatTime(row.opened_at),
    closedAt: timeText(row.closed_at),
    end: row.ended,
  };
};

/** Stock without tags, as it is weighed at `at` (ms). */
export const stockJson = ({ id, site, probability, before, odds, evidence }: StockDoubt, at: number) => ({
  id,
  site,
  state: 'open' as const,
  epc: null,
  sku: evidence.sku,
  quantity: evidence.quantity,
  location: evidence.location,
  zone: null,
  probability,
  why: whyStockDoubted(evidence, at),
  advice: stockDoubtAdvice(evidence),
  heardAt: timeText(evidence.since ?? null),
  silentHours: 0,
  answers: 0,
  sweeps: 0,
  shortPicks: evidence.shortPicks,
  stock: {
    before: Math.round(before * 10_000) / 10_000,
    odds: Object.fromEntries(Object.entries(odds).map(([name, by]) => [name, Math.round(by * 100) / 100])),
    negativeHere: evidence.negativeHere,
    negativeElsewhere: evidence.negativeElsewhere,
    takenSince: evidence.takenSince,
    counts: evidence.counts,
    countedShort: evidence.countedShort,
    daysWithoutSale: evidence.gap?.days ?? null,
    sellsOn: evidence.gap?.sellsOn ?? null,
  },
  openedAt: null,
  closedAt: null,
  end: null,
});

/** The place of a doubt in the list: the likeliest first. */
export const keyOfDoubt = ({ probability, id }: { readonly probability: number; readonly id: string }) =>
  [Math.round(probability * 100), id] as const;
type DoubtKey = ReturnType<typeof keyOfDoubt>;

export const comesAfter = ([probability, id]: DoubtKey, [other, otherId]: readonly [number, string]): boolean =>
  probability === other ? id < otherId : probability < other;

/** Is it in that location of its site, or in one within? */
export function isThere(plans: readonly SitePlan[], { site, evidence }: StockDoubt, location: string): boolean {
  const plan = plans.find((one) => one.site === site);
  return evidence.location === location || (plan !== undefined && isWithin(plan, evidence.location, location));
}

/** A place with doubted items that have tags, or with open reports of pickers. */
export interface DoubtedPlace {
  readonly site: string;
  readonly location: string;
  readonly items: number;
  readonly missing: number;
  readonly likeliest: number;
  readonly short_picks: number;
}

/** A place that waits to be counted. */
export interface WaitingPlace {
  readonly site: string;
  readonly location: string;
  readonly count: string;
  readonly task: number;
}

/** The places of both kinds of doubts, where most is expected to be missing first. */
export function checksOf(places: readonly DoubtedPlace[], stock: readonly StockDoubt[]) {
  const byPlace = new Map(
    places.map((place) => [`${place.site} ${place.location}`, { ...place, records: 0, wrong: 0 }]),
  );
  for (const { site, evidence, probability } of stock) {
    const key = `${site} ${evidence.location}`;
    const none = {
      site,
      location: evidence.location,
      items: 0,
      missing: 0,
      likeliest: 0,
      short_picks: 0,
      records: 0,
      wrong: 0,
    };
    const place = byPlace.get(key) ?? none;
    byPlace.set(key, {
      ...place,
      records: place.records + 1,
      wrong: place.wrong + probability,
      likeliest: Math.max(place.likeliest, probability),
    });
  }
  // A report of which no record is doubted (what is there has tags) stands for one.
  const weight = ({
    missing,
    wrong,
    records,
    short_picks: reports,
  }: {
    missing: number;
    wrong: number;
    records: number;
    short_picks: number;
  }) => missing + wrong + Math.max(0, reports - records);
  return [...byPlace.values()]
    .toSorted((a, b) => weight(b) - weight(a) || (`${a.site} ${a.location}` < `${b.site} ${b.location}` ? -1 : 1))
    .map(({ site, location, items, missing, likeliest, short_picks: shortPicks, records, wrong }) => ({
      site,
      location,
      items,
      expectedMissing: round(missing),
      likeliest,
      shortPicks,
      records,
      recordsWrong: round(wrong),
      suggestion: suggestionOf(location, items, records),
      count: { site, by: 'location' as const, locations: [location] },
    }));
}

const round = (value: number): number => Math.round(value * 100) / 100;

function suggestionOf(location: string, items: number, records: number): string {
  const count = `Count ${location}: ${records === 1 ? 'a record of stock without tags is' : `${records} records of stock without tags are`} in doubt.`;
  if (items > 0) {
    const sweep = `Sweep ${location} with a handheld reader, and say what it read: that settles ${items === 1 ? 'one doubt' : `${items} doubts`}.`;
    return records > 0 ? `${sweep} ${count}` : sweep;
  }
  return records > 0 ? count : `Count ${location}: a picker did not find what the books have there.`;
}
