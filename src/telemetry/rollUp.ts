// Points of a range summed by the minute and by the hour, to be added to what is there. Pure.
import type { MeasurePoint, RatePoint } from './project.ts';
import { emptyTagSet, type TagSet } from './tagSet.ts';

export const WIDTHS = { minute: 60_000, hour: 3_600_000 } as const;
export type Width = keyof typeof WIDTHS;

export interface MeasureSum {
  readonly device: string;
  readonly name: string;
  readonly unit: string;
  /** Start of the minute or hour, ms. */
  readonly at: number;
  count: number;
  sum: number;
  min: number;
  max: number;
}

export type RateSum = { -readonly [K in keyof RatePoint]: RatePoint[K] };

/** One a series and bucket, in the order of their keys: who writes beside us takes locks in the same order. */
export function sumMeasures(points: readonly MeasurePoint[], width: Width): MeasureSum[] {
  const widthMs = WIDTHS[width];
  const sums = new Map<string, Map<number, MeasureSum>>();
  for (const { device, name, unit = '', at: when, value } of points) {
    const series = `${device}\n${name}\n${unit}`;
    let buckets = sums.get(series);
    if (buckets === undefined) sums.set(series, (buckets = new Map()));
    const at = Math.floor(when / widthMs) * widthMs;
    const sum = buckets.get(at);
    if (sum === undefined) buckets.set(at, { device, name, unit, at, count: 1, sum: value, min: value, max: value });
    else {
      sum.count++;
      sum.sum += value;
      if (value < sum.min) sum.min = value;
      if (value > sum.max) sum.max = value;
    }
  }
  return [...sums]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, buckets]) => [...buckets.values()].toSorted((a, b) => a.at - b.at));
}

export function sumRates(points: readonly RatePoint[], width: Width): RateSum[] {
  const widthMs = WIDTHS[width];
  const sums = new Map<string, RateSum>();
  for (const point of points) {
    const at = Math.floor(point.at / widthMs) * widthMs;
    const key = `${point.reader}\n${point.antenna}\n${at}`;
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { ...point, at, tags: united(emptyTagSet(), point.tags) });
    else {
      sum.reads += point.reads;
      sum.withRssi += point.withRssi;
      sum.rssiSumDbm += point.rssiSumDbm;
      sum.rssiMaxDbm = Math.max(sum.rssiMaxDbm, point.rssiMaxDbm);
      united(sum.tags, point.tags);
    }
  }
  return [...sums.values()];
}

function united(into: TagSet, other: TagSet): TagSet {
  for (let index = 0; index < into.length; index++) into[index]! |= other[index]!;
  return into;
}
