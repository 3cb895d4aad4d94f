// Zones: two of them that cannot be told apart, and antennas of a zone that hear nothing. By what each tag was heard by in
// windows as long as late reads may come; a tag is asked once a window, when it is heard again in a later one. Pure.
import type { SitePlan } from '../../config/plan.ts';
import type { Count } from '../tallies.ts';
import { shareOf, type Opinion } from './finding.ts';

/** What tags said of two zones in one window. */
interface PairTally {
  /** Tags that one of the two heard best. */
  tags: number;
  /** Those of them that the other heard about as often. */
  alike: number;
}

interface Window {
  /** By `zone zone`, indices of the site plan, the lower first. */
  readonly pairs: Map<string, PairTally>;
  /** Best counts of bins, by antenna of the site plan. */
  readonly best: Map<number, { bins: number; sumDbm: number; withRssi: number }>;
}

/** Plain, for the snapshot. */
export interface PlaceMemory {
  /** By number of the window, the last few. */
  readonly windows: Map<number, Window>;
  judgedTo: number;
  /** What antennas heard a window in the first ones that their zone heard anything in. */
  readonly baselines: Map<number, { windows: number; bins: number; sumDbm: number; withRssi: number }>;
}

export const openPlaceMemory = (): PlaceMemory => ({
  windows: new Map(),
  judgedTo: Number.NEGATIVE_INFINITY,
  baselines: new Map(),
});

/** A tag with fewer reads in a window says nothing. */
const READS_LEAST = 4;
/**
 * The second zone heard a tag alike: not much more seldom, and about as loud. How often a tag is read differs by far more from antenna
 * to antenna than by where it lies; a zone that only leaks hears it some 10 dB weaker.
 */
const ALIKE_READS_SHARE = 0.1;
const ALIKE_READS_LEAST = 2;
const ALIKE_DB = 8;
/** Of the tags that one of two zones heard best, the share that the other heard alike: opens, and closes. */
const MERGE_SHARE = 0.45;
const APART_SHARE = 0.35;
const TAGS_LEAST = 60;
/** Windows that are looked at together. A tag heard rarely is asked late: the last one is left to fill. */
const WINDOWS_JUDGED = 4;
const BASELINE_WINDOWS = 6;
/** Bins that the peers of an antenna must have been best in before its silence means something. */
const PEER_BINS_LEAST = 30;
const DEAD_SHARE = 0.05;
const ALIVE_SHARE = 0.2;
const DEAF_DB = 6;
const HEARS_DB = 4;
const RSSI_LEAST = 100;

/** How many bins a window is. */
export const binsAWindow = ({ rules }: Pick<SitePlan, 'rules'>): number =>
  Math.max(1, Math.floor(rules.lateMs / rules.zone.binMs));

/** A tag is heard again: `counts` are what it was heard by in the window that it was last heard in. */
export function noteWindow(memory: PlaceMemory, number: number, counts: readonly Count[]): void {
  if (number <= memory.judgedTo || counts.length === 0) return;
  let window = memory.windows.get(number);
  if (window === undefined) memory.windows.set(number, (window = { pairs: new Map(), best: new Map() }));
  const reads = new Map<number, number>();
  const loudest = new Map<number, number>();
  for (const { place, reads: own, bestAntenna, bestDbm } of counts) {
    reads.set(place, (reads.get(place) ?? 0) + own);
    loudest.set(place, Math.max(loudest.get(place) ?? Number.NEGATIVE_INFINITY, bestDbm));
    let best = window.best.get(bestAntenna);
    if (best === undefined) window.best.set(bestAntenna, (best = { bins: 0, sumDbm: 0, withRssi: 0 }));
    best.bins++;
    if (!Number.isFinite(bestDbm)) continue;
    best.sumDbm += bestDbm;
    best.withRssi++;
  }
  const [first, ...others] = [...reads].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  if (first === undefined || first[1] < READS_LEAST) return;
  for (const [place, heard] of others) {
    const pair = pairOf(window, first[0], place);
    pair.tags++;
    const isAsLoud = !(loudest.get(place)! < loudest.get(first[0])! - ALIKE_DB);
    if (heard >= Math.max(ALIKE_READS_LEAST, first[1] * ALIKE_READS_SHARE) && isAsLoud) pair.alike++;
  }
  // Tags that one zone alone heard speak against its being like any other.
  if (others.length === 0) pairOf(window, first[0], first[0]).tags++;
}

function pairOf(window: Window, a: number, b: number): PairTally {
  const key = `${Math.min(a, b)} ${Math.max(a, b)}`;
  let pair = window.pairs.get(key);
  if (pair === undefined) window.pairs.set(key, (pair = { tags: 0, alike: 0 }));
  return pair;
}

/** What is thought when window `present` has begun. */
export function placeOpinions(memory: PlaceMemory, plan: SitePlan, present: number): readonly Opinion[] {
  const opinions: Opinion[] = [];
  // The window before the present one still fills.
  for (const number of [...memory.windows.keys()]
    .filter((one) => one < present - 1 && one > memory.judgedTo)
    .sort((a, b) => a - b)) {
    memory.judgedTo = number;
    learnBaselines(memory, plan, memory.windows.get(number)!);
    const judged = [...memory.windows].filter(([one]) => one <= number && one > number - WINDOWS_JUDGED);
    for (const one of memory.windows.keys()) if (one <= number - WINDOWS_JUDGED) memory.windows.delete(one);
    const since = Math.min(...judged.map(([one]) => one)) * binsAWindow(plan) * plan.rules.zone.binMs;
    const windows = judged.map(([, window]) => window);
    opinions.push(...pairOpinions(plan, windows, since), ...antennaOpinions(memory, plan, windows, since));
  }
  return opinions;
}

function pairOpinions(plan: SitePlan, windows: readonly Window[], since: number): Opinion[] {
  const sums = new Map<string, PairTally>();
  const alone = new Map<number, number>();
  for (const { pairs } of windows) {
    for (const [key, { tags, alike }] of pairs) {
      const [a, b] = key.split(' ').map(Number) as [number, number];
      if (a === b) alone.set(a, (alone.get(a) ?? 0) + tags);
      const sum = sums.get(key) ?? { tags: 0, alike: 0 };
      sums.set(key, { tags: sum.tags + tags, alike: sum.alike + alike });
    }
  }
  return [...sums].flatMap(([key, { tags: shared, alike }]): Opinion[] => {
    const [a, b] = key.split(' ').map(Number) as [number, number];
    const [one, other] = [plan.readPoints[a], plan.readPoints[b]];
    if (a === b || one?.kind !== 'zone' || other?.kind !== 'zone') return [];
    const tags = shared + (alone.get(a) ?? 0) + (alone.get(b) ?? 0);
    if (tags < TAGS_LEAST) return [];
    const percent = Math.round((100 * alike) / tags);
    return [
      {
        kind: 'zones-alike',
        subject: { readPoint: one.id, other: other.id },
        severity: 'warning',
        holds: alike >= tags * MERGE_SHARE,
        isOver: alike < tags * APART_SHARE,
        since,
        certainty: shareOf(alike, tags),
        evidence: { tags, heardAlike: alike, alikePercent: percent },
        seen: `Zones ${one.id} and ${other.id} cannot be told apart: ${percent} % of ${tags} tags that one of them heard best were heard alike by the other, neither much more seldom nor weaker.`,
        advice: `Merge ${one.id} and ${other.id} into one zone in the site file, or move their antennas apart, or lower their power until each hears only its own.`,
      },
    ];
  });
}

function learnBaselines({ baselines }: PlaceMemory, plan: SitePlan, { best }: Window): void {
  for (const place of plan.places) {
    const own = plan.antennas.filter(({ readPoint, antenna }) => readPoint === place.index && antenna > 0);
    if (!own.some(({ index }) => best.has(index))) continue;
    for (const { index } of own) {
      const baseline = baselines.get(index) ?? { windows: 0, bins: 0, sumDbm: 0, withRssi: 0 };
      if (baseline.windows >= BASELINE_WINDOWS) continue;
      const heard = best.get(index) ?? { bins: 0, sumDbm: 0, withRssi: 0 };
      baselines.set(index, {
        windows: baseline.windows + 1,
        bins: baseline.bins + heard.bins,
        sumDbm: baseline.sumDbm + heard.sumDbm,
        withRssi: baseline.withRssi + heard.withRssi,
      });
    }
  }
}

function antennaOpinions(
  { baselines }: PlaceMemory,
  plan: SitePlan,
  windows: readonly Window[],
  since: number,
): Opinion[] {
  const sumOf = (index: number, of: 'bins' | 'sumDbm' | 'withRssi'): number =>
    windows.reduce((sum, { best }) => sum + (best.get(index)?.[of] ?? 0), 0);
  return plan.places.flatMap((place) => {
    const own = plan.antennas.filter(({ readPoint, antenna }) => readPoint === place.index && antenna > 0);
    return own.flatMap(({ index, reader, antenna }): Opinion[] => {
      const baseline = baselines.get(index);
      if (baseline === undefined || baseline.windows < BASELINE_WINDOWS) return [];
      const subject = { readPoint: place.id, reader, antenna };
      const bins = sumOf(index, 'bins');
      const peers = own.filter((peer) => peer.index !== index);
      const peerBins = peers.reduce((sum, peer) => sum + sumOf(peer.index, 'bins'), 0);
      const wasDb = baseline.sumDbm / Math.max(1, baseline.withRssi);
      const lossDb = wasDb - sumOf(index, 'sumDbm') / Math.max(1, sumOf(index, 'withRssi'));
      const isHeard = sumOf(index, 'withRssi') >= RSSI_LEAST && baseline.withRssi >= RSSI_LEAST;
      return [
        {
          kind: 'antenna-dead',
          subject,
          severity: 'warning',
          holds:
            peers.length > 0 &&
            peerBins >= PEER_BINS_LEAST * peers.length &&
            bins < (peerBins / peers.length) * DEAD_SHARE,
          isOver: peers.length > 0 && bins >= (peerBins / peers.length) * ALIVE_SHARE,
          since,
          certainty: shareOf(peerBins, peerBins + bins),
          evidence: { bins, peerBins: peerBins / Math.max(1, peers.length) },
          seen: `Antenna ${antenna} of ${reader} heard tags best in ${bins} of the zone's moments, the other antennas of ${place.id} in ${Math.round(peerBins / Math.max(1, peers.length))} each.`,
          advice: `Check the cable, plug and port of antenna ${antenna} at ${reader}, and that the reader has it switched on; if nothing is stored below it, there is nothing to do.`,
        },
        {
          kind: 'antenna-deaf',
          subject,
          severity: 'warning',
          holds: isHeard && lossDb >= DEAF_DB,
          isOver: isHeard && lossDb < HEARS_DB,
          since,
          certainty: shareOf(sumOf(index, 'withRssi'), sumOf(index, 'withRssi')) * 0.8,
          evidence: { lossDb, wasDbm: wasDb, moments: bins },
          seen: `Antenna ${antenna} of ${reader} hears tags ${lossDb.toFixed(1)} dB weaker than it did at first.`,
          advice: `Look at antenna ${antenna} and its cable: a loose plug, a bent or wet connector, something metal hung before it, or its power set lower.`,
        },
      ];
    });
  });
}
