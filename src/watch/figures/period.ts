// What key figures are asked for: sites, and from when to when.
import type { Queryable } from '../../store/database.ts';

export interface Period {
  /** ms; `to` is not in it. */
  readonly from: number;
  readonly to: number;
}

export interface Asked extends Period {
  readonly on: Queryable;
  readonly sites: readonly string[];
}

const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const daysOf = ({ from, to }: Period): number => (to - from) / DAY_MS;

/** So many of so many. `share` is null when there was nothing to count. */
export interface Share {
  readonly asked: number;
  readonly filled: number;
  readonly share: number | null;
}

export const shareOf = (asked: number, filled: number): Share => ({
  asked,
  filled,
  share: asked === 0 ? null : rounded(filled / asked, 4),
});

export const rounded = (value: number, decimals: number): number => {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
};

export const roundedOrNull = (value: number | null, decimals: number): number | null =>
  value === null ? null : rounded(value, decimals);

/** Whole days of UTC within the period, and the day that `to` lies in, as Postgres takes them. */
export function wholeDaysOf({ from, to }: Period): {
  readonly first: string;
  readonly last: string;
  readonly after: string;
} {
  const first = Math.ceil(from / DAY_MS);
  const last = Math.floor(to / DAY_MS);
  // Within one day there is no whole one: everything is asked of the postings themselves.
  const isShort = first >= last;
  const dayOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
  return {
    first: dayOf(isShort ? Math.ceil(to / DAY_MS) : first),
    last: dayOf(isShort ? Math.ceil(to / DAY_MS) : last),
    after: dayOf(Math.ceil(to / DAY_MS)),
  };
}

/** The hour that `from` lies in, the first whole one within the period, and the one after the last whole one: their beginnings, ms. */
export function hoursOf({ from, to }: Period): {
  readonly first: number;
  readonly whole: number;
  readonly after: number;
} {
  const whole = Math.ceil(from / HOUR_MS) * HOUR_MS;
  return {
    first: Math.floor(from / HOUR_MS) * HOUR_MS,
    whole,
    // Within one hour there is no whole one: everything is asked of the postings themselves.
    after: Math.max(whole, Math.floor(to / HOUR_MS) * HOUR_MS),
  };
}
