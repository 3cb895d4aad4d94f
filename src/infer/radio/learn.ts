// What a portal learns from what crosses it: how loud tags are there, how often one is read, and how rough its air is. Learned from
// loads that certainly crossed, one after the other, older ones fading; no labels needed. Pure: a new lore takes the place of
// the old one, so a fold that goes back forgets what it learned.
import { AIRS, FIRST_AIR, LOUDNESS } from './air.ts';
import type { Manner, Trace } from './explain.ts';

export interface Lore {
  /** Tags by loudness, reads, and seconds of full reading, of the tags learned from. */
  readonly loudness: Float64Array;
  readonly reads: number;
  readonly exposure: number;
  /** ln of how well each air explains what crossed, up to a constant. */
  readonly airs: readonly number[];
  /** How likely it is that something crosses when it looks so: of loads, and of tags alone. Sums of probabilities, and of looks. */
  readonly group: Chance;
  readonly alone: Chance;
  /** Loads learned from. */
  readonly loads: number;
  /** What follows: index into `AIRS`, and the rest. */
  readonly air: number;
  readonly manner: Manner;
}

/** A share learned from what was made of each look; the first belief counts as `looks` of them. */
export interface Chance {
  readonly sum: number;
  readonly looks: number;
}
const LOOKS_KEPT = 300;
const FIRST_GROUP: Chance = { sum: 1.2, looks: 12 };
const FIRST_ALONE: Chance = { sum: 0.6, looks: 12 };
export const chanceOf = ({ sum, looks }: Chance): number => Math.min(0.6, Math.max(0.002, sum / looks));
export function look({ sum, looks }: Chance, probability: number): Chance {
  const keep = Math.min(1, LOOKS_KEPT / looks);
  return { sum: sum * keep + probability, looks: looks * keep + 1 };
}

const FIRST_LOUDNESS_DBM = -46;
const FIRST_LOUDNESS_SD_DB = 7;
const FIRST_RATE = 0.5;
/** The first belief weighs as much as so many tags. */
const FIRST_TAGS = 8;
/** Seconds of full reading that the first rate is worth. */
const FIRST_EXPOSURE = 4;
/** Older tags count for less: the memory is about so many. */
const TAGS_KEPT = 1000;
const LOADS_KEPT = 60;

const FIRST_SHARES = sharesAround(FIRST_LOUDNESS_DBM, FIRST_LOUDNESS_SD_DB);

/** What a portal begins with. */
export type Beginning = Omit<Lore, 'air' | 'manner'>;
const FIRST: Beginning = {
  group: FIRST_GROUP,
  alone: FIRST_ALONE,
  loudness: new Float64Array(LOUDNESS.length),
  reads: 0,
  exposure: 0,
  airs: AIRS.map((_, air) => -Math.abs(air - FIRST_AIR)),
  loads: 0,
};

/** What is believed of any portal, or what a calibration says of this one. */
export const firstLore = (from: Beginning = FIRST): Lore => (from === FIRST ? firstOfAny() : loreFrom(from));

const loreFrom = (from: Beginning): Lore =>
  loreOf(from, from.loudness, from.reads, from.exposure, from.airs, from.loads);

/** The very same for all portals, so that what follows from it is worked out once. */
let ofAny: Lore | undefined;
const firstOfAny = (): Lore => (ofAny ??= loreFrom(FIRST));

/** Learns from the members of a load that certainly crossed. `airs` are how well each air explains them, those not asked undefined. */
export function learn(lore: Lore, traces: readonly Trace[], airs: readonly (number | undefined)[]): Lore {
  const total = lore.loudness.reduce((sum, share) => sum + share, 0);
  const keep = Math.min(1, TAGS_KEPT / Math.max(1, total));
  const loudness = lore.loudness.map((share) => share * keep);
  let reads = lore.reads * keep;
  let exposure = lore.exposure * keep;
  for (const trace of traces) {
    for (let index = 0; index < loudness.length; index++) loudness[index]! += trace.loudness[index]!;
    reads += trace.reads;
    exposure += trace.exposure;
  }
  const asked = airs.filter((log) => log !== undefined);
  const middle = asked.length === 0 ? 0 : Math.max(...asked);
  const fade = 1 - 1 / LOADS_KEPT;
  // An air that was not asked keeps its distance to the one in force.
  const own = airs[lore.air] ?? middle;
  const scores = lore.airs.map((score, air) => score * fade + ((airs[air] ?? own) - middle));
  const best = Math.max(...scores);
  return loreOf(
    lore,
    loudness,
    reads,
    exposure,
    scores.map((score) => score - best),
    lore.loads + 1,
  );
}

function loreOf(
  { group, alone }: Pick<Lore, 'group' | 'alone'>,
  loudness: Float64Array,
  reads: number,
  exposure: number,
  airs: readonly number[],
  loads: number,
): Lore {
  const tags = loudness.reduce((sum, share) => sum + share, 0);
  const smooth = loudness.map(
    (share, index) => 0.5 * share + 0.25 * ((loudness[index - 1] ?? 0) + (loudness[index + 1] ?? 0)),
  );
  const logLoudness = smooth.map((share, index) =>
    Math.log((share + FIRST_TAGS * FIRST_SHARES[index]!) / (tags + FIRST_TAGS)),
  );
  const rate = (reads + FIRST_RATE * FIRST_EXPOSURE) / (exposure + FIRST_EXPOSURE);
  return {
    group,
    alone,
    loudness,
    reads,
    exposure,
    airs,
    loads,
    air: airs.indexOf(Math.max(...airs)),
    manner: { logLoudness, rate },
  };
}

/** Tags whose loudness is spread around a middle, a few far below: on metal or liquid. */
function sharesAround(middleDbm: number, sdDb: number): readonly number[] {
  const bell = (loudness: number, middle: number, sd: number): number =>
    Math.exp(-(((loudness - middle) / sd) ** 2) / 2) / sd;
  const shares = LOUDNESS.map(
    (loudness) => 0.92 * bell(loudness, middleDbm, sdDb) + 0.08 * bell(loudness, middleDbm - 14, 7),
  );
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}
