// The files of an outbox: segments, each named by the first sequence number that it may hold and begun with a note that says
// whose it is. Only the newest is written to; older ones are removed whole when a receipt covers them.
import { join } from 'node:path';
import type { Disk, DiskFile } from './disk.ts';
import { FRAME_BYTES_MAX, frameAt, frameBytes, frameOf, nextFrameStart, NOTE_SEQ, type Frame } from './frame.ts';

/** What a folder must say of itself to be ours. */
export interface Owner {
  readonly site: string;
  readonly gateway: string;
}

/** The first frame of every segment. */
export interface SegmentHead extends Owner {
  readonly outbox: 1;
  readonly epoch: string;
  /** As of when the segment was begun: everything up to here need not be held. */
  readonly released: number;
}

/** A later note: everything up to here need not be held. A hint that saves resending; nothing is lost without it. */
interface ReleaseNote {
  readonly released: number;
}

export interface Segment {
  /** The first sequence number that it may hold; the next segment's `base` is beyond its last. */
  readonly base: number;
  readonly path: string;
  /** Length up to which it is known to be durable. */
  bytes: number;
}

const NAME = /^(\d{16})\.seg$/;

export const segmentPath = (folder: string, base: number): string =>
  join(folder, `${String(base).padStart(16, '0')}.seg`);

/** The sequence number that a file name stands for; undefined for other files. */
export function baseOf(name: string): number | undefined {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export const noteFrame = (note: SegmentHead | ReleaseNote): Buffer =>
  frameOf(NOTE_SEQ, Buffer.from(JSON.stringify(note)));

/** Begins a segment; durable, name included, when it resolves. On a failure nothing of it counts. */
export async function createSegment(
  disk: Disk,
  folder: string,
  base: number,
  head: SegmentHead,
): Promise<{ readonly segment: Segment; readonly file: DiskFile }> {
  const path = segmentPath(folder, base);
  const bytes = noteFrame(head);
  const file = await disk.open(path, true);
  try {
    await file.write(bytes, 0);
    await file.sync();
    await disk.syncFolder(folder);
    return { segment: { base, path, bytes: bytes.length }, file };
  } catch (error) {
    await file.close().catch(() => undefined);
    await disk.remove(path).catch(() => undefined);
    throw error;
  }
}

/** Undefined when the file does not begin with a whole head: it was torn while it was begun, or damaged. */
export function headOf(bytes: Buffer): SegmentHead | undefined {
  const frame = frameAt(bytes, 0);
  if (typeof frame === 'string') return undefined;
  const note = noteOf(frame) as Partial<SegmentHead> | undefined;
  if (note?.outbox !== 1 || typeof note.epoch !== 'string' || typeof note.released !== 'number') return undefined;
  return typeof note.site === 'string' && typeof note.gateway === 'string' ? (note as SegmentHead) : undefined;
}

/** No head is longer. */
export const SEGMENT_HEAD_BYTES_MAX = 512;

/** How far a note says that nothing need be held; undefined for an envelope. */
export const releasedBy = (frame: Frame): number | undefined => noteOf(frame)?.released;

function noteOf(frame: Frame): ReleaseNote | undefined {
  if (frame.seq !== NOTE_SEQ) return undefined;
  try {
    const note = JSON.parse(frame.body.toString('utf8')) as { readonly released?: unknown } | null;
    return typeof note?.released === 'number' ? (note as ReleaseNote) : undefined;
  } catch {
    return undefined; // its checksum holds, so a later version wrote it
  }
}

/** An envelope as it is stored and sent. */
export interface Stored {
  readonly seq: number;
  readonly bytes: Buffer;
}

/** One step of reading: what is whole, where to go on, and whether it goes on behind damage. */
export interface Portion {
  readonly envelopes: readonly Stored[];
  readonly next: number;
  readonly damage: { readonly from: number; readonly to: number } | undefined;
}

/** Larger than any frame, so every step advances. */
const PORTION_BYTES = 2 * FRAME_BYTES_MAX;

/** Envelopes from `start`, up to damage or half a MiB. At the end of what is durable: none, and `next` is `start`. */
export async function readPortion(file: DiskFile, { bytes: durable }: Segment, start: number): Promise<Portion> {
  const wanted = Math.min(PORTION_BYTES, durable - start);
  if (wanted <= 0) return { envelopes: [], next: start, damage: undefined };
  const bytes = await file.read(start, wanted);
  const envelopes: Stored[] = [];
  const reachesEnd = start + bytes.length >= durable || bytes.length < wanted;
  for (let at = 0; at < bytes.length;) {
    const frame = frameAt(bytes, at);
    if (typeof frame !== 'string') {
      if (frame.seq !== NOTE_SEQ) envelopes.push({ seq: frame.seq, bytes: frame.body });
      at += frameBytes(frame);
    } else if (frame === 'partial' && !reachesEnd && at > 0) {
      return { envelopes, next: start + at, damage: undefined };
    } else {
      const to = await nextWhole(file, durable, start + at + 1);
      return { envelopes, next: to, damage: { from: start + at, to } };
    }
  }
  // A file shorter than it was has lost its end.
  const next = bytes.length < wanted ? durable : start + bytes.length;
  return {
    envelopes,
    next,
    damage: next > start + bytes.length ? { from: start + bytes.length, to: next } : undefined,
  };
}

/** Where a whole frame begins at or after `start`; `durable` when none does. */
async function nextWhole(file: DiskFile, durable: number, start: number): Promise<number> {
  for (let from = start; from < durable;) {
    const bytes = await file.read(from, Math.min(PORTION_BYTES, durable - from));
    for (let at = nextFrameStart(bytes, 0); at !== undefined; at = nextFrameStart(bytes, at + 1)) {
      if (typeof frameAt(bytes, at) !== 'string') return from + at;
    }
    if (bytes.length <= FRAME_BYTES_MAX) break; // that was the end
    from += bytes.length - FRAME_BYTES_MAX; // what began in the rest may not have been whole yet
  }
  return durable;
}
