// Rows of the journal to points in time: what devices measured, and how often and how strongly each antenna read. Pure.
import type { Row } from '../wire/row.ts';
import { addTag, emptyTagSet, type TagSet } from './tagSet.ts';

/** One measured value. `entry` counts within its row, so that equal times stay apart. */
export interface MeasurePoint {
  readonly device: string;
  readonly name: string;
  readonly unit: string | undefined;
  /** ms since 1970. */
  readonly at: number;
  readonly value: number;
  readonly offset: number;
  readonly entry: number;
}

/** What one antenna read within ten seconds, as far as these rows tell; adds up over rows. */
export interface RatePoint {
  readonly reader: string;
  readonly antenna: number;
  /** Start of the ten seconds, ms since 1970. */
  readonly at: number;
  reads: number;
  withRssi: number;
  rssiSumDbm: number;
  rssiMaxDbm: number;
  /** Which tags, as a set that unites with others. */
  readonly tags: TagSet;
}

export interface Points {
  readonly measures: readonly MeasurePoint[];
  readonly rates: readonly RatePoint[];
}

export const RATE_BUCKET_MS = 10_000;
/** A time further off than this is no time of a measure: the clock that gave it is wrong, arrival is nearer to the truth. */
const PAST_MS = 5 * 365 * 86_400_000;
const AHEAD_MS = 86_400_000;

const believable = (at: number, receivedAt: number): number =>
  at < receivedAt - PAST_MS || at > receivedAt + AHEAD_MS ? receivedAt : at;

export function projectRows(rows: readonly Row[]): Points {
  const measures: MeasurePoint[] = [];
  const rates = new Map<string, RatePoint>();
  for (const row of rows) {
    if (row.kind !== 'entries') continue;
    for (const [entry, { device, name, unit, at, value }] of row.entries.measures.entries()) {
      if (Number.isFinite(value))
        measures.push({ device, name, unit, at: believable(at, row.receivedAt), value, offset: row.offset, entry });
    }
    // What is at a digital input (a photo-eye, the contact of a door) is a measure too: 1 while it is high.
    const after = row.entries.measures.length;
    for (const [index, { reader, input, high, at }] of row.entries.triggers.entries()) {
      const when = believable(at, row.receivedAt);
      measures.push({
        device: reader,
        name: `input.${input}`,
        unit: undefined,
        at: when,
        value: Number(high),
        offset: row.offset,
        entry: after + index,
      });
    }
    addRates(rates, row.entries.reads, row.receivedAt);
  }
  return { measures, rates: [...rates.values()] };
}

function addRates(
  rates: Map<string, RatePoint>,
  reads: Extract<Row, { kind: 'entries' }>['entries']['reads'],
  receivedAt: number,
): void {
  let bucket = Number.NaN;
  let source = -1;
  let point: RatePoint | undefined;
  for (let index = 0; index < reads.length; index++) {
    const start = Math.floor(believable(reads.seenAt[index]!, receivedAt) / RATE_BUCKET_MS) * RATE_BUCKET_MS;
    // The same antenna within the same ten seconds most of the time.
    if (start !== bucket || reads.source[index] !== source || point === undefined) {
      bucket = start;
      source = reads.source[index]!;
      const { reader, antenna } = reads.sources[source]!;
      const key = `${reader}\n${antenna}\n${start}`;
      point = rates.get(key);
      if (point === undefined) {
        point = {
          reader,
          antenna,
          at: start,
          reads: 0,
          withRssi: 0,
          rssiSumDbm: 0,
          rssiMaxDbm: Number.NEGATIVE_INFINITY,
          tags: emptyTagSet(),
        };
        rates.set(key, point);
      }
    }
    point.reads++;
    addTag(point.tags, reads.epc[index]!);
    const rssiDbm = reads.rssiDbm[index]!;
    if (Number.isNaN(rssiDbm)) continue;
    point.withRssi++;
    point.rssiSumDbm += rssiDbm;
    if (rssiDbm > point.rssiMaxDbm) point.rssiMaxDbm = rssiDbm;
  }
}
