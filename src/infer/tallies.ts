// Reads of tags at places, counted in bins of event time. Counting is the most frequent thing that is done with a read of a zone,
// so a tally is 64 bytes in one array: one line of the processor's cache, where an object with its list would be five.
// What comes out does not depend on the order of the reads, and a read that comes twice counts once.

/** Reads of one tag at one place within one bin. */
export interface Count {
  readonly bin: number;
  readonly place: number;
  /** How many that are told apart. */
  readonly reads: number;
  /** ms, to the microsecond. */
  readonly firstAt: number;
  /** Infinitely weak when no read told its RSSI. */
  readonly bestDbm: number;
  /** The antenna that heard it best; index into `SitePlan.antennas`. */
  readonly bestAntenna: number;
}

/** Columns of a tally. Those of a tag are a list, by bin and place, the last one first. */
const NEXT = 0;
const BIN = 1;
const PLACE = 2;
const FIRST_MICROS = 3;
const BEST_HALF_DB = 4;
const BEST_ANTENNA = 5;
const READS = 6;
/** The snapshot before which its tag was last marked as changed. */
const MARK = 7;
/** A read is known by a place in these bits, made of its time and antenna: two that share one count once. */
const SEEN = 8;
const WIDTH = 16;
const SEEN_BITS = (WIDTH - SEEN) * 32;

const NONE = -1;
const FIRST_CAPACITY = 1024;
const NO_DBM = -32_768;

export interface Tallies {
  data: Int32Array;
  /** Tallies that were never used begin here. */
  unused: number;
  /** First of a list of those that were given back. */
  free: number;
  /** By tag: its last tally. */
  last: Int32Array;
  /** Counts snapshots. */
  mark: number;
}

export const openTallies = (): Tallies => ({
  data: new Int32Array(FIRST_CAPACITY * WIDTH),
  unused: 0,
  free: NONE,
  last: new Int32Array(FIRST_CAPACITY).fill(NONE),
  mark: 0,
});

/** What a read was for its tag: bits of the answer of `tally`. */
export const FIRST_OF_BIN = 1;
export const FIRST_SINCE_SNAPSHOT = 2;

/** Counts a read. The answer says whether it is the first of its bin and place, or the first of them since a snapshot. */
export function tally(
  tallies: Tallies,
  tag: number,
  bin: number,
  place: number,
  antenna: number,
  inBinMs: number,
  rssiDbm: number,
): number {
  const micros = Math.round(inBinMs * 1000);
  const halfDb = Number.isNaN(rssiDbm) ? NO_DBM : Math.round(rssiDbm * 2);
  const found = tag < tallies.last.length ? placeOf(tallies, tag, bin, place) : NONE;
  if (found === NONE) {
    insert(tallies, tag, bin, place, micros, halfDb, antenna);
    return FIRST_OF_BIN | FIRST_SINCE_SNAPSHOT;
  }
  const { data } = tallies;
  if (micros < data[found + FIRST_MICROS]!) data[found + FIRST_MICROS] = micros;
  const best = data[found + BEST_HALF_DB]!;
  if (halfDb > best || (halfDb === best && antenna < data[found + BEST_ANTENNA]!)) {
    data[found + BEST_HALF_DB] = halfDb;
    data[found + BEST_ANTENNA] = antenna;
  }
  see(data, found, micros, antenna);
  if (data[found + MARK] === tallies.mark) return 0;
  data[found + MARK] = tallies.mark;
  return FIRST_SINCE_SNAPSHOT;
}

/** Where the tally is; NONE when there is none yet. */
function placeOf({ data, last }: Tallies, tag: number, bin: number, place: number): number {
  for (let at = last[tag]!; at !== NONE; at = data[at + NEXT]!) {
    const here = data[at + BIN]!;
    if (here === bin && data[at + PLACE] === place) return at;
    if (here < bin) return NONE;
  }
  return NONE;
}

function see(data: Int32Array, at: number, micros: number, antenna: number): void {
  let mixed = Math.imul(micros ^ Math.imul(antenna + 1, 0x9e3779b1 | 0), 0x85ebca6b | 0);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35 | 0);
  const bit = (mixed ^ (mixed >>> 13)) & (SEEN_BITS - 1);
  const word = at + SEEN + (bit >>> 5);
  const before = data[word]!;
  const after = before | (1 << (bit & 31));
  if (after === before) return;
  data[word] = after;
  data[at + READS]!++;
}

function insert(
  tallies: Tallies,
  tag: number,
  bin: number,
  place: number,
  micros: number,
  halfDb: number,
  antenna: number,
): void {
  const at = take(tallies);
  const { data } = tallies;
  data.fill(0, at, at + WIDTH);
  data[at + BIN] = bin;
  data[at + PLACE] = place;
  data[at + FIRST_MICROS] = micros;
  data[at + BEST_HALF_DB] = halfDb;
  data[at + BEST_ANTENNA] = antenna;
  data[at + MARK] = tallies.mark;
  see(data, at, micros, antenna);
  link(tallies, tag, at);
}

function take(tallies: Tallies): number {
  if (tallies.free !== NONE) {
    const at = tallies.free;
    tallies.free = tallies.data[at + NEXT]!;
    return at;
  }
  if (tallies.unused === tallies.data.length) {
    const larger = new Int32Array(tallies.data.length * 2);
    larger.set(tallies.data);
    tallies.data = larger;
  }
  tallies.unused += WIDTH;
  return tallies.unused - WIDTH;
}

/** Into the list of its tag, in its order. */
function link(tallies: Tallies, tag: number, at: number): void {
  if (tag >= tallies.last.length) {
    const larger = new Int32Array(Math.max(tag + 1, tallies.last.length * 2)).fill(NONE);
    larger.set(tallies.last);
    tallies.last = larger;
  }
  const { data, last } = tallies;
  let before = NONE;
  let next = last[tag]!;
  while (next !== NONE && isBefore(data, at, next)) {
    before = next;
    next = data[next + NEXT]!;
  }
  data[at + NEXT] = next;
  if (before === NONE) last[tag] = at;
  else data[before + NEXT] = at;
}

const isBefore = (data: Int32Array, at: number, other: number): boolean =>
  data[at + BIN]! < data[other + BIN]! ||
  (data[at + BIN] === data[other + BIN] && data[at + PLACE]! < data[other + PLACE]!);

/** What was counted of a tag in the bins after `after` up to `to`, in order of bin, then place. */
export function countsIn({ data, last }: Tallies, tag: number, after: number, to: number, binMs: number): Count[] {
  const counts: Count[] = [];
  if (tag >= last.length) return counts;
  for (let at = last[tag]!; at !== NONE && data[at + BIN]! > after; at = data[at + NEXT]!) {
    const bin = data[at + BIN]!;
    if (bin > to) continue;
    const halfDb = data[at + BEST_HALF_DB]!;
    counts.push({
      bin,
      place: data[at + PLACE]!,
      reads: data[at + READS]!,
      firstAt: bin * binMs + data[at + FIRST_MICROS]! / 1000,
      bestDbm: halfDb === NO_DBM ? Number.NEGATIVE_INFINITY : halfDb / 2,
      bestAntenna: data[at + BEST_ANTENNA]!,
    });
  }
  return counts.reverse();
}

/** A place heard a tag in a bin, and nothing of that can change any more. */
export interface SettledBin {
  readonly bin: number;
  /** The antenna that heard it best; index into `SitePlan.antennas`. */
  readonly antenna: number;
}

/**
 * Forgets what was counted of a tag in the bins up to `bin`; each is added to `settled`, the last one first. The earliest bin that is left;
 * infinite when none is.
 */
export function forgetTo(tallies: Tallies, tag: number, bin: number, settled: SettledBin[]): number {
  const { data, last } = tallies;
  let earliest = Number.POSITIVE_INFINITY;
  if (tag >= last.length) return earliest;
  let before = NONE;
  let at = last[tag]!;
  while (at !== NONE && data[at + BIN]! > bin) {
    earliest = data[at + BIN]!;
    before = at;
    at = data[at + NEXT]!;
  }
  if (before === NONE) last[tag] = NONE;
  else data[before + NEXT] = NONE;
  while (at !== NONE) {
    settled.push({ bin: data[at + BIN]!, antenna: data[at + BEST_ANTENNA]! });
    const next = data[at + NEXT]!;
    data[at + NEXT] = tallies.free;
    tallies.free = at;
    at = next;
  }
  return earliest;
}

/** The tallies of a tag as they are, for a snapshot. */
export function tallyRows({ data, last }: Tallies, tag: number): Int32Array {
  const first = tag < last.length ? last[tag]! : NONE;
  let count = 0;
  for (let at = first; at !== NONE; at = data[at + NEXT]!) count++;
  const rows = new Int32Array(count * WIDTH);
  for (let at = first, to = 0; at !== NONE; at = data[at + NEXT]!, to += WIDTH)
    rows.set(data.subarray(at, at + WIDTH), to);
  return rows;
}

/** Puts them back where there are none. */
export function restoreTallies(tallies: Tallies, tag: number, rows: Int32Array): void {
  for (let row = 0; row < rows.length; row += WIDTH) {
    const at = take(tallies);
    tallies.data.set(rows.subarray(row, row + WIDTH), at);
    tallies.data[at + MARK] = NONE;
    link(tallies, tag, at);
  }
}
