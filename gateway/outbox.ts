// The durable queue between the readers and the broker. A draft goes in, gets its number and its final bytes, and is on the
// medium before anybody may send it; it comes out in order, byte for byte the same however often it is read; it is removed
// when a receipt covers it. What must never happen: an envelope is sent that a kill could undo, or a number is used twice.
//
// `oldest` in an envelope is the lowest number held when the envelope entered the outbox, and stays so in every resend. It is
// a lower bound of the truth: what is below it is durable at the service or lost for ever, so the service may pass it; what
// is above it may have been dropped since, and only a later envelope can say so. That is why the uplink, when a receipt
// waits for what is no longer here, has an empty envelope written (`append(NOTHING)`) and sends it ahead.
import { dirname } from 'node:path';
import { assert, Fault, messageOf } from '../src/kit/faults.ts';
import type { Clock } from '../src/kit/clock.ts';
import { newUuid } from '../src/kit/ids.ts';
import type { Logger } from '../src/kit/log.ts';
import { within } from '../src/kit/sleep.ts';
import { ENVELOPE_BYTES_MAX } from '../src/wire/envelope.ts';
import { formatTime } from '../src/wire/time.ts';
import { HEAD_BYTES_MAX, type Draft } from './batch.ts';
import { realDisk, type Disk } from './disk.ts';
import { FRAME_HEAD_BYTES, frameOf } from './frame.ts';
import { createOutboxReport, type OutboxReport } from './outboxReport.ts';
import { OutboxReader, type Place, type Reading } from './outboxReader.ts';
import { recover, type Recovered } from './recover.ts';
import { noteFrame, type Owner, type Stored } from './segment.ts';
import { Segments } from './segments.ts';
import { createWake } from './wake.ts';

export interface OutboxOptions extends Owner {
  readonly folder: string;
  /** On disk. At the bound the oldest segment is dropped, whole: its reads are lost, and the service records the gap. */
  readonly bytesMax: number;
  /** In memory, not yet on disk. At the bound new drafts are refused; their numbers are skipped, so this too is a gap. */
  readonly heldBytesMax: number;
  /** About so large is a segment; at most a quarter of `bytesMax`. */
  readonly segmentBytes?: number;
  /** After a failed write. */
  readonly retryMs?: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly disk?: Disk;
}

export interface OutboxFigures {
  readonly epoch: string;
  /** Numbers stored and not released. */
  readonly backlog: number;
  readonly oldest: number;
  readonly newest: number;
  readonly diskBytes: number;
  /** In memory, waiting for the disk. */
  readonly heldBytes: number;
  /** Envelopes lost since the process began: dropped at a bound, or damaged. */
  readonly dropped: number;
  /** Why nothing can be written, if that is so. */
  readonly trouble: string | undefined;
}

/** An envelope that says nothing but its head. */
export const NOTHING: Draft = { entries: 0, body: Buffer.alloc(0) };
export const OUTBOX_BYTES_MAX = 1024 ** 3;
export const HELD_BYTES_MAX = 32 * 1024 ** 2;
/** Few enough files in a large outbox, small enough to be read whole when it is opened. */
const segmentBytesFor = (bytesMax: number): number => Math.min(64, Math.max(4, bytesMax / 256 / 1024 ** 2)) * 1024 ** 2;
/** What one write and one fdatasync take at most. */
const GROUP_BYTES_MAX = 1024 ** 2;
const RETRY_MS = 1000;
/** So long `close` waits for a disk that does not take what is held. */
const CLOSE_WITHIN_MS = 5000;

interface Waiting {
  readonly draft: Draft;
  /** How many drafts were refused just before it. */
  readonly skip: number;
  readonly settle: (stored: Stored | undefined) => void;
}

/** Opens or begins the outbox in a folder. Throws `rejected` when it belongs to another gateway. */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const disk = options.disk ?? realDisk;
  const { folder, log } = options;
  await disk.makeFolder(folder);
  const found = await recover(disk, folder, options, log);
  // The name of a new folder is to be as durable as what goes into it, where its parent can be synced.
  if (found === undefined) await disk.syncFolder(dirname(folder)).catch(() => undefined);
  return new Outbox(options, disk, found);
}

export class Outbox {
  readonly epoch: string;
  /** Rejects when an invariant does not hold; never resolves. */
  readonly failed: Promise<never>;
  readonly #options: OutboxOptions;
  readonly #segments: Segments;
  readonly #reader: OutboxReader;
  readonly #report: OutboxReport;
  readonly #retry = createWake();
  #fail: (error: unknown) => void = () => {};
  #released: number;
  #notedReleased: number;
  /** The highest number stored; `#nextSeq` may be further on, behind numbers that were skipped. */
  #newest: number;
  #nextSeq: number;
  readonly #queue: Waiting[] = [];
  #queuedBytes = 0;
  #skip = 0;
  #dropped = 0;
  #isWorking = false;
  #working: Promise<void> = Promise.resolve();
  #isClosed = false;
  #roomWanted: (() => void)[] = [];
  #onStored: () => void = () => {};

  constructor(options: OutboxOptions, disk: Disk, found: Recovered | undefined) {
    const { folder, log, bytesMax } = options;
    this.#options = options;
    this.#report = createOutboxReport(options);
    this.epoch = found?.epoch ?? newUuid();
    this.#released = found?.released ?? 0;
    this.#notedReleased = this.#released;
    this.#newest = found?.newest ?? 0;
    this.#nextSeq = found?.nextSeq ?? 1;
    this.failed = new Promise((_resolve, reject) => (this.#fail = reject));
    this.failed.catch(() => undefined);
    this.#reader = new OutboxReader({
      disk,
      log,
      segments: () => this.#segments.list,
      released: () => this.#released,
      lost: (envelopes) => (this.#dropped += envelopes),
    });
    const onRemove = (path: string): Promise<void> => this.#reader.forget(path);
    const segmentBytes = Math.min(options.segmentBytes ?? segmentBytesFor(bytesMax), bytesMax / 4);
    this.#segments = new Segments({ disk, folder, log, segmentBytes, onRemove }, found?.segments ?? []);
  }

  /** The lowest number that is held, or the next one when none is. */
  get oldest(): number {
    return this.#released + 1;
  }

  /** The highest number that is used up. */
  get newest(): number {
    return this.#nextSeq - 1;
  }

  /** Calls back whenever more can be read. */
  whenStored(listener: () => void): void {
    this.#onStored = listener;
  }

  /** Resolves with its bytes when the draft is durable; with undefined when it was dropped. Never rejects. */
  append(draft: Draft): Promise<Stored | undefined> {
    assert(draft.body.length + HEAD_BYTES_MAX <= ENVELOPE_BYTES_MAX, 'A draft fits into an envelope.');
    if (this.#isClosed || this.#queuedBytes + draft.body.length > this.#options.heldBytesMax) {
      this.#refuse(draft);
      return Promise.resolve(undefined);
    }
    return new Promise((settle) => {
      this.#queue.push({ draft, skip: this.#skip, settle });
      this.#skip = 0;
      this.#queuedBytes += draft.body.length;
      this.#work();
    });
  }

  /** Undefined while the outbox keeps up; else a promise for when it does again. */
  room(): Promise<void> | undefined {
    if (this.#isClosed || this.#queuedBytes < this.#options.heldBytesMax / 4) return undefined;
    return new Promise((resolve) => this.#roomWanted.push(resolve));
  }

  /** Everything up to `through` is durable at the service, or known to be lost. */
  release(through: number): void {
    const upTo = Math.min(through, this.#nextSeq - 1);
    if (upTo <= this.#released) return;
    this.#released = upTo;
    if (this.#segments.removeThrough(upTo)) this.#retry.now(); // a full disk may have room now
    this.#work();
  }

  /** Numbers up to `seq` are known to be used, though not by this outbox: it goes on behind them. */
  skipTo(seq: number): void {
    this.#nextSeq = Math.max(this.#nextSeq, seq + 1);
  }

  /** The next durable envelopes behind `from`, not those released. For one caller at a time. */
  read(from?: Place): Promise<Reading> {
    return this.#reader.read(from);
  }

  figures(): OutboxFigures {
    return {
      epoch: this.epoch,
      backlog: Math.max(0, this.#newest - this.#released),
      oldest: this.oldest,
      newest: this.newest,
      diskBytes: this.#segments.bytes,
      heldBytes: this.#queuedBytes,
      dropped: this.#dropped,
      trouble: this.#report.trouble(),
    };
  }

  /** Writes what is held, waiting some seconds for a disk in trouble. Nothing can be appended afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#work();
    const isDone = await within(
      this.#working.then(() => true),
      CLOSE_WITHIN_MS,
    );
    if (isDone !== true) this.#giveUp();
    this.#giveRoom();
    // A disk that answers nothing is not waited for.
    await within(this.#letGo(), isDone === true ? CLOSE_WITHIN_MS : 0);
  }

  async #letGo(): Promise<void> {
    await this.#segments.close();
    await this.#reader.close();
  }

  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#working = this.#workUntilDone().catch((error: unknown) => this.#fail(error));
  }

  async #workUntilDone(): Promise<void> {
    // What is appended in the same turn of the event loop goes together.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (this.#queue.length > 0 || this.#released > this.#notedReleased) {
        const group = this.#nextGroup();
        const trouble = await this.#tryCommit(group);
        if (trouble === undefined) continue;
        if (this.#isClosed && group.length === 0) return;
        this.#report.failed(trouble);
        await this.#retry.orAfter(this.#options.retryMs ?? RETRY_MS);
      }
    } finally {
      this.#isWorking = false; // in the same turn as the look at the queue: what comes later begins anew
    }
  }

  /** Why the disk did not take it, or undefined. Throws what is no disk's doing. */
  async #tryCommit(group: readonly Waiting[]): Promise<string | undefined> {
    try {
      await this.#commit(group);
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined || error instanceof Fault) throw error;
      return messageOf(error);
    }
  }

  #nextGroup(): readonly Waiting[] {
    let bytes = 0;
    const bytesMax = Math.min(GROUP_BYTES_MAX, this.#segments.segmentBytes);
    const beyond = this.#queue.findIndex(({ draft }) => (bytes += draft.body.length) > bytesMax);
    return this.#queue.slice(0, beyond === -1 ? undefined : Math.max(1, beyond));
  }

  /** One write and one fdatasync for the group; on a failure nothing has happened. */
  async #commit(group: readonly Waiting[]): Promise<void> {
    const { site, gateway } = this.#options;
    await this.#segments.ready(this.#nextSeq, group.length > 0, () => {
      return { outbox: 1, site, gateway, epoch: this.epoch, released: this.#released };
    });
    this.#segments.removeThrough(this.#released);
    this.#makeRoom(group);
    const released = this.#released;
    const frames = released > this.#notedReleased ? [noteFrame({ released })] : [];
    const stored: Stored[] = [];
    let seq = this.#nextSeq;
    for (const { draft, skip } of group) {
      seq += skip;
      const frame = frameOf(seq, this.#headOf(seq, draft), draft.body, END);
      stored.push({ seq, bytes: frame.subarray(FRAME_HEAD_BYTES) });
      frames.push(frame);
      seq++;
    }
    await this.#segments.append(Buffer.concat(frames), group.length > 0);
    this.#notedReleased = released;
    if (group.length > 0) this.#newest = seq - 1;
    this.#nextSeq = Math.max(this.#nextSeq, seq);
    this.#settle(group, stored);
  }

  #headOf(seq: number, { body }: Draft): Buffer {
    const sentAt = formatTime(this.#options.clock());
    const head = `{"v":1,"epoch":"${this.epoch}","seq":${seq},"oldest":${this.oldest},"sentAt":"${sentAt}"`;
    return Buffer.from(body.length === 0 ? head : `${head},`);
  }

  #settle(group: readonly Waiting[], stored: readonly Stored[]): void {
    this.#queue.splice(0, group.length);
    for (const [index, { draft, settle }] of group.entries()) {
      this.#queuedBytes -= draft.body.length;
      settle(stored[index]);
    }
    if (this.#queuedBytes < this.#options.heldBytesMax / 4) this.#giveRoom();
    this.#report.written();
    if (group.length > 0) this.#onStored();
  }

  /** Keeps to the bound on disk by dropping the oldest segments. */
  #makeRoom(group: readonly Waiting[]): void {
    const { bytesMax } = this.#options;
    const wanted = group.reduce((sum, { draft }) => sum + FRAME_HEAD_BYTES + HEAD_BYTES_MAX + draft.body.length, 0);
    const from = this.#released + 1;
    while (this.#segments.bytes + wanted > bytesMax) {
      const through = this.#segments.dropOldest();
      if (through === undefined) break;
      this.#released = Math.max(this.#released, through);
    }
    if (this.#released < from) return;
    this.#dropped += this.#released + 1 - from;
    this.#report.dropped(from, this.#released, this.#dropped);
  }

  #refuse({ entries }: Draft): void {
    this.#skip++;
    this.#report.refused(entries, ++this.#dropped);
  }

  #giveUp(): void {
    const lost = this.#queue.splice(0);
    this.#dropped += lost.length;
    for (const { settle } of lost) settle(undefined);
    this.#report.gaveUp(lost.reduce((sum, { draft }) => sum + draft.entries, 0));
    this.#retry.now();
  }

  #giveRoom(): void {
    for (const resolve of this.#roomWanted.splice(0)) resolve();
  }
}

const END = Buffer.from('}');
