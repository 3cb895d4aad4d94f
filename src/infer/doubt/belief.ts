// Is a tag where the books have it? A belief over what may be true of one tag: how often it answers when nothing is in the way, whether
// something is in the way, and whether it has gone. It goes on hour by hour with how often the tag was heard, and with how much of what
// could have heard it did hear others. (A hidden Markov model; of gaps between answers that come in bursts: NOISE.md 1.) Pure.

/** Bins an hour in which a tag that nothing hides is heard, as far as they are told apart. */
const RATES = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30] as const;
/** The belief of a tag that was never heard: most tags of a zone answer several times an hour. */
const FIRST_SHARES = [0.02, 0.03, 0.06, 0.1, 0.17, 0.24, 0.23, 0.15] as const;

/**
 * Why a tag may be silent though it is there: nothing, a lull, something put before it for a day, or for several days. How often that begins
 * (an hour), how long it lasts (hours), and how much of the tag is heard through it.
 */
interface Cover {
  readonly beginsAnHour: number;
  readonly lastsHours: number;
  readonly heardShare: number;
}
const COVERS: readonly Cover[] = [
  { beginsAnHour: 0.02 / 24, lastsHours: 8, heardShare: 0.02 },
  { beginsAnHour: 0.015 / 24, lastsHours: 30, heardShare: 0.01 },
  { beginsAnHour: 0.005 / 24, lastsHours: 120, heardShare: 0.01 },
];

/** What a site has taught: how often things hide its tags, as told by those that were heard again, and how often its tags answer. Plain. */
export interface Lore {
  /** By cover: how many have ended, in the sum of their likelihoods. */
  readonly ended: number[];
  /** Hours of tags that nothing hid. */
  clearHours: number;
  /** By rate: how many tags have it, in the sum of their likelihoods, in the hour that is passing. */
  readonly tags: number[];
}
/** What is believed of any site is worth as much as so many covers of a kind, and so many tags. */
const FIRST_ENDED = 4;
const FIRST_TAGS = 20;

export const openLore = (): Lore => ({ ended: COVERS.map(() => 0), clearHours: 0, tags: RATES.map(() => 0) });

/** What is expected of an hour. */
export interface Expected {
  /** By cover: how likely it is that one begins. */
  readonly beginnings: readonly number[];
  /** By rate: the share of tags that have it. */
  readonly shares: readonly number[];
}

/** An hour begins: what is expected of it, as the site has taught until now. */
export function expectHour(lore: Lore): Expected {
  const tags = lore.tags.reduce((sum, one) => sum + one, 0) + FIRST_TAGS;
  const expected = {
    beginnings: COVERS.map(
      ({ beginsAnHour }, cover) => (FIRST_ENDED + lore.ended[cover]!) / (FIRST_ENDED / beginsAnHour + lore.clearHours),
    ),
    shares: FIRST_SHARES.map((share, rate) => (share * FIRST_TAGS + lore.tags[rate]!) / tags),
  };
  lore.tags.fill(0);
  return expected;
}

/** So often an item goes and no door sees it, an hour. */
const GOES_AN_HOUR = 0.0004 / 24;
/** So often it is put down anew, and answers otherwise. */
const ANEW_AN_HOUR = 0.015 / 24;

/**
 * By rate: nothing has hidden it since it was heard last; each cover does; each cover did, and is over, though it has not been heard since:
 * only so it is known, when it is heard again, how many there are.
 */
const KINDS = 1 + 2 * COVERS.length;
const OVER = COVERS.length;
const GONE = RATES.length * KINDS;
/** Numbers that a belief takes. */
export const BELIEF_SIZE = GONE + 1;

/** Heard in more bins than that says no more. */
export const BINS_MOST = 63;
/** Of an hour in which less of a zone was heard than so, its silence says nothing. */
export const WEIGHT_STEPS = 4;
/** Answers come in bursts: so uneven are they (shape of a negative binomial distribution). */
const EVENNESS = 0.8;

/** ln-free tables: how likely `bins` are in an hour of which so much was heard. By weight, bins, rate and kind. */
const LIKELY: readonly Float64Array[] = Array.from({ length: WEIGHT_STEPS + 1 }, (_, weight) => {
  const table = new Float64Array((BINS_MOST + 1) * GONE);
  for (let bins = 0; bins <= BINS_MOST; bins++) {
    for (const [rate, perHour] of RATES.entries()) {
      for (let kind = 0; kind < KINDS; kind++) {
        const share = kind === 0 || kind > OVER ? 1 : COVERS[kind - 1]!.heardShare;
        const mean = Math.max(1e-9, (perHour * share * Math.max(weight, bins > 0 ? 1 : 0)) / WEIGHT_STEPS);
        // What is the same for all of them is left out.
        table[bins * GONE + rate * KINDS + kind] =
          Math.pow(mean / (EVENNESS + mean), bins) * Math.pow(EVENNESS / (EVENNESS + mean), EVENNESS);
      }
    }
  }
  return table;
});

/** Nothing is known of the tag but that it is there. `of[at…]` is where its belief stands. */
export function believeAnew(of: Float32Array, at: number): void {
  of.fill(0, at, at + BELIEF_SIZE);
  for (const [rate, share] of FIRST_SHARES.entries()) of[at + rate * KINDS] = share;
}

/**
 * An hour has passed, in which the tag was heard in so many bins. `weight` is how much of what could have heard it did hear others, in
 * quarters: of an hour without, nothing is learned. The lore learns of the tag.
 */
export function passHour(
  of: Float32Array,
  at: number,
  bins: number,
  weight: number,
  { beginnings, shares }: Expected,
  lore: Lore,
): void {
  const table = LIKELY[weight]!;
  const from = Math.min(bins, BINS_MOST) * GONE;
  const isHeard = bins > 0;
  const fresh = clearOf(of, at) * ANEW_AN_HOUR;
  let gone = of[at + GONE]!;
  let inAll = 0;
  let clearHours = 0;
  const beginsInAll = beginnings.reduce((sum, one) => sum + one, 0);
  for (let rate = 0; rate < RATES.length; rate++) {
    const first = at + rate * KINDS;
    const row = from + rate * KINDS;
    const heard = table[row]! * (1 - GOES_AN_HOUR);
    let stays = of[first]!;
    let clear = stays;
    for (let cover = 0; cover < COVERS.length; cover++) clear += of[first + 1 + OVER + cover]!;
    clearHours += clear;
    gone += clear * GOES_AN_HOUR;
    for (let cover = 1; cover <= COVERS.length; cover++) {
      const begins = beginnings[cover - 1]!;
      const covered = of[first + cover]!;
      const ended = of[first + OVER + cover]!;
      const ending = covered / COVERS[cover - 1]!.lastsHours;
      const left = covered - ending + clear * begins;
      gone += left * GOES_AN_HOUR;
      stays -= of[first]! * begins;
      inAll += of[first + cover] = left * table[row + cover]! * (1 - GOES_AN_HOUR);
      const over = (ended * (1 - beginsInAll) + ending) * heard;
      inAll += of[first + OVER + cover] = over;
    }
    stays += fresh * shares[rate]! - of[first]! * ANEW_AN_HOUR;
    inAll += of[first] = stays * heard;
  }
  lore.clearHours += clearHours;
  of[at + GONE] = isHeard ? 0 : gone;
  scale(of, at, 1 / (isHeard ? inAll : inAll + gone));
  for (let rate = 0; rate < RATES.length; rate++)
    for (let kind = 0; kind < KINDS; kind++) lore.tags[rate] = lore.tags[rate]! + of[at + rate * KINDS + kind]!;
  if (isHeard) learn(of, at, lore);
}

/** Heard again, it tells what hid it meanwhile, and is over. */
function learn(of: Float32Array, at: number, lore: Lore): void {
  for (let first = at; first < at + GONE; first += KINDS) {
    for (let cover = 0; cover < COVERS.length; cover++) {
      const over = of[first + 1 + OVER + cover]!;
      lore.ended[cover] = lore.ended[cover]! + over;
      of[first] = of[first]! + over;
      of[first + 1 + OVER + cover] = 0;
    }
  }
}

function clearOf(of: Float32Array, at: number): number {
  let clear = 0;
  for (let index = 0; index < GONE; index++) if (index % KINDS === 0) clear += of[at + index]!;
  return clear;
}

/** How likely it is that the item is not there, 0 to 1. */
export const goneOf = (of: Float32Array, at: number): number => of[at + GONE]!;

/** So many times likelier it is that the item is not there than that a sweep with a handheld reader missed it. */
export const SWEEP_SAYS = 15;

/** So often it never was where somebody said that it was put. */
const NEVER_THERE = 0.0004;

/** Something else than its silence says that it has gone: so many times likelier than that it is there. Below 1 it says that it is there. */
export function weighGone(of: Float32Array, at: number, times: number): void {
  of[at + GONE] = Math.max(of[at + GONE]!, NEVER_THERE) * times;
  let inAll = 0;
  for (let index = at; index < at + BELIEF_SIZE; index++) inAll += of[index]!;
  scale(of, at, 1 / inAll);
}

/** Somebody or something else has seen it: it is there. What is known of how it answers stays; what hides it may still. */
export function believeThere(of: Float32Array, at: number): void {
  const there = 1 - of[at + GONE]!;
  of[at + GONE] = 0;
  if (there < 1e-6) believeAnew(of, at);
  else scale(of, at, 1 / there);
}

/** It lies elsewhere now: nothing hides it there yet, and how it answers there is half known. */
export function believePutDown(of: Float32Array, at: number): void {
  believeThere(of, at);
  for (const [rate, share] of FIRST_SHARES.entries()) {
    let sum = 0;
    for (let kind = 0; kind < KINDS; kind++) {
      sum += of[at + rate * KINDS + kind]!;
      of[at + rate * KINDS + kind] = 0;
    }
    of[at + rate * KINDS] = sum / 2 + share / 2;
  }
}

function scale(of: Float32Array, at: number, by: number): void {
  for (let index = at; index < at + BELIEF_SIZE; index++) of[index] = of[index]! * by;
}
