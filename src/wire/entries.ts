// What an envelope carries, as the service holds it: reads in columns (one array a field, so that half a million
// of them a second cost no objects), the rest as small records. Every format decodes into this; the journal keeps it.

/** Upper-case hex of an EPC bank, GS1 or not. */
export type Epc = string;

/** One antenna of one reader; antenna 0 when the reader does not say which. */
export interface Source {
  readonly reader: string;
  readonly antenna: number;
}

/** RSSI of a read whose reader reports none. */
export const NO_RSSI = Number.NaN;

/** Numbers of EPCs within one table of this process; −1 for an EPC without one. Not kept in the journal. */
export interface Interned {
  readonly table: object;
  readonly numbers: Int32Array;
}

/**
 * Reads in columns; index i of each is read i.
 * `seenAt` is the reader's clock, in ms since 1970 with µs as the fraction; `rssiDbm` in half dB steps or NO_RSSI.
 */
export interface Reads {
  readonly length: number;
  readonly sources: readonly Source[];
  /** Index into `sources`. */
  readonly source: Uint16Array;
  readonly epc: readonly Epc[];
  readonly rssiDbm: Float32Array;
  readonly seenAt: Float64Array;
  /** How often the tag was seen within this report; undefined when every count is 1. */
  readonly count: Uint32Array | undefined;
  /** A shortcut to what is known of the EPCs, where the decoder has one. */
  readonly interned?: Interned;
}

/** One barcode or handheld capture by a person at a station. `data` is as the scanner sent it, AIM prefix included. */
export interface Scan {
  readonly device: string;
  readonly data: string;
  readonly at: number;
  readonly operator?: string;
  readonly task?: string;
}

/** A photo-eye or other digital input that changed state. */
export interface Trigger {
  readonly reader: string;
  readonly input: number;
  readonly high: boolean;
  readonly at: number;
}

/** One number from one device: a temperature, a door state, a reader's own health. `unit` is a UCUM code. */
export interface Measure {
  readonly device: string;
  readonly name: string;
  readonly value: number;
  readonly unit?: string;
  readonly at: number;
}

/** Everything one message observed. */
export interface Entries {
  readonly reads: Reads;
  readonly scans: readonly Scan[];
  readonly triggers: readonly Trigger[];
  readonly measures: readonly Measure[];
}

/** The time of a read kept to the microsecond: what a double holds exactly enough, finer than any reader's clock. */
export const toMicros = (ms: number): number => Math.round(ms * 1000) / 1000;

/** RSSI is kept in half dB, the finest step the readers report, from −127.5 to −0.5 dBm: one byte in the journal. */
export const toHalfDb = (dbm: number): number => Math.min(-0.5, Math.max(-127.5, Math.round(dbm * 2) / 2));

const SLAB_BYTES = 256 * 1024;
const READ_BYTES = 8 + 4 + 4 + 2;
let slab = new ArrayBuffer(SLAB_BYTES);
let slabUsed = 0;

/** Empty columns for so many reads. Small ones share memory, as small Buffers do: an allocation each would cost more than the reads. */
export function readColumns(length: number): Pick<Reads, 'source' | 'rssiDbm' | 'seenAt'> & { number: Int32Array } {
  const bytes = Math.ceil((length * READ_BYTES) / 8) * 8;
  if (bytes > SLAB_BYTES / 16) {
    return {
      seenAt: new Float64Array(length),
      rssiDbm: new Float32Array(length),
      number: new Int32Array(length),
      source: new Uint16Array(length),
    };
  }
  if (slabUsed + bytes > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    slabUsed = 0;
  }
  const from = slabUsed;
  slabUsed += bytes;
  return {
    seenAt: new Float64Array(slab, from, length),
    rssiDbm: new Float32Array(slab, from + length * 8, length),
    number: new Int32Array(slab, from + length * 12, length),
    source: new Uint16Array(slab, from + length * 16, length),
  };
}

/** Collects entries while a message is decoded. Not for reuse after `build`. */
export class EntriesBuilder {
  readonly #sources: Source[] = [];
  readonly #epc: Epc[] = [];
  #source: Uint16Array;
  #rssiDbm: Float32Array;
  #seenAt: Float64Array;
  #count: Uint32Array | undefined;
  readonly #scans: Scan[] = [];
  readonly #triggers: Trigger[] = [];
  readonly #measures: Measure[] = [];

  /** `reads`: how many are expected; more are taken all the same. */
  constructor(reads = 8) {
    this.#source = new Uint16Array(reads);
    this.#rssiDbm = new Float32Array(reads);
    this.#seenAt = new Float64Array(reads);
  }

  get size(): number {
    return this.#epc.length + this.#scans.length + this.#triggers.length + this.#measures.length;
  }

  /** `epc` in hex of any case; `rssiDbm` and `count` may be missing, `antenna` 0 when unknown. */
  read(
    reader: string,
    antenna: number,
    epc: string,
    rssiDbm: number | undefined,
    seenAt: number,
    count: number = 1,
  ): this {
    const index = this.#epc.push(epc.toUpperCase()) - 1;
    if (index === this.#source.length) this.#grow();
    this.#source[index] = this.#sourceIndex(reader, antenna);
    this.#rssiDbm[index] = rssiDbm === undefined ? NO_RSSI : toHalfDb(rssiDbm);
    this.#seenAt[index] = toMicros(seenAt);
    if (count !== 1) this.#count ??= new Uint32Array(this.#source.length).fill(1);
    if (this.#count !== undefined) this.#count[index] = count;
    return this;
  }

  scan(scan: Scan): this {
    this.#scans.push(scan);
    return this;
  }

  trigger(trigger: Trigger): this {
    this.#triggers.push(trigger);
    return this;
  }

  measure(measure: Measure): this {
    this.#measures.push(measure);
    return this;
  }

  build(): Entries {
    const { length } = this.#epc;
    const isFull = length === this.#source.length;
    return {
      reads: {
        length,
        sources: this.#sources,
        source: isFull ? this.#source : this.#source.slice(0, length),
        epc: this.#epc,
        rssiDbm: isFull ? this.#rssiDbm : this.#rssiDbm.slice(0, length),
        seenAt: isFull ? this.#seenAt : this.#seenAt.slice(0, length),
        count: this.#count === undefined || isFull ? this.#count : this.#count.slice(0, length),
      },
      scans: this.#scans,
      triggers: this.#triggers,
      measures: this.#measures,
    };
  }

  #grow(): void {
    const capacity = this.#source.length * 2 + 8;
    this.#source = grown(this.#source, new Uint16Array(capacity));
    this.#rssiDbm = grown(this.#rssiDbm, new Float32Array(capacity));
    this.#seenAt = grown(this.#seenAt, new Float64Array(capacity));
    if (this.#count !== undefined) this.#count = grown(this.#count, new Uint32Array(capacity).fill(1));
  }

  #sourceIndex(reader: string, antenna: number): number {
    // Few distinct antennas a message, the last one most often: a scan from the end beats a map.
    for (let index = this.#sources.length - 1; index >= 0; index--) {
      const source = this.#sources[index]!;
      if (source.antenna === antenna && source.reader === reader) return index;
    }
    return this.#sources.push({ reader, antenna }) - 1;
  }
}

function grown<T extends Uint16Array | Uint32Array | Float32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** How many reads, scans, triggers and measures there are together. */
export const entryCount = (entries: Entries): number =>
  entries.reads.length + entries.scans.length + entries.triggers.length + entries.measures.length;
