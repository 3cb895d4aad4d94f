// The mistakes of the week: when each is made, what the service must tell of it, and what else it may tell because of it.
import type { Random } from '../random.ts';
import { random } from '../random.ts';
import { DAY_MS, HOUR_MS } from './times.ts';
import { WAREHOUSES } from './sites.ts';

/** What people, suppliers and carriers do wrong. */
export const MISTAKES = [
  'supplier-short',
  'supplier-over',
  'unexpected-goods',
  'foreign-tag',
  'wrong-bin',
  'wrong-zone',
  'pick-refused',
  'pick-caught',
  'pick-shipped',
  'stolen',
  'wrong-carton',
  'wrong-door',
  'unordered-ship',
  'unread-exit',
  'lost-pallet',
  'transfer-short',
  'misrouted',
  'unannounced-return',
  'third-party-loss',
] as const;
export type Mistake = (typeof MISTAKES)[number];

/** What must be told of a mistake: one of these kinds, about one of these things, soon enough. */
export interface Expected {
  readonly mistake: Mistake;
  readonly site: string;
  readonly kinds: readonly string[];
  /** Any of these tags; any at all when left out. */
  readonly epcs?: readonly string[];
  readonly sku?: string;
  readonly location?: string;
  readonly readPoint?: string;
  /** The order that it is about. */
  readonly order?: string;
  readonly from: number;
  readonly withinMs: number;
  /** Has any reader read or anybody scanned it? Otherwise nobody can tell. True when left out. */
  readonly isSeen?: () => boolean;
}

/** What may be told because of something that truly is so. */
export interface Excuse {
  readonly site: string;
  readonly kinds: readonly string[];
  readonly epcs?: readonly string[];
  readonly sku?: string;
  readonly from: number;
}

export interface Mistakes {
  /** Is one of these to be made at this site by now? It is made once. */
  readonly due: (mistake: Mistake, site: string, now: number) => boolean;
  readonly expect: (expected: Expected) => void;
  readonly excuse: (excuse: Excuse) => void;
  readonly expected: readonly Expected[];
  readonly excuses: readonly Excuse[];
  /** Those that were planned and found no occasion. */
  readonly unmade: () => readonly string[];
}

/** Days before the end that a mistake must be made, so that it can still be found. */
const DAYS_LEFT: Partial<Record<Mistake, number>> = {
  'lost-pallet': 3,
  'transfer-short': 3,
  misrouted: 3,
  'pick-shipped': 2,
  'unannounced-return': 1,
  stolen: 1,
};
/** Needs goods that came before. */
const DAYS_BEFORE: Partial<Record<Mistake, number>> = {
  'unannounced-return': 1,
  'unread-exit': 1,
  'unordered-ship': 1,
};

/** Hours of the working day within which there is occasion for it; at the dock the last truck comes early. */
const LATE_H: Partial<Record<Mistake, number>> = {
  'pick-refused': 5,
  'pick-caught': 5,
  'pick-shipped': 5,
  stolen: 8,
  'lost-pallet': 6,
  'unread-exit': 6,
  'unannounced-return': 6,
};

/** Mistakes by seed: each kind once a warehouse, some day of the week, where the days suffice. */
export function planMistakes(seed: number, days: number, startAt: number): Mistakes {
  const planned = WAREHOUSES.flatMap((site) =>
    MISTAKES.filter((mistake) => mistake !== 'third-party-loss' || site === 'NORTH').flatMap((mistake) =>
      plannedOf(mistake, site, random(seed, 'mistake', mistake, site), days, startAt),
    ),
  );
  const expected: Expected[] = [];
  const excuses: Excuse[] = [];
  return {
    due: (mistake, site, now) => {
      const index = planned.findIndex((one) => one.mistake === mistake && one.site === site && one.from <= now);
      if (index < 0) return false;
      planned.splice(index, 1);
      return true;
    },
    expect: (one) => void expected.push(one),
    excuse: (one) => void excuses.push(one),
    expected,
    excuses,
    unmade: () => planned.map(({ mistake, site }) => `${mistake} at ${site}`),
  };
}

function plannedOf(mistake: Mistake, site: string, chance: Random, days: number, startAt: number) {
  const first = DAYS_BEFORE[mistake] ?? 0;
  const last = days - 1 - (DAYS_LEFT[mistake] ?? 0);
  if (last < first) return [];
  const day = chance.integer(first, last);
  return [{ mistake, site, from: startAt + day * DAY_MS + chance.between(0, (LATE_H[mistake] ?? 1.5) * HOUR_MS) }];
}
