// Points of a range by series, and summed by ten seconds, by the minute and by the hour, to be added to what is there. Pure.
import type { MeasurePoint, RatePoint } from './project.ts';
import { emptyTagSet, type TagSet } from './tagSet.ts';

/** Of sums, the narrowest first; ms. What antennas read is by ten seconds to begin with. */
export const WIDTHS = { ten_seconds: 10_000, minute: 60_000, hour: 3_600_000 } as const;
export type Width = keyof typeof WIDTHS;
export const MEASURE_WIDTHS = ['ten_seconds', 'minute', 'hour'] as const;
export const RATE_WIDTHS = ['minute', 'hour'] as const;

/** What one device measures under one name in one unit. */
export interface PointSeries {
  readonly device: string;
  readonly name: string;
  readonly unit: string | undefined;
  readonly points: MeasurePoint[];
}

export interface MeasureSum {
  /** Start of the ten seconds, minute or hour, ms. */
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

/** The sums of one series by ten seconds, oldest first. */
export function sumsOf({ points }: PointSeries): readonly MeasureSum[] {
  const sums = new Map<number, MeasureSum>();
  let last: MeasureSum | undefined;
  for (const { at: when, value } of points) {
    const at = Math.floor(when / WIDTHS.ten_seconds) * WIDTHS.ten_seconds;
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

/** Sums put together to wider ones. Both oldest first. */
export function widened(narrower: readonly MeasureSum[], width: Width): readonly MeasureSum[] {
  const sums: MeasureSum[] = [];
  for (const one of narrower) {
    const at = Math.floor(one.at / WIDTHS[width]) * WIDTHS[width];
    const last = sums.at(-1);
    if (last?.at !== at) sums.push({ ...one, at });
    else {
      last.count += one.count;
      last.sum += one.sum;
      last.min = Math.min(last.min, one.min);
      last.max = Math.max(last.max, one.max);
    }
  }
  return sums;
}

/** The sums of the ten seconds of a minute. */
export interface MinuteOfTens {
  /** Start of the minute, ms. */
  readonly at: number;
  /** Of each of the six: count, sum, least and most; 0, 0, Infinity and -Infinity when there are none. */
  readonly tens: number[];
}
const NO_TENS = Array.from({ length: 6 }, () => [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]).flat();

/** Sums by ten seconds, oldest first, minute by minute. */
export function tensOf(sums: readonly MeasureSum[]): readonly MinuteOfTens[] {
  const minutes: MinuteOfTens[] = [];
  for (const { at, count, sum, min, max } of sums) {
    const minute = Math.floor(at / WIDTHS.minute) * WIDTHS.minute;
    let last = minutes.at(-1);
    if (last?.at !== minute) minutes.push((last = { at: minute, tens: [...NO_TENS] }));
    const from = ((at - minute) / WIDTHS.ten_seconds) * 4;
    [last.tens[from], last.tens[from + 1], last.tens[from + 2], last.tens[from + 3]] = [count, sum, min, max];
  }
  return minutes;
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
