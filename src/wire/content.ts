// The compact binary form in which the journal keeps entries (decision D9): about 16 bytes a read instead of 138.
// Lossless for everything the service holds. One byte of version first, so that old journals stay readable.
import { assert, defect } from '../kit/faults.ts';
import type { Entries, Measure, Scan, Source, Trigger } from './entries.ts';

const VERSION = 1;
const FLAG_COUNTS = 1;
const FLAG_MICROS = 2;
const FLAG_REST = 4;
const RSSI_NONE = 255;

/** Entries and the gateway's clock when it sent them. */
export interface Content {
  readonly entries: Entries;
  readonly sentAt: number | undefined;
}

/** Content to bytes. Everything variable in length is preceded by its length; times are deltas. */
export function encodeContent(content: Content): Buffer {
  const { entries, sentAt } = content;
  const { reads } = entries;
  const micros = !isWholeMs(reads.seenAt);
  const rest = restOf(entries);
  const flags =
    (reads.count === undefined ? 0 : FLAG_COUNTS) | (micros ? FLAG_MICROS : 0) | (rest === undefined ? 0 : FLAG_REST);
  const writer = new Writer(64 + reads.length * 40 + (rest?.length ?? 0));
  writer.byte(VERSION);
  writer.byte(flags);
  writer.double(sentAt ?? Number.NaN);
  writer.varint(reads.length);
  if (reads.length > 0) {
    writer.varint(reads.sources.length);
    for (const source of reads.sources) {
      writer.text(Buffer.from(source.reader, 'utf8'));
      writer.byte(source.antenna);
    }
    const wideSource = reads.sources.length > 256;
    const scale = micros ? 1000 : 1;
    const base = Math.round(reads.seenAt[0]! * scale);
    writer.double(base);
    let previous = base;
    for (let index = 0; index < reads.length; index++) {
      const source = reads.source[index]!;
      writer.byte(source & 0xff);
      if (wideSource) writer.byte(source >> 8);
      const rssi = reads.rssiDbm[index]!;
      writer.byte(Number.isNaN(rssi) ? RSSI_NONE : rssiToByte(rssi));
      const at = Math.round(reads.seenAt[index]! * scale);
      writer.varint(zigzag(at - previous));
      previous = at;
      writer.epc(reads.epc[index]!);
      if (reads.count !== undefined) writer.varint(reads.count[index]!);
    }
  }
  if (rest !== undefined) writer.text(rest);
  return writer.done();
}

/** Bytes back to content. Throws a defect for bytes that `encodeContent` did not write. */
export function decodeContent(bytes: Uint8Array): Content {
  const reader = new Reader(bytes);
  const version = reader.byte();
  if (version !== VERSION)
    throw defect('journal-version', `The journal holds content of version ${version}; this release reads ${VERSION}.`);
  const flags = reader.byte();
  const sentAt = reader.double();
  const length = reader.varint();
  const sources: Source[] = [];
  const source = new Uint16Array(length);
  const epc: string[] = [];
  const rssiDbm = new Float32Array(length);
  const seenAt = new Float64Array(length);
  const count = (flags & FLAG_COUNTS) === 0 ? undefined : new Uint32Array(length);
  if (length > 0) {
    const sourceCount = reader.varint();
    for (let index = 0; index < sourceCount; index++)
      sources.push({ reader: reader.text().toString('utf8'), antenna: reader.byte() });
    const wideSource = sourceCount > 256;
    const scale = (flags & FLAG_MICROS) === 0 ? 1 : 1000;
    let at = reader.double();
    for (let index = 0; index < length; index++) {
      source[index] = reader.byte() + (wideSource ? reader.byte() << 8 : 0);
      const rssi = reader.byte();
      rssiDbm[index] = rssi === RSSI_NONE ? Number.NaN : byteToRssi(rssi);
      at += unzigzag(reader.varint());
      seenAt[index] = at / scale;
      epc.push(reader.epc());
      if (count !== undefined) count[index] = reader.varint();
    }
  }
  const rest = (flags & FLAG_REST) === 0 ? undefined : (JSON.parse(reader.text().toString('utf8')) as Rest);
  reader.end();
  return {
    entries: {
      reads: { length, sources, source, epc, rssiDbm, seenAt, count },
      scans: rest?.s ?? [],
      triggers: rest?.t ?? [],
      measures: rest?.m ?? [],
    },
    sentAt: Number.isNaN(sentAt) ? undefined : sentAt,
  };
}

/** −127.5 … −0.5 dBm in half dB as 1 … 255, less one; what is louder than −0.5 dBm is written as that. */
const rssiToByte = (dbm: number): number => Math.min(254, Math.max(0, Math.round(dbm * -2) - 1));
const byteToRssi = (byte: number): number => (byte + 1) / -2;

interface Rest {
  readonly s?: Scan[];
  readonly t?: Trigger[];
  readonly m?: Measure[];
}

function restOf(entries: Entries): Buffer | undefined {
  const { scans, triggers, measures } = entries;
  if (scans.length + triggers.length + measures.length === 0) return undefined;
  return Buffer.from(
    JSON.stringify({
      ...(scans.length === 0 ? {} : { s: scans }),
      ...(triggers.length === 0 ? {} : { t: triggers }),
      ...(measures.length === 0 ? {} : { m: measures }),
    }),
  );
}

function isWholeMs(times: Float64Array): boolean {
  for (let index = 0; index < times.length; index++) if (!Number.isInteger(times[index]!)) return false;
  return true;
}

// Deltas between times can pass 2^31 (a reader in the year 2000), so no bit operators here.
const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2);
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

const HEX_DIGITS = Buffer.from('0123456789ABCDEF', 'latin1');
const NIBBLE = new Uint8Array(128);
for (let value = 0; value < 16; value++) NIBBLE[HEX_DIGITS[value]!] = value;
const EPC_SCRATCH = Buffer.alloc(256);

class Writer {
  #bytes: Buffer;
  #at = 0;
  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size);
  }
  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }
  double(value: number): void {
    this.#room(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }
  varint(value: number): void {
    this.#room(9);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }
  text(text: Buffer): void {
    this.varint(text.length);
    this.#room(text.length);
    this.#at += text.copy(this.#bytes, this.#at);
  }
  /** Number of hex digits, then two to a byte; an odd last one alone. */
  epc(epc: string): void {
    const digits = epc.length;
    this.#room(1 + ((digits + 1) >> 1));
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = digits;
    for (let index = 0; index + 1 < digits; index += 2) {
      bytes[at++] = (NIBBLE[epc.charCodeAt(index)]! << 4) | NIBBLE[epc.charCodeAt(index + 1)]!;
    }
    if (digits % 2 === 1) bytes[at++] = NIBBLE[epc.charCodeAt(digits - 1)]! << 4;
    this.#at = at;
  }
  done(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  byte(): number {
    assert(this.#at < this.#bytes.length, 'Journal content ends early.');
    return this.#bytes[this.#at++]!;
  }
  double(): number {
    assert(this.#at + 8 <= this.#bytes.length, 'Journal content ends early.');
    this.#at += 8;
    return this.#bytes.readDoubleLE(this.#at - 8);
  }
  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }
  text(): Buffer {
    const length = this.varint();
    assert(this.#at + length <= this.#bytes.length, 'Journal content ends early.');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
  epc(): string {
    const digits = this.byte();
    const size = (digits + 1) >> 1;
    assert(this.#at + size <= this.#bytes.length, 'Journal content ends early.');
    for (let index = 0; index < size; index++) {
      const byte = this.#bytes[this.#at + index]!;
      EPC_SCRATCH[index * 2] = HEX_DIGITS[byte >> 4]!;
      EPC_SCRATCH[index * 2 + 1] = HEX_DIGITS[byte & 15]!;
    }
    this.#at += size;
    return EPC_SCRATCH.toString('latin1', 0, digits);
  }
  end(): void {
    assert(this.#at === this.#bytes.length, 'Journal content has bytes left over.', {
      left: this.#bytes.length - this.#at,
    });
  }
}
