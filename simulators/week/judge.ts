// The week against its truth: are the books what was read and scanned, was each mistake found by what must name it, and was anything told that
// has no cause.
import type { LevelName } from '../radio/levels.ts';
import { fillOf } from './facts.ts';
import type { Expected, Excuse } from './mistakes.ts';
import type { Telling } from './books.ts';
import { runWeek, type WeekOptions } from './run.ts';
import { WAREHOUSES, THIRD_PARTY } from './sites.ts';
import { isOffSite } from '../../src/config/site.ts';
import type { Unseen } from './truth.ts';
import type { Refusal, Week } from './week.ts';

/** The books of a site have so much in an account, and so much was read and scanned to be there. */
export interface StockDifference {
  readonly site: string;
  readonly key: string;
  readonly books: number;
  readonly truth: number;
}

export interface FoundMistake {
  readonly mistake: string;
  readonly site: string;
  readonly kinds: readonly string[];
  readonly epcs: readonly string[];
  readonly sku: string | undefined;
  /** When it was made, ms. */
  readonly at: number;
  /** False when no reader read and nobody scanned it, so that nobody could tell. */
  readonly isSeen: boolean;
  /** How long until it was told, ms; undefined when it was not in time. */
  readonly afterMs: number | undefined;
}

export interface WeekScore {
  readonly level: LevelName;
  readonly seed: number;
  readonly days: number;
  /** Accounts that were compared: location, SKU, lot and status of each site. */
  readonly accounts: number;
  readonly units: number;
  readonly differences: readonly StockDifference[];
  /** The same every evening, before the bins of the day were counted. */
  readonly evenings: readonly StockDifference[];
  /** What nobody read or scanned, and so the books cannot know. */
  readonly unseen: readonly Unseen[];
  readonly mistakes: readonly FoundMistake[];
  readonly unmade: readonly string[];
  /** What was told without a cause. */
  readonly causeless: readonly Telling[];
  readonly told: number;
  readonly refusals: readonly Refusal[];
  /** What doors left to a person. */
  readonly undecided: number;
  readonly crossings: number;
  readonly fill: readonly { readonly site: string; readonly asked: number; readonly filled: number }[];
}

export function scoreWeek(options: WeekOptions): WeekScore {
  const evenings: StockDifference[] = [];
  const onEvening = (now: Week, site: string): void => void evenings.push(...compareStock(now, site).differences);
  const week = runWeek({ ...options, onEvening });
  const sites = [...WAREHOUSES, THIRD_PARTY];
  const compared = sites.map((site) => compareStock(week, site));
  const tellings = sites.flatMap((site) => week.plant.site(site).books.tellings.map((telling) => ({ site, telling })));
  return {
    level: options.level,
    seed: options.seed,
    days: options.days,
    accounts: compared.reduce((sum, { accounts }) => sum + accounts, 0),
    units: week.truth.units.size,
    differences: compared.flatMap(({ differences }) => differences),
    evenings,
    unseen: sites.flatMap((site) =>
      week.truth.unseen(site, (epc) => week.plant.site(site).books.items.get(epc)?.location),
    ),
    mistakes: week.mistakes.expected.map((one) => found(one, tellings)),
    unmade: week.mistakes.unmade(),
    causeless: tellings
      .filter((told) => !hasCause(told, week.mistakes.expected, week.mistakes.excuses))
      .map(({ telling }) => telling),
    told: tellings.length,
    refusals: week.refusals,
    undecided: week.undecided.size,
    crossings: week.journeys,
    fill: WAREHOUSES.map((site) => ({ site, ...fillOf(week.facts, site, week.until) })),
  };
}

/** Every account on the site, in the books and by what was read and scanned. */
function compareStock({ plant, truth }: Pick<Week, 'plant' | 'truth'>, site: string) {
  const { balances, items } = plant.site(site).books;
  const known = truth.known(site, (epc) => items.get(epc)?.location);
  const books = new Map([...balances].filter(([key]) => !isOffSite(key.slice(0, key.indexOf('|')))));
  const keys = [...new Set([...known.keys(), ...books.keys()])].sort();
  const differences = keys
    .map((key): StockDifference => ({ site, key, books: books.get(key) ?? 0, truth: known.get(key) ?? 0 }))
    .filter((one) => one.books !== one.truth);
  return { accounts: keys.length, differences };
}

type ToldAt = { readonly site: string; readonly telling: Telling };

function found(expected: Expected, tellings: readonly ToldAt[]): FoundMistake {
  const { mistake, site, kinds, from, epcs = [], sku } = expected;
  const first = tellings.find((told) => names(expected, told));
  const afterMs = first === undefined ? undefined : first.telling.toldAt - from;
  return { mistake, site, kinds, epcs, sku, at: from, isSeen: expected.isSeen?.() ?? true, afterMs };
}

const names = (expected: Expected, { site, telling }: ToldAt): boolean =>
  expected.site === site &&
  expected.kinds.includes(telling.kind) &&
  telling.toldAt >= expected.from &&
  telling.toldAt <= expected.from + expected.withinMs &&
  isAbout(expected, telling) &&
  (expected.order === undefined || expected.order === telling.order) &&
  (expected.location === undefined || expected.location === telling.location) &&
  (expected.readPoint === undefined || expected.readPoint === telling.readPoint);

/** The very tag where the service names one; else the SKU. */
function isAbout({ epcs, sku }: Pick<Excuse, 'epcs' | 'sku'>, telling: Telling): boolean {
  if (epcs !== undefined && telling.epc !== undefined && epcs.includes(telling.epc)) return true;
  if (sku !== undefined) return telling.sku === sku;
  return epcs === undefined;
}

const hasCause = (told: ToldAt, expected: readonly Expected[], excuses: readonly Excuse[]): boolean =>
  expected.some((one) => names(one, told)) ||
  excuses.some(
    ({ site, kinds, from, ...about }) =>
      site === told.site &&
      kinds.includes(told.telling.kind) &&
      told.telling.toldAt >= from &&
      isAbout(about, told.telling),
  );
