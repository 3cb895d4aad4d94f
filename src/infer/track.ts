// What the service remembers of one tag in one area: its sighting, its recent reads, what it sounds like when it stands
// still, and how it behaved at earlier crossings. Copied on write, so that a checkpoint costs only what changes after it.
import { copySighting, observe, open, type Sighting } from '../clean/sighting.ts';
import type { Basis } from './basis.ts';
import { add, antennaOf, countOf, dropFirst, rssiDbmOf, timeOf, type KeptReads, type Recent } from './recent.ts';
import { BASELINE_MEMORY, isSurprising, parkedLogLikelihood } from './signal.ts';

/** The last time the tag crossed. */
export interface LastCrossing {
  readonly at: number;
  readonly portal: number;
  readonly direction: Direction;
}

/** A load that crossed, as seen from a tag that may have been of it. */
export interface Waiting {
  /** Index of the portal in its area. */
  readonly portal: number;
  /** The moment that was weighed, and the course and its moment, as the portal's bank counts them. */
  readonly at: number;
  readonly course: number;
  readonly moment: number;
  readonly direction: Direction;
  readonly crossedAt: number;
  /** P(the load crossed), and the share of the tags heard that were of it. */
  readonly probability: number;
  readonly share: number;
  readonly size: number;
  readonly pooled: number;
}

export type Direction = 'in' | 'out';
/** Of a presence without a crossing. */
export type IdleOutcome = 'stayed' | 'turned_back' | 'stray';
/** Of a portal: 0 inside, 1 outside. */
export type Side = 0 | 1;

export interface Track {
  readonly tag: number;
  /** The state it belongs to; a track of an older generation is copied before it changes. */
  readonly generation: number;
  /** Undefined between two sightings. */
  sighting: Sighting | undefined;
  /** First read since the sighting began or since the last crossing: where the present passage begins. */
  passageFrom: number;
  /** Reads that may still speak for or against a crossing. */
  readonly recent: Recent;
  /** What it sounds like where it stands. */
  readonly baselines: Baselines;
  /** How often each antenna heard it, fading: what side it is usually heard on. */
  heardInside: number;
  heardOutside: number;
  /** The same of the recent reads. */
  recentInside: number;
  recentOutside: number;
  /** Log-odds, bounded, that it moves when its surroundings move: from its part in earlier crossings. */
  mobility: number;
  /** The last read of the sighting before this one. */
  leftAt: number;
  lastCrossing: LastCrossing | undefined;
  /** It crossed, and that has been told, but what follows waits for the others of its load: until then it is weighed with them. */
  told: LastCrossing | undefined;
  /** When it last sounded other than it does when it stands still; a tag that never did needs no weighing. */
  surprisedAt: number;
  /** It has crossed in this sighting: what follows until it leaves is no passage of its own. */
  hasCrossed: boolean;
  /** The strongest single sign of a crossing in this sighting. */
  best:
    | {
        readonly logOdds: number;
        readonly at: number;
        readonly portal: number;
        readonly direction: Direction;
        readonly isJudged: boolean;
      }
    | undefined;
  /** The strongest single sign once everything around it was weighed: most likely it crossed alone. */
  alone:
    | {
        readonly probability: number;
        readonly at: number;
        readonly portal: number;
        readonly direction: Direction;
        readonly logOdds: number;
        readonly reads: KeptReads;
        readonly basis?: Basis;
      }
    | undefined;
  /** When it last was of a load that, all together, did not cross. */
  heldAt: number;
  /** A load crossed, and whether it was of it will be clearer in a few seconds. */
  waiting: Waiting | undefined;
  /** What the last sighting without a crossing was taken for, and until when. */
  idle: { readonly outcome: IdleOutcome; readonly until: number } | undefined;
}

/**
 * What the reads of each antenna that are older than any window sounded like: what it sounds like when nothing happens. Three numbers
 * an antenna: its index in `SitePlan.antennas`, how many reads the mean stands for, at most `BASELINE_MEMORY`, and the mean in dBm.
 */
export type Baselines = number[];
const BASELINE_WIDTH = 3;

/** Where the row of an antenna begins; −1 for one that has none. */
function baselineOf(baselines: Baselines, antenna: number): number {
  for (let row = 0; row < baselines.length; row += BASELINE_WIDTH) if (baselines[row] === antenna) return row;
  return -1;
}

export function eachBaseline(
  baselines: Baselines,
  take: (antenna: number, reads: number, meanDbm: number) => void,
): void {
  for (let row = 0; row < baselines.length; row += BASELINE_WIDTH)
    take(baselines[row]!, baselines[row + 1]!, baselines[row + 2]!);
}

/** Reads kept of one tag: enough for any window; of a tag read more often the oldest go first. */
export const RECENT_READS_MAX = 64;

export const openTrack = (tag: number, generation: number): Track => ({
  tag,
  generation,
  sighting: undefined,
  passageFrom: Number.NaN,
  recent: [],
  baselines: [],
  heardInside: 0,
  heardOutside: 0,
  recentInside: 0,
  recentOutside: 0,
  mobility: 0,
  leftAt: Number.NEGATIVE_INFINITY,
  lastCrossing: undefined,
  told: undefined,
  surprisedAt: Number.NEGATIVE_INFINITY,
  hasCrossed: false,
  best: undefined,
  alone: undefined,
  heldAt: Number.NEGATIVE_INFINITY,
  waiting: undefined,
  idle: undefined,
});

export const copyTrack = (track: Track, generation: number): Track => ({
  ...track,
  generation,
  sighting: track.sighting === undefined ? undefined : copySighting(track.sighting),
  recent: track.recent.slice(),
  baselines: track.baselines.slice(),
});

/** Adds a read, in order of time. `side` is the antenna's: 0 inside, 1 outside. */
export function hear(
  track: Track,
  at: number,
  antenna: number,
  rssiDbm: number,
  side: Side | undefined,
  levelDbm: number,
): void {
  if (track.sighting === undefined && at - track.leftAt > ELSEWHERE_MS) comeAnew(track);
  const baseline = baselineOf(track.baselines, antenna);
  const reads = baseline === -1 ? 0 : track.baselines[baseline + 1]!;
  const meanDbm = baseline === -1 ? 0 : track.baselines[baseline + 2]!;
  if (soundsNew(track, side) || reads === 0 || isSurprising(rssiDbm, reads, meanDbm, levelDbm)) track.surprisedAt = at;
  const parked = sideLogLikelihood(track, side) + parkedLogLikelihood(rssiDbm, reads, meanDbm, levelDbm);
  if (track.sighting === undefined) track.sighting = open(at, antenna, rssiDbm);
  else observe(track.sighting, at, antenna, rssiDbm);
  if (Number.isNaN(track.passageFrom)) track.passageFrom = at;
  add(track.recent, at, antenna, rssiDbm, parked);
}

/** Not heard for so long, it may have been anywhere. */
export const ELSEWHERE_MS = 120_000;

/** Where it stood, and that it stayed when others went, says nothing of it any more; that it moved does. */
function comeAnew(track: Track): void {
  track.baselines.length = 0;
  track.heardInside = 0;
  track.heardOutside = 0;
  track.mobility = Math.max(0, track.mobility);
}

/** Half a read on each side before any was heard (Jeffreys prior). */
const HALF_A_READ = 0.5;

/** A tag that stands still is heard on the sides it was heard on before, the recent reads included. */
function sideLogLikelihood(track: Track, side: Side | undefined): number {
  if (side === undefined) return 0;
  const heard = track.heardInside + track.heardOutside + track.recentInside + track.recentOutside + 2 * HALF_A_READ;
  const here =
    (side === 0 ? track.heardInside + track.recentInside : track.heardOutside + track.recentOutside) + HALF_A_READ;
  if (side === 0) track.recentInside++;
  else track.recentOutside++;
  return Math.log(here / heard);
}

/** Reads on one side after which the other side is a surprise. */
const FAMILIAR_READS = 12;
const FAMILIAR_SHARE = 0.1;

/** A tag that has stood here for long, and is heard on the side where it ever was, is not moving; everything else may be. */
function soundsNew(track: Track, side: Side | undefined): boolean {
  const heard = track.heardInside + track.heardOutside;
  if (heard < FAMILIAR_READS) return true;
  const onThisSide = side === 0 ? track.heardInside : track.heardOutside;
  return side !== undefined && onThisSide < heard * FAMILIAR_SHARE;
}

/** Moves reads from before `time` into the baseline. `side` tells 0 inside, 1 outside, undefined unknown. */
export function settle(track: Track, time: number, side: (antenna: number) => Side | undefined): void {
  const { recent, baselines } = track;
  const reads = countOf(recent);
  let settled = 0;
  while (settled < reads && (timeOf(recent, settled) < time || reads - settled > RECENT_READS_MAX)) {
    const antenna = antennaOf(recent, settled);
    const rssiDbm = rssiDbmOf(recent, settled++);
    const where = side(antenna);
    const fade = 1 - 1 / BASELINE_MEMORY;
    if (track.heardInside + track.heardOutside >= BASELINE_MEMORY) {
      track.heardInside *= fade;
      track.heardOutside *= fade;
    }
    if (where === 0) {
      track.heardInside++;
      track.recentInside--;
    }
    if (where === 1) {
      track.heardOutside++;
      track.recentOutside--;
    }
    if (!Number.isNaN(rssiDbm)) addToBaseline(baselines, antenna, rssiDbm);
  }
  if (settled > 0) dropFirst(recent, settled);
}

function addToBaseline(baselines: Baselines, antenna: number, rssiDbm: number): void {
  const row = baselineOf(baselines, antenna);
  if (row === -1) {
    baselines.push(antenna, 1, rssiDbm);
    return;
  }
  const reads = Math.min(BASELINE_MEMORY, baselines[row + 1]! + 1);
  baselines[row + 1] = reads;
  baselines[row + 2]! += (rssiDbm - baselines[row + 2]!) / reads;
}
