// What is posted at once, and as arrays of columns, which is what `unnest` takes.
import type { Effects } from '../infer/effects.ts';
import { storableValue } from '../store/text.ts';

/** Effects of consecutive rows of one site, after `from` up to `to`; rows that led to nothing may be left out. */
export interface EffectsBatch {
  readonly site: string;
  readonly from: number;
  readonly to: number;
  readonly effects: readonly Effects[];
}

/** Columns of a list of records, as `unnest` wants them. */
export const columns = <T>(records: readonly T[], ...of: readonly ((record: T) => unknown)[]): unknown[][] =>
  of.map((value) => records.map((record) => storableValue(value(record))));

/** Of several states of one thing within a batch the last one holds. */
export const lastOf = <T>(told: readonly T[], keyOf: (one: T) => string): T[] => [
  ...new Map(told.map((one) => [keyOf(one), one])).values(),
];
