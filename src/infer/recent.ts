// The recent reads of one tag in one list of numbers, oldest first: a dozen take 400 bytes and one object, where an object a read
// takes 1,300 and a dozen. Of what is kept with a decision the same, without what only deciding needs.
import { rssiIndex } from './signal.ts';

/** A read as it is told. */
export interface Read {
  /** ms, event time. */
  readonly at: number;
  /** Index into `SitePlan.antennas`. */
  readonly antenna: number;
  /** NaN when the reader told none. */
  readonly rssiDbm: number;
}

/**
 * Three numbers a read: its time; antenna and strength, in one; and its log-likelihood if the tag stands where it stood, by what it
 * sounded like until then.
 */
export type Recent = number[];
/** Two numbers a read, the first two of the above. */
export type KeptReads = readonly number[];

const WIDTH = 3;
const SOURCE = 1;
const PARKED = 2;
const KEPT_WIDTH = 2;
/** Places of RSSI in the tables of the signal model, one for none included, rounded up to a power of two. */
const RSSI_BITS = 9;
const RSSI_MASK = (1 << RSSI_BITS) - 1;
const RSSI_NONE = rssiIndex(Number.NaN);

export const countOf = (recent: Recent): number => recent.length / WIDTH;
export const timeOf = (recent: Recent, read: number): number => recent[read * WIDTH]!;
export const antennaOf = (recent: Recent, read: number): number => recent[read * WIDTH + SOURCE]! >>> RSSI_BITS;
/** A place in the tables of the signal model. */
export const rssiOf = (recent: Recent, read: number): number => recent[read * WIDTH + SOURCE]! & RSSI_MASK;
export const rssiDbmOf = (recent: Recent, read: number): number => dbmOf(rssiOf(recent, read));
export const parkedOf = (recent: Recent, read: number): number => recent[read * WIDTH + PARKED]!;

/** Reads tell their strength in half dB, so a place in the tables holds it exactly. */
const dbmOf = (rssi: number): number => (rssi === RSSI_NONE ? Number.NaN : rssi * -0.5);
const sourceOf = (antenna: number, rssiDbm: number): number => (antenna << RSSI_BITS) | rssiIndex(rssiDbm);

/** Adds a read, in order of time. */
export function add(recent: Recent, at: number, antenna: number, rssiDbm: number, parked: number): void {
  recent.push(at, sourceOf(antenna, rssiDbm), parked);
}

/** Forgets the oldest `count` reads. */
export function dropFirst(recent: Recent, count: number): void {
  const gone = count * WIDTH;
  const left = recent.length - gone;
  for (let index = 0; index < left; index++) recent[index] = recent[index + gone]!;
  recent.length = left;
}

/** What a decision keeps of them. */
export function kept(recent: Recent): KeptReads {
  // Cut, not grown: a list that grows has room for more.
  const reads = recent.slice(0, countOf(recent) * KEPT_WIDTH);
  for (let read = 0, place = 0; place < reads.length; read++) {
    reads[place++] = recent[read * WIDTH]!;
    reads[place++] = recent[read * WIDTH + SOURCE]!;
  }
  return reads;
}

export function readsOf(keptReads: KeptReads): Read[] {
  const reads: Read[] = [];
  for (let index = 0; index < keptReads.length; index += KEPT_WIDTH) {
    const source = keptReads[index + SOURCE]!;
    reads.push({ at: keptReads[index]!, antenna: source >>> RSSI_BITS, rssiDbm: dbmOf(source & RSSI_MASK) });
  }
  return reads;
}

export const keptOf = (reads: readonly Read[]): KeptReads =>
  reads.flatMap(({ at, antenna, rssiDbm }) => [at, sourceOf(antenna, rssiDbm)]);
