// Points of a range by series, and summed by the minute and by the hour, to be added to what is there. Pure.
import type { MeasurePoint, RatePoint } from './project.ts';
import { emptyTagSet, type TagSet } from './tagSet.ts';

export const WIDTHS = { minute: 60_000, hour: 3_600_000 } as const;
export type Width = keyof typeof WIDTHS;

/** What one device measures under one name in one unit. */
export interface PointSeries {
  readonly device: string;
  readonly name: string;
  readonly unit: string | undefined;
  readonly points: MeasurePoint[];
}

export interface MeasureSum {
  /** Start of the minute or hour, ms. */
  readonly at: number;
  count: number;
  sum: number;
  min: number;
  max: number;
}

/** In the order of their keys: who writes beside us takes locks in the same order. */
export function bySeries(points: readonly MeasurePoint[]): readonly PointSeries[] {
  const devices = new Map<string, Map<string, PointSeries[]>>();
  for (const point of points) {
    let names = devices.get(point.device);
    if (names === undefined) devices.set(point.device, (names = new Map()));
    let units = names.get(point.name);
    if (units === undefined) names.set(point.name, (units = []));
    let series = units.find(({ unit }) => unit === point.unit);
    if (series === undefined)
      units.push((series = { device: point.device, name: point.name, unit: point.unit, points: [] }));
    series.points.push(point);
  }
  return [...devices.values()]
    .flatMap((names) => [...names.values()].flat())
    .toSorted((a, b) => compare(a.device, b.device) || compare(a.name, b.name) || compare(a.unit ?? '', b.unit ?? ''));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The sums of one series, oldest first. */
export function sumsOf({ points }: PointSeries, width: Width): readonly MeasureSum[] {
  const widthMs = WIDTHS[width];
  const sums = new Map<number, MeasureSum>();
  let last: MeasureSum | undefined;
  for (const { at: when, value } of points) {
    const at = Math.floor(when / widthMs) * widthMs;
    // The same bucket most of the time.
    const sum: MeasureSum | undefined = last?.at === at ? last : sums.get(at);
    if (sum === undefined) sums.set(at, (last = { at, count: 1, sum: value, min: value, max: value }));
    else {
      last = sum;
      sum.count++;
      sum.sum += value;
      if (value < sum.min) sum.min = value;
      if (value > sum.max) sum.max = value;
    }
  }
  return [...sums.values()].toSorted((a, b) => a.at - b.at);
}

export type RateSum = { -readonly [K in keyof RatePoint]: RatePoint[K] };

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
