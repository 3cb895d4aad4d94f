// A format turns the bytes of one MQTT message into entries. One file a format: to add one, write it, add it to
// the table in formats.ts, and give it a test with messages a real device sent. Without clock and I/O; what a format remembers of a device it may lose at any time.
import type { Entries } from '../entries.ts';

/** A part of a message that could not be understood; the rest of the message is kept. */
export interface RejectedEntry {
  /**
   * Where and why, for the person who must mend it: `/3/data/idHex: not 2 to 128 hexadecimal digits`.
   * The place is a JSON pointer (RFC 6901) into the message; in NDJSON its first step is the line, from 0.
   */
  readonly reason: string;
  /** Stable: `unknown-reader`, `bad-epc`, `bad-time`, `bad-entry`. */
  readonly code: string;
  /** The part itself, as JSON, cut after 2,000 characters. */
  readonly content: string;
}

/** A device says that it lost reads before it could send them. */
export interface DeviceGap {
  readonly from: number;
  readonly to: number;
  readonly lost: number;
}

/** What a message meant. */
export interface DecodedMessage {
  readonly entries: Entries;
  readonly rejects: readonly RejectedEntry[];
  readonly gaps: readonly DeviceGap[];
  /** Why a message without entries is no error: a keep-alive, a will in plain text, a heartbeat. */
  readonly ignored?: 'keep-alive' | 'plain-text' | 'heartbeat' | 'status';
  /**
   * True when the payload carries its own time or sequence, so that equal bytes are the same message come again.
   * False: every delivery counts.
   */
  readonly selfIdentified: boolean;
  /** What the device is to be told at once, on its own topics: to say again what it has to offer. */
  readonly replies?: readonly DeviceReply[];
}

export interface DeviceReply {
  readonly topic: string;
  readonly payload: Buffer;
}

/** What a format may know of the device whose topic the message came on. */
export interface DeviceIdentity {
  /** The device's id in the site file: the name of the reader or scanner, unless a mapping finds one in the payload. */
  readonly id: string;
  /** Our clock when the message arrived, in ms: only for readers that send no time at all. */
  readonly receivedAt: number;
  /** The topic itself, for formats of which it is a part. */
  readonly topic?: string;
}

export interface Format {
  readonly name: string;
  /** Throws a `rejected` fault when the message as a whole cannot be understood. */
  readonly decode: (payload: Uint8Array, device: DeviceIdentity) => DecodedMessage;
}
