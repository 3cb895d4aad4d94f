// How a segment file of the outbox is made: frames back to back, each with its length and checksum, so that after a kill at
// any byte it is certain where the last whole one ends, and after damage in the middle where the next whole one begins.
//
//   magic u32 | crc32 u32 over all that follows | body length u32 | seq f64 | body
//
// seq 0 is a note about the outbox itself (JSON); any other is the envelope of that number, the very bytes to be sent.
import { crc32 } from 'node:zlib';
import { ENVELOPE_BYTES_MAX } from '../src/wire/envelope.ts';

export const FRAME_HEAD_BYTES = 20;
/** Not UTF-8, so it never occurs within an envelope: few false starts when looking for the next frame after damage. */
const MAGIC = Buffer.from([0x54, 0x47, 0xf1, 0x1f]);
/** No envelope and no note is longer; a longer length is damage. */
export const FRAME_BYTES_MAX = FRAME_HEAD_BYTES + ENVELOPE_BYTES_MAX;

export interface Frame {
  readonly seq: number;
  /** A view into the bytes that were parsed. */
  readonly body: Buffer;
}

export const NOTE_SEQ = 0;

export function frameOf(seq: number, ...parts: readonly Uint8Array[]): Buffer {
  const frame = Buffer.concat([new Uint8Array(FRAME_HEAD_BYTES), ...parts]);
  MAGIC.copy(frame, 0);
  frame.writeUInt32LE(frame.length - FRAME_HEAD_BYTES, 8);
  frame.writeDoubleLE(seq, 12);
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4);
  return frame;
}

/** The frame at `start`; `partial` when the bytes end before it does (torn, or more to be read); else `damaged`. */
export function frameAt(bytes: Buffer, start: number): Frame | 'partial' | 'damaged' {
  const left = bytes.length - start;
  if (left < FRAME_HEAD_BYTES) {
    const known = Math.min(left, MAGIC.length);
    return bytes.compare(MAGIC, 0, known, start, start + known) === 0 ? 'partial' : 'damaged';
  }
  if (bytes.compare(MAGIC, 0, MAGIC.length, start, start + MAGIC.length) !== 0) return 'damaged';
  const length = bytes.readUInt32LE(start + 8);
  if (length > FRAME_BYTES_MAX - FRAME_HEAD_BYTES) return 'damaged';
  if (left < FRAME_HEAD_BYTES + length) return 'partial';
  const end = start + FRAME_HEAD_BYTES + length;
  if (crc32(bytes.subarray(start + 8, end)) !== bytes.readUInt32LE(start + 4)) return 'damaged';
  return { seq: bytes.readDoubleLE(start + 12), body: bytes.subarray(start + FRAME_HEAD_BYTES, end) };
}

export const frameBytes = (frame: Frame): number => FRAME_HEAD_BYTES + frame.body.length;

/** Where the next frame may begin at or after `start`; undefined when no trace of one is in these bytes. */
export function nextFrameStart(bytes: Buffer, start: number): number | undefined {
  const at = bytes.indexOf(MAGIC, start);
  return at === -1 ? undefined : at;
}

export interface Scan {
  readonly frames: readonly Frame[];
  /** Where the last whole frame ends: everything after it was torn. */
  readonly end: number;
}

/** All whole frames of a segment, whatever lies between them. */
export function scanFrames(bytes: Buffer): Scan {
  const frames: Frame[] = [];
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    const frame = frameAt(bytes, at);
    if (typeof frame === 'string') {
      const next = nextFrameStart(bytes, at + 1);
      if (next === undefined) break;
      at = next;
      continue;
    }
    frames.push(frame);
    at += frameBytes(frame);
    end = at;
  }
  return { frames, end };
}
