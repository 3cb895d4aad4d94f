// The way through the bins of a pick list: the nearest next, then improved by 2-opt and Or-opt until nothing gets shorter. Pure.
import type { Spot } from '../../config/spots.ts';

export interface Route {
  /** Indices of the spots in the order of the way. */
  readonly order: readonly number[];
  readonly distanceM: number;
}

/** Stretches of so many stops are moved elsewhere as a whole. */
const STRETCH_MAX = 3;
/** Of very long lists the way is good before it is the best that these steps find. */
const ROUNDS_MAX = 50;
const SHORTER_M = 1e-9;

/**
 * The way from `start` over all spots and back to it; without a start it begins and ends where that is shortest. Distances are as
 * the crow flies, in metres. Croes (1958) and Or (1976): neither step ever makes the way longer.
 */
export function routeOver(spots: readonly Spot[], start?: Spot): Route {
  if (spots.length === 0) return { order: [], distanceM: 0 };
  const between = distances(spots, start);
  const way = nearestNext(spots.length, between, start !== undefined);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const isShorter = turnStretches(way, between);
    if (!moveStretches(way, between) && !isShorter) break;
  }
  return { order: way.slice(1, -1), distanceM: lengthOf(way, between) };
}

/** From spot to spot; −1 is the start, which without one is nowhere, and near to everything. */
type Between = (a: number, b: number) => number;

function distances(spots: readonly Spot[], start: Spot | undefined): Between {
  const count = spots.length + 1;
  const table = new Float64Array(count * count);
  for (let a = -1; a < spots.length; a++) {
    for (let b = -1; b < spots.length; b++) {
      const [from, to] = [a === -1 ? start : spots[a]!, b === -1 ? start : spots[b]!];
      table[(a + 1) * count + b + 1] =
        from === undefined || to === undefined ? 0 : Math.hypot(from.x - to.x, from.y - to.y);
    }
  }
  return (a, b) => table[(a + 1) * count + b + 1]!;
}

const lengthOf = (way: readonly number[], between: Between): number =>
  way.slice(1).reduce((sum, spot, index) => sum + between(way[index]!, spot), 0);

/** Begins and ends at −1. Of equally near ones the first. */
function nearestNext(count: number, between: Between, hasStart: boolean): number[] {
  const left = new Set(Array.from({ length: count }, (_, index) => index));
  const way = [-1];
  while (left.size > 0) {
    const here = way.at(-1)!;
    let next = -1;
    for (const spot of left) if (next === -1 || between(here, spot) < between(here, next)) next = spot;
    if (way.length === 1 && !hasStart) next = 0;
    left.delete(next);
    way.push(next);
  }
  way.push(-1);
  return way;
}

/** 2-opt: a stretch is gone the other way round where that is shorter. */
function turnStretches(way: number[], between: Between): boolean {
  let isShorter = false;
  for (let from = 1; from < way.length - 1; from++) {
    for (let to = from + 1; to < way.length - 1; to++) {
      const [before, first, last, after] = [way[from - 1]!, way[from]!, way[to]!, way[to + 1]!];
      const gain = between(before, first) + between(last, after) - between(before, last) - between(first, after);
      if (gain <= SHORTER_M) continue;
      for (let a = from, b = to; a < b; a++, b--) [way[a], way[b]] = [way[b]!, way[a]!];
      isShorter = true;
    }
  }
  return isShorter;
}

/** Or-opt: a short stretch is gone at another place of the way, either way round, where that is shorter. */
function moveStretches(way: number[], between: Between): boolean {
  let isShorter = false;
  for (let count = 1; count <= STRETCH_MAX; count++) {
    for (let from = 1; from + count < way.length; from++) {
      const [before, first, last, after] = [way[from - 1]!, way[from]!, way[from + count - 1]!, way[from + count]!];
      const saved = between(before, first) + between(last, after) - between(before, after);
      let best = { gain: SHORTER_M, at: -1, isTurned: false };
      for (let at = 0; at < way.length - 1; at++) {
        if (at >= from - 1 && at < from + count) continue;
        const [left, right] = [way[at]!, way[at + 1]!];
        const open = between(left, right);
        const straight = saved + open - between(left, first) - between(last, right);
        const turned = saved + open - between(left, last) - between(first, right);
        if (straight > best.gain) best = { gain: straight, at, isTurned: false };
        if (turned > best.gain) best = { gain: turned, at, isTurned: true };
      }
      if (best.at === -1) continue;
      const stretch = way.splice(from, count);
      if (best.isTurned) stretch.reverse();
      way.splice(best.at < from ? best.at + 1 : best.at + 1 - count, 0, ...stretch);
      isShorter = true;
    }
  }
  return isShorter;
}
