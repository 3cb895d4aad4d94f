// Where a tag may lie, and since when: some few stays that fit what was heard, each with its share of the belief. With every bin each of
// them is asked how well it foresaw what was heard, and against them stand new ones, that begin with it: put down elsewhere, or put
// down anew where it was, which sounds as different. (Bayesian detection of changes: Fearnhead and Liu, J. R. Statist. Soc. B 69, 2007.) Pure.
import type { SitePlan } from '../config/plan.ts';
import type { Hearing } from './hearing.ts';
import { logSum, logSumOf } from './signal.ts';
import type { Count } from './tallies.ts';

export type ZonePlan = Pick<SitePlan, 'rules' | 'readPoints'>;

/** How loud a place hears the tag during a stay: as believed, and how surely. */
export interface Loudness {
  readonly place: number;
  readonly meanDbm: number;
  readonly variance: number;
}

const NO_LOUDNESS: readonly Loudness[] = [];

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
const LOG_PUT_BACK = Math.log(1 / 3);
const LOG_PUT_ELSEWHERE = Math.log(2 / 3);
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
  if (stays.length === 1 && counts.length === 1 && counts[0]!.place === only!.place && only!.otherBins === 0) {
    const same = draftOf(only!, only!);
    take(same, counts, zone.leakage);
    same.logShare = 0;
    return [same];
  }
  const unmoved = Math.max(UNMOVED_LEAST, Math.exp(-bins * Math.exp(SURE_ODDS - zone.moveOdds)));
  const drafts = stays.map((stay) => draftOf(stay, stay));
  for (const draft of drafts) draft.logShare += Math.log(unmoved);
  for (const place of placesOf(stays, counts)) {
    const begun = begin(stays, place, counts);
    begun.logShare += Math.log(1 - unmoved) + (readPoints[place]?.kind === 'station' ? STATION_ODDS : 0);
    drafts.push(begun);
  }
  const before = drafts.map(({ logShare }) => logShare);
  let best = Number.NEGATIVE_INFINITY;
  for (const [index, draft] of drafts.entries()) {
    take(draft, counts, zone.leakage);
    best = Math.max(best, draft.logShare - before[index]!);
  }
  // What one bin says for one and against another is bounded.
  for (const [index, draft] of drafts.entries())
    draft.logShare = Math.max(draft.logShare, before[index]! + best - 2 * zone.binOddsMax);
  return kept(drafts);
}

/** ln of the share of the belief that it is at each place, with the likeliest stay there. */
export function byPlace(stays: readonly Stay[]): { readonly stay: Stay; readonly logShare: number }[] {
  const places = [...new Set(stays.map(({ place }) => place))];
  return places.map((place) => {
    const there = stays.filter((stay) => stay.place === place);
    return { stay: there[0]!, logShare: logSum(...there.map(({ logShare }) => logShare)) };
  });
}

/** A stay that is still being weighed. All are made in one place: an object of one form is quick. */
type Draft = { -readonly [Key in keyof Stay]: Stay[Key] };

const draftOf = (
  { usualDbm, usualVariance, jitterVariance, jitterReads }: Stay,
  {
    place,
    since,
    logShare,
    ownBins,
    otherBins,
    loudness,
  }: Pick<Stay, 'place' | 'since' | 'logShare' | 'ownBins' | 'otherBins' | 'loudness'>,
): Draft => ({
  place,
  since,
  logShare,
  ownBins,
  otherBins,
  loudness,
  usualDbm,
  usualVariance,
  jitterVariance,
  jitterReads,
});

/** Where it may have been put down: the first that hears it then may be another place. */
function placesOf(stays: readonly Stay[], counts: readonly Count[]): readonly number[] {
  const places: number[] = [];
  for (const known of [counts, stays, stays[0]!.loudness])
    for (const { place } of known) if (!places.includes(place)) places.push(place);
  return places;
}

/** It was put down there before this bin, whichever stay it was before. */
function begin(stays: readonly Stay[], place: number, counts: readonly Count[]): Draft {
  let likeliest = stays[0]!;
  let most = Number.NEGATIVE_INFINITY;
  const shares = stays.map((stay) => {
    const share = stay.logShare + (stay.place === place ? LOG_PUT_BACK : LOG_PUT_ELSEWHERE);
    if (share > most) {
      most = share;
      likeliest = stay;
    }
    return share;
  });
  const { ownBins, otherBins } = likeliest;
  const carried = Math.min(1, BINS_CARRIED / Math.max(1, ownBins + otherBins));
  return draftOf(likeliest, {
    place,
    since: likeliest.place === place ? likeliest.since : firstAtOf(counts, place),
    logShare: logSumOf(shares),
    ownBins: ownBins * carried,
    otherBins: otherBins * carried,
    loudness: NO_LOUDNESS,
  });
}

function firstAtOf(counts: readonly Count[], place: number): number {
  const there = counts.find((count) => count.place === place);
  return there?.firstAt ?? Math.min(...counts.map(({ firstAt }) => firstAt));
}

/** The stay is asked how likely these counts were, and learns of them. */
function take(stay: Draft, counts: readonly Count[], leakage: number): void {
  for (const { place, bestDbm } of counts) {
    takeBin(stay, place === stay.place, leakage);
    if (Number.isFinite(bestDbm)) takeLoudness(stay, place, bestDbm);
  }
}

function takeBin(stay: Draft, isOwn: boolean, leakage: number): void {
  const share = Math.min(0.9, Math.max(0.01, leakage));
  const bins = stay.ownBins + stay.otherBins;
  const otherShare = (stay.otherBins + (FIRST_BINS * share) / (1 + share)) / (bins + FIRST_BINS);
  stay.logShare += Math.log(isOwn ? 1 - otherShare : otherShare);
  const keep = Math.min(1, BINS_KEPT / (bins + 1));
  stay.ownBins = (stay.ownBins + (isOwn ? 1 : 0)) * keep;
  stay.otherBins = (stay.otherBins + (isOwn ? 0 : 1)) * keep;
}

function takeLoudness(stay: Draft, place: number, dbm: number): void {
  const weakerDb = place === stay.place ? 0 : WEAKER_DB;
  const placeVariance = place === stay.place ? OWN_VARIANCE : OTHER_VARIANCE;
  const { jitterVariance, jitterReads, usualVariance } = stay;
  // The first that is heard of a tag tells how loud it is: nothing was expected of it.
  if (Number.isNaN(stay.usualDbm)) stay.usualDbm = dbm + weakerDb;
  const known = stay.loudness.find((one) => one.place === place);
  const expectedDbm = known?.meanDbm ?? stay.usualDbm - weakerDb;
  const expectedVariance = known?.variance ?? placeVariance + usualVariance;
  const variance = expectedVariance + jitterVariance;
  const off = dbm - expectedDbm;
  const surprise = (off * off) / variance;
  // Student's t: the jitter is not known well.
  stay.logShare -= (Math.log1p(surprise / jitterReads) * (jitterReads + 1) + Math.log(variance)) / 2;
  const learned = expectedVariance / variance;
  const now = {
    place,
    meanDbm: expectedDbm + learned * off,
    variance: Math.max(LOUDNESS_VARIANCE_LEAST, expectedVariance * (1 - learned)),
  };
  if (known === undefined) {
    const usually = usualVariance / variance;
    stay.loudness = stay.loudness.concat(now); // as long as it is: a list that grows has room for more
    stay.usualDbm += usually * off;
    stay.usualVariance = Math.max(USUAL_VARIANCE_LEAST, usualVariance * (1 - usually));
    return;
  }
  stay.loudness = stay.loudness.length === 1 ? [now] : stay.loudness.map((one) => (one === known ? now : one));
  const jitter = Math.min(surprise, JITTER_OUTLIER) * jitterVariance;
  stay.jitterVariance = (jitterVariance * jitterReads + jitter) / (jitterReads + 1);
  stay.jitterReads = Math.min(JITTER_READS_MOST, jitterReads + 1);
}

/** The likeliest ones, at least one more place among them when there is one; their shares make up the whole. */
function kept(drafts: Draft[]): readonly Stay[] {
  drafts.sort((a, b) => b.logShare - a.logShare || a.place - b.place || a.since - b.since);
  const most = drafts.slice(0, STAYS_MOST);
  const [first] = most;
  if (most.every(({ place }) => place === first!.place)) {
    const elsewhere = drafts.find(({ place }) => place !== first!.place);
    if (elsewhere !== undefined) most[STAYS_MOST - 1] = elsewhere;
  }
  const likely = most.filter(({ logShare }) => logShare >= first!.logShare + LOG_SHARE_LEAST).slice();
  const whole = logSumOf(likely.map(({ logShare }) => logShare));
  for (const stay of likely) stay.logShare -= whole;
  return likely;
}
