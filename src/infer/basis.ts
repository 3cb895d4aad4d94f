// What a decision was made from, beside its reads: enough to make it again, and to ask what would have changed it (infer/why/). Kept with
// the evidence, as plain JSON.
import { firstAtOf } from '../clean/sighting.ts';
import type { Rules } from '../config/rules.ts';
import type { Manner } from './radio/explain.ts';
import { chanceOf, type Lore } from './radio/learn.ts';
import { eachBaseline, type Direction, type LastCrossing, type Track } from './track.ts';

/** The load that a tag was weighed against. */
export interface BasisLoad {
  readonly course: number;
  readonly moment: number;
  readonly share: number;
  /** P(the load crossed), the light beam included. */
  readonly probability: number;
  readonly size: number;
}

export interface Basis {
  readonly direction: Direction;
  /** The moment that was weighed, and until when reads counted. ms, event time. */
  readonly at: number;
  readonly until: number;
  /** Undefined for a tag that was judged by itself. */
  readonly load: BasisLoad | undefined;
  /** Log-odds that the light beam added. */
  readonly beam: number;
  /** Log-odds, from earlier crossings, that it moves when its surroundings move. */
  readonly prior: number;
  /** The way that a list expected it to go; undefined for a tag on none. */
  readonly expected?: Direction | undefined;
  /** What the portal had learned: place of its air, reads/s, ln P(loudness), how often loads and single tags cross. */
  readonly air: number;
  readonly rate: number;
  readonly logLoudness: readonly number[];
  readonly group: number;
  readonly alone: number;
  /** When it had crossed before, at which portal (index of the plan) and which way; undefined when it had not. ms. */
  readonly crossedBefore: LastCrossing | undefined;
  /** Since when it had been heard, and how it had sounded before: antenna (index of the plan), reads, mean dBm. */
  readonly heardFrom: number;
  readonly baselines: readonly (readonly [antenna: number, reads: number, meanDbm: number])[];
  /** The thresholds that held. */
  readonly postAt: number;
  readonly ignoreBelow: number;
}

/** Before the decision is told: telling it changes the track. */
export function basisOf(
  track: Track,
  lore: Lore,
  rules: Rules['portal'],
  given: Pick<Basis, 'direction' | 'at' | 'until' | 'load' | 'beam' | 'prior' | 'expected'>,
): Basis {
  return {
    ...given,
    air: lore.air,
    rate: rounded(lore.manner.rate),
    logLoudness: plainOf(lore.manner),
    group: rounded(chanceOf(lore.group)),
    alone: rounded(chanceOf(lore.alone)),
    crossedBefore: track.lastCrossing,
    heardFrom: firstAtOf(track.sighting!),
    baselines: baselinesOf(track),
    postAt: rules.postAt,
    ignoreBelow: rules.ignoreBelow,
  };
}

function baselinesOf({ baselines }: Track): Basis['baselines'] {
  const rows: (readonly [number, number, number])[] = [];
  eachBaseline(baselines, (antenna, reads, meanDbm) => rows.push([antenna, rounded(reads), rounded(meanDbm)]));
  return rows;
}

/** The same for all tags of a look. */
const plain = new WeakMap<Manner, readonly number[]>();
function plainOf(manner: Manner): readonly number[] {
  let known = plain.get(manner);
  if (known === undefined) plain.set(manner, (known = Array.from(manner.logLoudness, (log) => rounded(log))));
  return known;
}

/** It is kept with every passage: no digit more than it takes to come out the same. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
