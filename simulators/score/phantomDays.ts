// Days of tags in a zone, hour by hour: how often each is heard, what hides it, when it goes, when a zone's reader is away, and when
// somebody comes with a handheld reader. The same seed gives the same days.
import type { LevelName } from '../radio/levels.ts';
import { random, type Random } from '../random.ts';

/** What differs from level to level. Rates are a day unless said. */
interface PhantomLevel {
  readonly lost: number;
  readonly hidden: number;
  readonly hiddenMedianHours: number;
  /** Reads an hour of the median tag, and how far tags differ (ln-sd). */
  readonly readsAnHour: number;
  readonly readsSdLn: number;
  readonly putAnew: number;
  readonly outages: number;
  /** Share of what is there that a handheld count finds. */
  readonly countFinds: number;
}

/** Assumed: nobody has published how often goods hide tags. Rates of answers spread as far as those that were measured (ln-sd 1.44). */
const LEVELS: Readonly<Record<LevelName, PhantomLevel>> = {
  clean: {
    lost: 0.0005,
    hidden: 0.01,
    hiddenMedianHours: 12,
    readsAnHour: 20,
    readsSdLn: 1,
    putAnew: 0.01,
    outages: 1 / 30,
    countFinds: 0.985,
  },
  typical: {
    lost: 0.0005,
    hidden: 0.03,
    hiddenMedianHours: 24,
    readsAnHour: 6,
    readsSdLn: 1.44,
    putAnew: 0.02,
    outages: 1 / 20,
    countFinds: 0.97,
  },
  hostile: {
    lost: 0.0015,
    hidden: 0.08,
    hiddenMedianHours: 48,
    readsAnHour: 1,
    readsSdLn: 1.8,
    putAnew: 0.04,
    outages: 1 / 8,
    countFinds: 0.92,
  },
};
const HIDDEN_SD_LN = 1;
const HIDDEN_HEARD = 0.01;
const OUTAGE_HOURS = 4;
/** Of so many of its reader's outages a zone is told; of the others it hears nothing, and no word. */
const OUTAGE_SEEN = 0.8;
/** Reads come in bursts: their rate wanders, and forgets itself in so many hours. */
const BURST_SD_LN = 0.7;
const BURST_HOURS = 6;
const COUNT_EVERY_HOURS = 14 * 24;

const DAYS = 90;
const TAGS_A_ZONE = 200;
export const HOURS = DAYS * 24;

/** One hour of one tag. */
export interface TagDays {
  /** The hour from which on it is not there; infinite when it stays. */
  readonly goneAt: number;
  /** By hour: bins in which it was heard. */
  readonly bins: Uint8Array;
  /** By hour of a count: whether the count found it. */
  readonly counted: ReadonlyMap<number, boolean>;
}

export interface ZoneDays {
  readonly tags: readonly TagDays[];
  /** By hour: how much of the zone's reader is known to be there, in quarters. */
  readonly weight: Uint8Array;
}

/** One zone, from a seed. */
export function phantomDays(name: LevelName, seed: number): ZoneDays {
  const level = LEVELS[name];
  const chance = random(seed, 'phantoms', name);
  const weight = new Uint8Array(HOURS).fill(4);
  const deaf = new Uint8Array(HOURS);
  for (
    let hour = chance.exponential(24 / level.outages);
    hour < HOURS;
    hour += chance.exponential(24 / level.outages)
  ) {
    const isSeen = chance.chance(OUTAGE_SEEN);
    const to = Math.min(HOURS, hour + chance.exponential(OUTAGE_HOURS));
    for (let one = Math.floor(hour); one < to; one++) {
      deaf[one] = 1;
      if (isSeen) weight[one] = 0;
    }
  }
  const firstCount = chance.integer(1, COUNT_EVERY_HOURS);
  const tags = Array.from({ length: TAGS_A_ZONE }, (_, index) =>
    tagDays(level, random(seed, 'phantoms', name, index), deaf, firstCount),
  );
  return { tags, weight };
}

function tagDays(level: PhantomLevel, chance: Random, deaf: Uint8Array, firstCount: number): TagDays {
  const goneAt = chance.exponential(24 / level.lost);
  const bins = new Uint8Array(HOURS);
  const counted = new Map<number, boolean>();
  let perHour = chance.lognormal(level.readsAnHour, level.readsSdLn);
  let burst = chance.gaussian(0, 1);
  let hiddenUntil = 0;
  const keep = Math.exp(-1 / BURST_HOURS);
  for (let hour = 0; hour < HOURS; hour++) {
    const isGone = hour >= goneAt;
    if (hour >= firstCount && (hour - firstCount) % COUNT_EVERY_HOURS === 0)
      counted.set(hour, !isGone && chance.chance(level.countFinds));
    if (isGone) continue;
    if (chance.chance(level.putAnew / 24)) perHour = chance.lognormal(level.readsAnHour, level.readsSdLn);
    if (hour >= hiddenUntil && chance.chance(level.hidden / 24))
      hiddenUntil = hour + chance.lognormal(level.hiddenMedianHours, HIDDEN_SD_LN);
    burst = burst * keep + chance.gaussian(0, Math.sqrt(1 - keep * keep));
    if (deaf[hour] === 1) continue;
    const mean =
      perHour * Math.exp(BURST_SD_LN * burst - BURST_SD_LN ** 2 / 2) * (hour < hiddenUntil ? HIDDEN_HEARD : 1);
    bins[hour] = poisson(chance, Math.min(mean, 200));
  }
  return { goneAt, bins, counted };
}

function poisson(chance: Random, mean: number): number {
  if (mean > 50) return Math.min(255, Math.max(0, Math.round(chance.gaussian(mean, Math.sqrt(mean)))));
  let count = 0;
  for (let left = chance.exponential(1); left < mean; left += chance.exponential(1)) count++;
  return count;
}
