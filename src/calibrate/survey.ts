// What the antennas of a recording hear: how loud, how weak at the weakest, how often of what surely crosses, and how much of that the
// next door hears too. For a person who wonders whether a door is built well; nothing is decided by it. Pure.
import type { AntennaPlan, SitePlan } from '../config/plan.ts';
import type { PassageEffect } from '../infer/effects.ts';
import type { Entries } from '../wire/entries.ts';
import { identify } from '../wire/epc/decodeEpc.ts';
import { momentOf } from './decide.ts';

/** Reads this long before and after a crossing are of it. */
export const AROUND_MS = 4000;
const SURE = 0.99;
const COMPANY = 3;
/** dBm in halves from −0.5 down to −127.5. */
const HALVES = 256;

export interface RssiSpread {
  readonly reads: number;
  /** Shares of the reads are weaker than these; undefined where none told its RSSI. */
  readonly p1Dbm: number | undefined;
  readonly p10Dbm: number | undefined;
  readonly p50Dbm: number | undefined;
  readonly p90Dbm: number | undefined;
}

export interface AntennaSurvey {
  readonly name: string;
  readonly side: string;
  readonly tags: number;
  readonly all: RssiSpread;
  /** Of tags that surely crossed here, while they did. */
  readonly crossing: RssiSpread;
}

export interface PortalSurvey {
  readonly id: string;
  /** Tags that surely crossed. */
  readonly crossings: number;
  /** Reads of one, in the middle. */
  readonly readsPerCrossing: number;
  readonly bothSides: number;
  /** Share of their reads that antennas of other portals caught. */
  readonly leakage: number;
  readonly outside: RssiSpread;
  readonly inside: RssiSpread;
  readonly antennas: readonly AntennaSurvey[];
}

interface Heard {
  readonly at: number;
  readonly portal: number;
  reads: number;
  elsewhere: number;
  outside: boolean;
  inside: boolean;
}

interface Counts {
  readonly all: Uint32Array;
  readonly crossing: Uint32Array;
  readonly tags: Set<string>;
  untold: number;
}

/** Takes the entries of every row; `done` tells. Crossings are what was decided of the same rows. */
export function openSurvey(plan: SitePlan, passages: readonly PassageEffect[]) {
  const crossings = sureCrossings(plan, passages);
  const counts = plan.antennas.map((): Counts => ({
    all: new Uint32Array(HALVES),
    crossing: new Uint32Array(HALVES),
    tags: new Set(),
    untold: 0,
  }));
  const spellings = new Map<string, string>();
  const tagOf = (spelling: string): string => {
    let tag = spellings.get(spelling);
    if (tag === undefined) spellings.set(spelling, (tag = identify(spelling).epc));
    return tag;
  };
  return {
    take({ reads }: Entries): void {
      const antennas = reads.sources.map((source) => plan.antennaOf(source));
      for (let index = 0; index < reads.length; index++) {
        const antenna = antennas[reads.source[index]!];
        if (antenna === undefined || plan.readPoints[antenna.readPoint]!.kind !== 'portal') continue;
        const tag = tagOf(reads.epc[index]!);
        const own = counts[antenna.index]!;
        const at = reads.seenAt[index]!;
        const heard = crossings.get(tag)?.find((crossing) => Math.abs(crossing.at - at) <= AROUND_MS);
        const place = Math.round(reads.rssiDbm[index]! * -2);
        own.tags.add(tag);
        if (Number.isNaN(place)) own.untold++;
        else own.all[place]!++;
        if (heard === undefined) continue;
        if (heard.portal === antenna.readPoint) {
          heard.reads++;
          if (antenna.side !== undefined) heard[antenna.side] = true;
          if (!Number.isNaN(place)) own.crossing[place]!++;
        } else heard.elsewhere++;
      }
    },
    done: (): PortalSurvey[] =>
      plan.readPoints.flatMap((point) => {
        if (point.kind !== 'portal') return [];
        const antennas = plan.antennas.filter(({ readPoint }) => readPoint === point.index);
        return [
          portalOf(
            point.id,
            antennas,
            counts,
            [...crossings.values()].flat().filter(({ portal }) => portal === point.index),
          ),
        ];
      }),
  };
}

/** By tag. Company makes sure: one tag alone may be mistaken. */
function sureCrossings(plan: SitePlan, passages: readonly PassageEffect[]): Map<string, Heard[]> {
  const found = new Map<string, Heard[]>();
  for (const passage of passages) {
    const { epc, outcome, probability, group, readPoint } = passage;
    if ((outcome !== 'in' && outcome !== 'out') || probability < SURE || (group?.size ?? 0) < COMPANY) continue;
    const portal = plan.readPoints.findIndex(({ id }) => id === readPoint);
    const heard = { at: momentOf(passage), portal, reads: 0, elsewhere: 0, outside: false, inside: false };
    const own = found.get(epc);
    if (own === undefined) found.set(epc, [heard]);
    else own.push(heard);
  }
  return found;
}

function portalOf(
  id: string,
  antennas: readonly AntennaPlan[],
  counts: readonly Counts[],
  crossings: readonly Heard[],
): PortalSurvey {
  const reads = crossings.map((one) => one.reads).sort((a, b) => a - b);
  const own = reads.reduce((sum, one) => sum + one, 0);
  const elsewhere = crossings.reduce((sum, one) => sum + one.elsewhere, 0);
  const sideOf = (side: string): RssiSpread => {
    const total = new Uint32Array(HALVES);
    for (const antenna of antennas) {
      if (antenna.side !== side) continue;
      for (const [place, count] of counts[antenna.index]!.crossing.entries()) total[place]! += count;
    }
    return spreadOf(total);
  };
  return {
    id,
    crossings: crossings.length,
    readsPerCrossing: reads[Math.floor(reads.length / 2)] ?? 0,
    bothSides: crossings.filter(({ outside, inside }) => outside && inside).length,
    leakage: elsewhere / Math.max(1, own + elsewhere),
    outside: sideOf('outside'),
    inside: sideOf('inside'),
    // The one that stands for a reader that does not say which is shown when it was heard.
    antennas: antennas.flatMap(({ index, reader, antenna, side }) => {
      const { all, crossing, tags, untold } = counts[index]!;
      if (antenna === 0 && tags.size === 0) return [];
      return [
        {
          name: antenna === 0 ? `${reader}/?` : `${reader}/${antenna}`,
          side: side ?? 'both',
          tags: tags.size,
          all: spreadOf(all, untold),
          crossing: spreadOf(crossing),
        },
      ];
    }),
  };
}

function spreadOf(counts: Uint32Array, untold = 0): RssiSpread {
  const told = counts.reduce((sum, count) => sum + count, 0);
  const at = (share: number): number | undefined => {
    if (told === 0) return undefined;
    let left = share * told;
    // From the weakest up.
    for (let place = HALVES - 1; place >= 0; place--) {
      left -= counts[place]!;
      if (left < 0) return place / -2;
    }
    return undefined;
  };
  return { reads: told + untold, p1Dbm: at(0.01), p10Dbm: at(0.1), p50Dbm: at(0.5), p90Dbm: at(0.9) };
}
