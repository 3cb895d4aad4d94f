// What simpler rules make of the same reads: the naive one, first side against last side, and that of an open-source service
// (edgex.ts). Each gives crossings, scored like ours.
import { edgexMoves } from './edgex.ts';
import type { Crossing } from './match.ts';
import type { SidedRead } from './sides.ts';

export type Baseline = (reads: readonly SidedRead[]) => Crossing[];

export const BASELINES = { naive, firstLast, edgex: edgexMoves } as const satisfies Readonly<Record<string, Baseline>>;
export type BaselineName = keyof typeof BASELINES;

/** Any read counts: whatever was heard went where it was heard last, when it was heard best. */
export function naive(reads: readonly SidedRead[]): Crossing[] {
  return presencesOf(reads).map((presence) => {
    const { epc, readPoint, side } = presence.at(-1)!;
    return { epc, readPoint, direction: directionTo(side), at: strongestOf(presence).at };
  });
}

/**
 * A tag crossed the door that heard it most when it was heard last on the other side than first; half way between its
 * strongest reads on either side.
 */
export function firstLast(reads: readonly SidedRead[]): Crossing[] {
  return presencesOf(reads).flatMap((presence) => {
    const door = doorOf(presence);
    const own = presence.filter(({ readPoint }) => readPoint === door);
    const { side, epc } = own.at(-1)!;
    if (own[0]!.side === side) return [];
    const here = strongestOf(own.filter((read) => read.side === side));
    const there = strongestOf(own.filter((read) => read.side !== side));
    return [{ epc, readPoint: door, direction: directionTo(side), at: (here.at + there.at) / 2 }];
  });
}

const directionTo = (side: SidedRead['side']): Crossing['direction'] => (side === 'inside' ? 'in' : 'out');

/** A tag that is not heard for so long has left. */
const PRESENCE_GAP_MS = 5000;

/** Reads of one tag without a gap, in order of time. */
function presencesOf(reads: readonly SidedRead[]): SidedRead[][] {
  const presences: SidedRead[][] = [];
  const open = new Map<string, SidedRead[]>();
  for (const read of reads.toSorted((a, b) => a.at - b.at)) {
    const known = open.get(read.epc);
    if (known !== undefined && read.at - known.at(-1)!.at <= PRESENCE_GAP_MS) known.push(read);
    else {
      const presence = [read];
      open.set(read.epc, presence);
      presences.push(presence);
    }
  }
  return presences;
}

const strongestOf = (reads: readonly SidedRead[]): SidedRead =>
  reads.reduce((best, read) => (read.rssiDbm > best.rssiDbm ? read : best));

function doorOf(reads: readonly SidedRead[]): string {
  const counts = new Map<string, number>();
  for (const { readPoint } of reads) counts.set(readPoint, (counts.get(readPoint) ?? 0) + 1);
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}
