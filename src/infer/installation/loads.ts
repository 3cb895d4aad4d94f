// Loads as a portal's antennas heard them, whatever was decided about them: in a bad installation decisions are bad too, so its
// faults must not be looked for in what was decided. Passages whose reads lie together in time are one load; how loud each
// antenna heard it, moment by moment, is its course. Pure.
import type { SitePlan } from '../../config/plan.ts';
import { readsOf } from '../recent.ts';
import type { Decision } from '../passage.ts';

/** The antennas of a portal, as courses number them. */
export interface PortalAntennas {
  /** By antenna index of the site plan; −1 for those of others. */
  readonly placeOf: Int16Array;
  readonly antennas: readonly LoadAntenna[];
}

export interface LoadAntenna {
  readonly reader: string;
  readonly antenna: number;
  readonly side: 'inside' | 'outside';
}

/** A load while its passages come in. Plain, for the snapshot. */
export interface OpenLoad {
  /** The middle of the first passage, by loudness. */
  readonly at: number;
  tags: number;
  reads: number;
  /** Times that a reader read a tag again within `AGAIN_MS`. */
  again: number;
  readonly heard: number[];
  /** Antenna by antenna, moment by moment: sums of amplitudes. */
  readonly course: Float64Array;
}

/** What is kept of a load. */
export interface Load {
  readonly at: number;
  readonly tags: number;
  readonly reads: number;
  readonly again: number;
  /** Reads, by antenna. */
  readonly heard: readonly number[];
  /** How much later than all of them together each antenna heard it, s; 0 for one that heard nothing. */
  readonly lagS: readonly number[];
  /** Sums of amplitudes by antenna, before the middle of the load and after it. */
  readonly early: readonly number[];
  readonly late: readonly number[];
}

/** Passages that are no further apart are of one load. */
const TOGETHER_MS = 1000;
/** A course reaches so far to both sides of its middle, in moments of a quarter second. */
const REACH_MS = 4000;
const MOMENT_MS = 250;
const MOMENTS = (2 * REACH_MS) / MOMENT_MS;
/** A tag that is about for longer is parked, unless it crossed: it has no course. */
const ABOUT_MS = 20_000;
/** A reader that does not suppress what it has just read reads it again within this time, if it reads it again at all. */
export const AGAIN_MS = 1500;
/** The last passages of a load are decided this long after its middle. */
const COMPLETE_MS = 30_000;

export function antennasOf(plan: SitePlan, portal: number): PortalAntennas {
  const placeOf = new Int16Array(plan.antennas.length).fill(-1);
  const antennas: LoadAntenna[] = [];
  for (const { index, readPoint, side, reader, antenna } of plan.antennas) {
    if (readPoint !== portal || side === undefined || antenna === 0) continue;
    placeOf[index] = antennas.push({ reader, antenna, side }) - 1;
  }
  return { placeOf, antennas };
}

/** Takes a passage into the load that it belongs to. */
export function gather(
  open: OpenLoad[],
  { placeOf, antennas }: PortalAntennas,
  plan: SitePlan,
  passage: Decision,
): void {
  const isThrough = passage.leading === 'in' || passage.leading === 'out' || passage.outcome === 'undecided';
  if (!isThrough && passage.lastAt - passage.firstAt > ABOUT_MS) return;
  const reads = readsOf(passage.reads).filter(({ antenna }) => placeOf[antenna]! >= 0);
  if (reads.length === 0) return;
  let weight = 0;
  let moment = 0;
  for (const { at, rssiDbm } of reads) {
    weight += amplitude(rssiDbm);
    moment += amplitude(rssiDbm) * (at - reads[0]!.at);
  }
  const middle = reads[0]!.at + moment / weight;
  let load = open.findLast(({ at }) => Math.abs(at - middle) <= TOGETHER_MS);
  if (load === undefined) {
    load = {
      at: middle,
      tags: 0,
      reads: 0,
      again: 0,
      heard: antennas.map(() => 0),
      course: new Float64Array(antennas.length * MOMENTS),
    };
    open.push(load);
  }
  load.tags++;
  for (const [index, { at, rssiDbm, antenna }] of reads.entries()) {
    const place = Math.floor((at - load.at + REACH_MS) / MOMENT_MS);
    if (place < 0 || place >= MOMENTS) continue;
    const own = placeOf[antenna]!;
    load.reads++;
    load.heard[own]!++;
    load.course[own * MOMENTS + place]! += amplitude(rssiDbm);
    const { reader } = plan.antennas[antenna]!;
    for (let before = index - 1; before >= 0 && at - reads[before]!.at < AGAIN_MS; before--) {
      if (plan.antennas[reads[before]!.antenna]!.reader !== reader) continue;
      load.again++;
      break;
    }
  }
}

/** The first moment, on a grid, at which a load is complete; infinite when none is open. */
export function completeAt(open: readonly OpenLoad[], gridMs: number): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { at } of open) first = Math.min(first, Math.ceil((at + COMPLETE_MS) / gridMs) * gridMs);
  return first;
}

/** Loads that are complete at `now`, oldest first; they are taken out. */
export function takeComplete(open: OpenLoad[], { antennas }: PortalAntennas, now: number): Load[] {
  open.sort((a, b) => a.at - b.at);
  let complete = 0;
  while (complete < open.length && now - open[complete]!.at >= COMPLETE_MS) complete++;
  return open.splice(0, complete).map((load) => measured(load, antennas));
}

/** Of a read without RSSI only its time counts. */
const amplitude = (rssiDbm: number): number => (Number.isNaN(rssiDbm) ? 1 : 10 ** ((rssiDbm + 75) / 20));

function measured({ at, tags, reads, again, heard, course }: OpenLoad, antennas: readonly LoadAntenna[]): Load {
  const momentS = (moment: number): number => ((moment + 0.5) * MOMENT_MS - REACH_MS) / 1000;
  let weight = 0;
  let sum = 0;
  for (const [index, loudness] of course.entries()) {
    weight += loudness;
    sum += loudness * momentS(index % MOMENTS);
  }
  const middleS = sum / weight;
  const early: number[] = [];
  const late: number[] = [];
  const lagS = antennas.map((_, own) => {
    let before = 0;
    let after = 0;
    let lag = 0;
    for (let moment = 0; moment < MOMENTS; moment++) {
      const loudness = course[own * MOMENTS + moment]!;
      const sinceS = momentS(moment) - middleS;
      lag += loudness * sinceS;
      if (sinceS > 0) after += loudness;
      else before += loudness;
    }
    early.push(before);
    late.push(after);
    return lag / weight;
  });
  return { at, tags, reads, again, heard, lagS, early, late };
}

/** Places of antennas that are taken to look at one side, and at the other. */
export interface Sides {
  readonly one: readonly number[];
  readonly other: readonly number[];
}

/**
 * By how much the antennas of a side hear a load louder while it is on their side than while it is on the other, dB, the mean of
 * both sides. A read at the floor more keeps silence from being infinitely quiet.
 */
export function separationDb({ early, late }: Load, { one, other }: Sides): number {
  const sum = (of: readonly number[], places: readonly number[]): number =>
    places.reduce((total, place) => total + of[place]!, 1);
  return Math.abs(10 * Math.log10((sum(late, one) * sum(early, other)) / (sum(early, one) * sum(late, other))));
}

/** How much louder an antenna of one side heard a load in all than one of the other, dB. */
export function balanceDb({ early, late }: Load, { one, other }: Sides): number {
  const mean = (places: readonly number[]): number =>
    places.reduce((total, place) => total + early[place]! + late[place]!, 0) / places.length + 1;
  return 20 * Math.log10(mean(one) / mean(other));
}
