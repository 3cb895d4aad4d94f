// The segments of one outbox: the newest is written to, older ones go whole. What a write leaves behind when it fails is cut
// off before the next one, so a file never holds frames that were given up.
import { messageOf } from '../src/kit/faults.ts';
import type { Logger } from '../src/kit/log.ts';
import type { Disk, DiskFile } from './disk.ts';
import { createSegment, type Segment, type SegmentHead } from './segment.ts';

export interface SegmentsOptions {
  readonly disk: Disk;
  readonly folder: string;
  readonly log: Logger;
  /** About so large a segment becomes. */
  readonly segmentBytes: number;
  /** Called before a file is removed: whoever reads it lets go. */
  readonly onRemove: (path: string) => Promise<void>;
}

export class Segments {
  readonly #options: SegmentsOptions;
  /** Replaced, never changed: a reader may hold on to it. */
  #list: readonly Segment[];
  /** Of the last segment; undefined until it is written to. */
  #file: DiskFile | undefined;
  #isDirty = false;
  #removing: Promise<void> = Promise.resolve();

  constructor(options: SegmentsOptions, found: readonly Segment[]) {
    this.#options = options;
    this.#list = found;
  }

  get list(): readonly Segment[] {
    return this.#list;
  }

  get segmentBytes(): number {
    return this.#options.segmentBytes;
  }

  get bytes(): number {
    return this.#list.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** Makes sure that there is a segment to write to. When the last one is full, `mayBegin` a new one at `nextSeq`. */
  async ready(nextSeq: number, mayBegin: boolean, head: () => SegmentHead): Promise<void> {
    const { disk, folder, segmentBytes } = this.#options;
    const last = this.#list.at(-1);
    const isFull = last !== undefined && last.bytes >= segmentBytes && last.base < nextSeq;
    if (last !== undefined && !(isFull && mayBegin)) {
      this.#file ??= await disk.open(last.path, false);
      return;
    }
    const { segment, file } = await createSegment(disk, folder, nextSeq, head());
    const before = this.#file;
    this.#file = file;
    this.#isDirty = false;
    this.#list = [...this.#list, segment];
    await before?.close().catch(() => undefined);
  }

  /** Appends to the last segment, after `ready`. When it rejects, nothing of the block counts. */
  async append(block: Buffer, isSynced: boolean): Promise<void> {
    const segment = this.#list.at(-1)!;
    const file = this.#file!;
    if (this.#isDirty) await file.truncate(segment.bytes);
    this.#isDirty = true;
    await file.write(block, segment.bytes);
    if (isSynced) await file.sync();
    this.#isDirty = false;
    segment.bytes += block.length;
  }

  /** Removes what holds no number above `through`; the last segment stays, it tells the next number. */
  removeThrough(through: number): boolean {
    const covered = this.#list.filter((_, index) => this.#endOf(index) <= through);
    this.#remove(covered);
    return covered.length > 0;
  }

  /** Removes the oldest segment; the last number that it may have held. Undefined when there is only one. */
  dropOldest(): number | undefined {
    const [oldest, next] = this.#list;
    if (oldest === undefined || next === undefined) return undefined;
    this.#remove([oldest]);
    return next.base - 1;
  }

  async close(): Promise<void> {
    await this.#removing;
    await this.#file?.close();
    this.#file = undefined;
  }

  /** The last number that a segment may hold. */
  #endOf(index: number): number {
    const next = this.#list[index + 1];
    return next === undefined ? Infinity : next.base - 1;
  }

  #remove(segments: readonly Segment[]): void {
    if (segments.length === 0) return;
    const { disk, log, onRemove } = this.#options;
    this.#list = this.#list.filter((segment) => !segments.includes(segment));
    this.#removing = removeAll(this.#removing);
    async function removeAll(before: Promise<void>): Promise<void> {
      await before;
      for (const { path } of segments) {
        try {
          await onRemove(path);
          await disk.remove(path);
        } catch (error) {
          // Its envelopes are sent once more after a restart, and found to be known.
          log.warn({ file: path, reason: messageOf(error) }, 'a file of the outbox is done with and cannot be removed');
        }
      }
    }
  }
}
