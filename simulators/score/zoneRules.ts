// What simpler rules make of the reads of zones side by side: the last one wins, the majority of a quarter of an hour, SMURF's smoothing
// (Jeffery, Garofalakis and Franklin, VLDB 2006) and who then has more, and the rule of an open-source service (edgex.ts).
import type { RadioRead } from '../radio/radio.ts';
import { edgexMoves } from './edgex.ts';
import type { Move } from './judge.ts';
import { NAMES } from './zonesDay.ts';

/** Reads in order of time, to where each tag is put; the first of each tag says where it was first. */
export type ZoneRule = (reads: readonly RadioRead[]) => Move[];

export const ZONE_RULES = { last, majority, smurf, edgex } as const satisfies Readonly<Record<string, ZoneRule>>;
export type ZoneRuleName = keyof typeof ZONE_RULES;
export const ZONE_RULE_NAMES = Object.keys(ZONE_RULES) as ZoneRuleName[];

const zoneOf = ({ antenna }: RadioRead): number => antenna - 1;

function last(reads: readonly RadioRead[]): Move[] {
  return changesOf(reads, () => zoneOf);
}

const MAJORITY_MS = 900_000;

/** The zone that read it most in the last while; as often as the other, it stays. */
function majority(reads: readonly RadioRead[]): Move[] {
  return changesOf(reads, () => {
    const kept: RadioRead[] = [];
    const counts = [0, 0];
    return (read, before) => {
      kept.push(read);
      counts[zoneOf(read)]!++;
      while (kept[0]!.seenAt < read.seenAt - MAJORITY_MS) counts[zoneOf(kept.shift()!)]!--;
      return counts[0] === counts[1] ? (before ?? zoneOf(read)) : counts[0]! > counts[1]! ? 0 : 1;
    };
  });
}

const EPOCH_MS = 5000;
/** A tag that is there is missed by a whole window this often. */
const SMURF_DELTA = 0.05;
const SMURF_EPOCHS_MOST = 720;

/** Each zone has a window that is as long as it must be not to miss the tag; the one with more epochs in its own has it. */
function smurf(reads: readonly RadioRead[]): Move[] {
  return changesOf(reads, () => {
    const windows = NAMES.map(() => ({ epochs: [] as number[], size: 1 }));
    return (read, before) => {
      const epoch = Math.floor(read.seenAt / EPOCH_MS);
      const own = windows[zoneOf(read)]!;
      if (own.epochs.at(-1) !== epoch) own.epochs.push(epoch);
      const counts = windows.map((window) => smoothed(window, epoch));
      return counts[0] === counts[1] ? (before ?? zoneOf(read)) : counts[0]! > counts[1]! ? 0 : 1;
    };
  });
}

function smoothed(window: { epochs: number[]; size: number }, epoch: number): number {
  while (window.epochs.length > 0 && window.epochs[0]! <= epoch - SMURF_EPOCHS_MOST) window.epochs.shift();
  const countIn = (size: number): number => window.epochs.filter((one) => one > epoch - size).length;
  const count = countIn(window.size);
  const rate = Math.max(count / window.size, 1 / SMURF_EPOCHS_MOST);
  const enough = Math.min(SMURF_EPOCHS_MOST, Math.ceil(Math.log(1 / SMURF_DELTA) / rate));
  // Fewer in the later half than chance would have it: it is going.
  const half = Math.max(1, Math.floor(window.size / 2));
  const isGoing = countIn(half) < half * rate - 2 * Math.sqrt(half * rate * (1 - rate));
  if (isGoing) window.size = half;
  else if (enough > window.size) window.size = Math.min(enough, window.size + 2);
  return countIn(window.size);
}

/** A zone is one side of a door to that rule. */
function edgex(reads: readonly RadioRead[]): Move[] {
  const moves = edgexMoves(
    reads.map(({ epc, antenna, rssiDbm, seenAt }) => ({
      epc,
      readPoint: NAMES[antenna - 1]!,
      side: antenna === 1 ? 'inside' : 'outside',
      antenna,
      rssiDbm,
      at: seenAt,
    })),
  );
  return [...firstOf(reads), ...moves.map(({ epc, readPoint, at }) => ({ epc, to: readPoint, at, toldAt: at }))];
}

function firstOf(reads: readonly RadioRead[]): Move[] {
  const known = new Set<string>();
  return reads.flatMap((read) => {
    if (known.has(read.epc)) return [];
    known.add(read.epc);
    return [moveOf(read, zoneOf(read))];
  });
}

const moveOf = ({ epc, seenAt }: RadioRead, zone: number): Move => ({
  epc,
  to: NAMES[zone]!,
  at: seenAt,
  toldAt: seenAt,
});

/** Where a read puts its tag, which was in a zone before it, if in any. */
type Place = (read: RadioRead, before: number | undefined) => number;

function changesOf(reads: readonly RadioRead[], openTag: () => Place): Move[] {
  const tags = new Map<string, { readonly place: Place; zone: number | undefined }>();
  return reads.flatMap((read) => {
    let tag = tags.get(read.epc);
    if (tag === undefined) tags.set(read.epc, (tag = { place: openTag(), zone: undefined }));
    const zone = tag.place(read, tag.zone);
    if (zone === tag.zone) return [];
    tag.zone = zone;
    return [moveOf(read, zone)];
  });
}
