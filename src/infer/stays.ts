// Where a tag may lie, and since when: some few stays that fit what was heard, each with its share of the belief. With every bin each of
// them is asked how well it foresaw what was heard, and against them stand new ones, that begin with it: put down elsewhere, or put
// down anew where it was, which sounds as different. (Bayesian detection of changes: Fearnhead and Liu, J. R. Statist. Soc. B 69, 2007.) Pure.
import type { SitePlan } from '../config/plan.ts';
import type { Rules } from '../config/rules.ts';
import type { Hearing } from './hearing.ts';
import { logSum } from './signal.ts';
import type { Count } from './tallies.ts';

export type ZonePlan = Pick<SitePlan, 'rules' | 'readPoints'>;

/** How loud a place hears the tag during a stay: as believed, and how surely. */
export interface Loudness {
  readonly place: number;
  readonly meanDbm: number;
  readonly variance: number;
}

/** A tag lies at a place from some time on, and is heard so. */
export interface Stay {
  readonly place: number;
  /** When it came to the place, ms: the first read since. */
  readonly since: number;
  /** ln of its share of the belief. */
  readonly logShare: number;
  /** In how many bins the place heard it, and others did; fading. */
  readonly ownBins: number;
  readonly otherBins: number;
  readonly loudness: readonly Loudness[];
  /** How loud the place that has it hears this tag, wherever it is put down. */
  readonly usualDbm: number;
  readonly usualVariance: number;
  /** From read to read while it lies still, and how many reads say so. */
  readonly jitterVariance: number;
  readonly jitterReads: number;
}

/** ln of how much likelier than not a tag is to be elsewhere when it is told to have moved; `moveOdds` less this, that it is moved within a bin. */
export const SURE_ODDS = 5;

/** As many as are told apart: where it is, where it may have come to, and as much again for when. */
const STAYS_MOST = 4;
/** ln of the share below which a stay is given up. */
const LOG_SHARE_LEAST = -12;
/** Of the tags that are taken up, as many are put down where they were. */
const PUT_BACK = 1 / 3;
/** What people bring to a station they bring on purpose: nats by which it is likelier there than in a zone. */
const STATION_ODDS = 7;
/** After any silence it is as likely as not that nobody has moved it. */
const UNMOVED_LEAST = 0.5;

/** A place that does not have a tag hears it so much weaker. */
const WEAKER_DB = 10;
/** From place to place where it is put down; another place may be further off, or hidden. */
const OWN_VARIANCE = 4.5 ** 2;
const OTHER_VARIANCE = 5.5 ** 2;
/** What is known of a tag before it has lain anywhere, and at the surest. */
const USUAL_VARIANCE_FIRST = 8 ** 2;
const USUAL_VARIANCE_LEAST = 1;
const JITTER_VARIANCE_FIRST = 4;
const JITTER_READS_FIRST = 4;
const JITTER_READS_MOST = 100;
/** An echo is no jitter: variances beyond which a read says no more of it. */
const JITTER_OUTLIER = 9;
/** What is around a tag changes: its loudness is never known better. */
const LOUDNESS_VARIANCE_LEAST = 0.2;

/** Bins that the first belief of how often other places hear a tag is worth. */
const FIRST_BINS = 16;
/** The memory of that is about so many bins during a stay, and so many go along to the next. */
const BINS_KEPT = 200;
const BINS_CARRIED = 5;

/** It was found at `place`, having been heard so. */
export function firstStay(place: number, since: number, heard: readonly Hearing[]): Stay {
  const own = heard.find((one) => one.place === place);
  const bins = heard.reduce((sum, one) => sum + one.bins, 0);
  const isLoud = own !== undefined && own.strengths > 0;
  return {
    place,
    since,
    logShare: 0,
    ownBins: own?.bins ?? 0,
    otherBins: bins - (own?.bins ?? 0),
    loudness: heard
      .filter(({ strengths }) => strengths > 0)
      .map((one) => ({
        place: one.place,
        meanDbm: one.meanDbm,
        variance: Math.max(LOUDNESS_VARIANCE_LEAST, JITTER_VARIANCE_FIRST / one.strengths),
      })),
    usualDbm: isLoud ? own.meanDbm : Number.NaN,
    usualVariance: isLoud ? 1 / (1 / OWN_VARIANCE + 1 / USUAL_VARIANCE_FIRST) : USUAL_VARIANCE_FIRST,
    jitterVariance: JITTER_VARIANCE_FIRST,
    jitterReads: JITTER_READS_FIRST,
  };
}

/** What is believed after one more bin's counts (at least one), the last ones before having been `bins` bins ago. The likeliest first. */
export function weighStays(
  stays: readonly Stay[],
  counts: readonly Count[],
  bins: number,
  { rules: { zone }, readPoints }: ZonePlan,
): readonly Stay[] {
  const [only] = stays;
  // Nobody else hears it: most tags, most of the time.
  if (stays.length === 1 && counts.length === 1 && counts[0]!.place === only!.place && only!.otherBins === 0)
    return [{ ...after(only!, counts, zone), logShare: 0 }];
  const unmoved = Math.max(UNMOVED_LEAST, Math.exp(-bins * Math.exp(SURE_ODDS - zone.moveOdds)));
  const began = placesOf(stays, counts).map((place) => {
    const isStation = readPoints[place]?.kind === 'station';
    return begun(stays, place, counts, Math.log(1 - unmoved) + (isStation ? STATION_ODDS : 0));
  });
  const before = [...stays.map((stay) => ({ ...stay, logShare: stay.logShare + Math.log(unmoved) })), ...began];
  const weighed = before.map((stay) => after(stay, counts, zone));
  // What one bin says for one and against another is bounded.
  const best = Math.max(...weighed.map((stay, index) => stay.logShare - before[index]!.logShare));
  const bounded = weighed.map((stay, index) => ({
    ...stay,
    logShare: Math.max(stay.logShare, before[index]!.logShare + best - 2 * zone.binOddsMax),
  }));
  return kept(bounded);
}

/** ln of the share of the belief that it is at each place, the likeliest stay there first. */
export function byPlace(stays: readonly Stay[]): { readonly stay: Stay; readonly logShare: number }[] {
  const places = [...new Set(stays.map(({ place }) => place))];
  return places.map((place) => {
    const there = stays.filter((stay) => stay.place === place);
    return { stay: there[0]!, logShare: logSum(...there.map(({ logShare }) => logShare)) };
  });
}

/** Where it may have been put down: the first that hears it then may be another place. */
const placesOf = (stays: readonly Stay[], counts: readonly Count[]): readonly number[] => [
  ...new Set([...counts, ...stays, ...stays[0]!.loudness].map(({ place }) => place)),
];

/** It was put down there before this bin, whichever stay it was before. */
function begun(stays: readonly Stay[], place: number, counts: readonly Count[], logMoved: number): Stay {
  const shares = stays.map((stay) => stay.logShare + Math.log(stay.place === place ? PUT_BACK : 1 - PUT_BACK));
  const likeliest = stays[shares.indexOf(Math.max(...shares))]!;
  const { ownBins, otherBins } = likeliest;
  const carried = Math.min(1, BINS_CARRIED / Math.max(1, ownBins + otherBins));
  return {
    ...likeliest,
    place,
    since: likeliest.place === place ? likeliest.since : firstAtOf(counts, place),
    logShare: logMoved + logSum(...shares),
    ownBins: ownBins * carried,
    otherBins: otherBins * carried,
    loudness: [],
  };
}

function firstAtOf(counts: readonly Count[], place: number): number {
  const there = counts.filter((count) => count.place === place);
  return Math.min(...(there.length > 0 ? there : counts).map(({ firstAt }) => firstAt));
}

/** The stay having been asked how likely these counts were, and having learned of them. */
function after(stay: Stay, counts: readonly Count[], { leakage }: Rules['zone']): Stay {
  let now = stay;
  for (const { place, bestDbm } of counts) {
    now = withBin(now, place === stay.place, leakage);
    if (Number.isFinite(bestDbm)) now = withLoudness(now, place, bestDbm);
  }
  return now;
}

function withBin(stay: Stay, isOwn: boolean, leakage: number): Stay {
  const { ownBins, otherBins } = stay;
  const share = Math.min(0.9, Math.max(0.01, leakage));
  const otherShare = (otherBins + (FIRST_BINS * share) / (1 + share)) / (ownBins + otherBins + FIRST_BINS);
  const keep = Math.min(1, BINS_KEPT / (ownBins + otherBins + 1));
  return {
    ...stay,
    logShare: stay.logShare + Math.log(isOwn ? 1 - otherShare : otherShare),
    ownBins: (ownBins + (isOwn ? 1 : 0)) * keep,
    otherBins: (otherBins + (isOwn ? 0 : 1)) * keep,
  };
}

function withLoudness(stay: Stay, place: number, dbm: number): Stay {
  const weakerDb = place === stay.place ? 0 : WEAKER_DB;
  const placeVariance = place === stay.place ? OWN_VARIANCE : OTHER_VARIANCE;
  const known = stay.loudness.find((one) => one.place === place);
  const { jitterVariance, jitterReads } = stay;
  // The first that is heard of a tag tells how loud it is: nothing was expected of it.
  const usualDbm = Number.isNaN(stay.usualDbm) ? dbm + weakerDb : stay.usualDbm;
  const expected = known ?? { meanDbm: usualDbm - weakerDb, variance: placeVariance + stay.usualVariance };
  const variance = expected.variance + jitterVariance;
  const off = dbm - expected.meanDbm;
  const learned = expected.variance / variance;
  const loudness = {
    place,
    meanDbm: expected.meanDbm + learned * off,
    variance: Math.max(LOUDNESS_VARIANCE_LEAST, expected.variance * (1 - learned)),
  };
  const logShare =
    stay.logShare -
    (Math.log1p((off * off) / variance / jitterReads) * (jitterReads + 1)) / 2 - // Student's t: the jitter is not known well
    Math.log(variance) / 2;
  if (known === undefined) {
    const usually = stay.usualVariance / (stay.usualVariance + placeVariance + jitterVariance);
    return {
      ...stay,
      logShare,
      loudness: [...stay.loudness, loudness],
      usualDbm: usualDbm + usually * off,
      usualVariance: Math.max(USUAL_VARIANCE_LEAST, stay.usualVariance * (1 - usually)),
    };
  }
  const jitter = Math.min((off * off) / variance, JITTER_OUTLIER) * jitterVariance;
  return {
    ...stay,
    logShare,
    loudness: stay.loudness.map((one) => (one === known ? loudness : one)),
    jitterVariance: (jitterVariance * jitterReads + jitter) / (jitterReads + 1),
    jitterReads: Math.min(JITTER_READS_MOST, jitterReads + 1),
  };
}

/** The likeliest ones, at least one more place among them when there is one; their shares make up the whole. */
function kept(stays: Stay[]): readonly Stay[] {
  stays.sort((a, b) => b.logShare - a.logShare || a.place - b.place || a.since - b.since);
  const most = stays.slice(0, STAYS_MOST);
  if (most.every(({ place }) => place === most[0]!.place)) {
    const elsewhere = stays.find(({ place }) => place !== most[0]!.place);
    if (elsewhere !== undefined) most[STAYS_MOST - 1] = elsewhere;
  }
  const likely = most.filter(({ logShare }) => logShare >= most[0]!.logShare + LOG_SHARE_LEAST);
  const whole = logSum(...likely.map(({ logShare }) => logShare));
  return likely.map((stay) => ({ ...stay, logShare: stay.logShare - whole }));
}
