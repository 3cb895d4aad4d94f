// A gateway is one line: readers → batch → outbox → uplink. Here they are put together, and taken apart in the same order, so
// that what a reader has handed over is in the outbox before anything ends.
import type { Clock } from '../src/kit/clock.ts';
import { Fault, messageOf, rejected } from '../src/kit/faults.ts';
import type { Logger } from '../src/kit/log.ts';
import { sleep, within } from '../src/kit/sleep.ts';
import type { BatchLimits } from './batch.ts';
import { realDisk } from './disk.ts';
import { createIntake } from './intake.ts';
import {
  HELD_BYTES_MAX,
  openOutbox,
  OUTBOX_BYTES_MAX,
  type Outbox,
  type OutboxFigures,
  type OutboxOptions,
} from './outbox.ts';
import type { Reader, Sink } from './reader.ts';
import { Uplink, type UplinkOptions } from './uplink.ts';

export interface GatewayOptions {
  readonly site: string;
  readonly gateway: string;
  readonly outbox: Pick<OutboxOptions, 'folder' | 'disk' | 'segmentBytes' | 'retryMs'> &
    Partial<Pick<OutboxOptions, 'bytesMax' | 'heldBytesMax'>>;
  readonly uplink: Omit<UplinkOptions, 'site' | 'gateway' | 'outbox' | 'outboxBytesMax' | 'clock' | 'log'>;
  readonly readers: readonly Reader[];
  readonly batch?: Partial<BatchLimits>;
  /** Keeps a second gateway out of the folder. Throws a `conflict` fault when there is one. */
  readonly lock: LockFolder;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface FolderLock {
  readonly release: () => Promise<void>;
}

export type LockFolder = (folder: string) => Promise<FolderLock>;

export interface GatewayFigures extends OutboxFigures {
  readonly entries: number;
  /** Entries that no envelope can carry. */
  readonly refused: number;
}

export interface Gateway {
  /** Resolves when every reader has come to its end; rejects when the gateway cannot go on. */
  readonly inputEnded: Promise<void>;
  /** Resolves when everything that was read has its receipt, or the gateway was stopped. */
  readonly caughtUp: () => Promise<void>;
  readonly figures: () => GatewayFigures;
  /** What was read goes to disk, the broker is told, everything is let go of. */
  readonly stop: () => Promise<void>;
}

const READER_PAUSE_MS = 1000;
const READER_PAUSE_MOST_MS = 30_000;
/** So long readers may take to stop. */
const READERS_WITHIN_MS = 2000;
const CAUGHT_UP_CHECK_MS = 50;

/** Opens the outbox and starts everything. Throws `rejected` or `conflict` when the outbox cannot be this gateway's. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { log } = options;
  const { outbox, lock } = await openLocked(options);
  const intake = createIntake(outbox, options);
  const uplink = new Uplink({ ...options, ...options.uplink, outbox, outboxBytesMax: bytesMaxOf(options) });
  const readersOff = new AbortController();
  const uplinkOff = new AbortController();
  log.info(startLine(options, outbox), 'gateway started');

  const sending = uplink.run(uplinkOff.signal);
  const reading = keepAllReading(options, intake.take, readersOff.signal);
  const broken = Promise.race([outbox.failed, sending.then(() => new Promise<never>(() => {}))]);
  const inputEnded = Promise.race([reading, broken]);
  inputEnded.catch(() => undefined); // whoever opened the gateway may look later, or never
  broken.catch(() => undefined);

  return {
    inputEnded,
    figures: () => ({ ...outbox.figures(), ...intake.figures() }),
    async caughtUp() {
      intake.close();
      while (isBehind(outbox.figures()) && !uplinkOff.signal.aborted) {
        await Promise.race([sleep(CAUGHT_UP_CHECK_MS), broken]);
      }
    },
    async stop() {
      readersOff.abort();
      const isQuiet = await within(settled(reading), READERS_WITHIN_MS);
      if (isQuiet !== true) log.warn('a reader does not stop; it is not waited for');
      intake.close();
      uplinkOff.abort();
      await settled(sending);
      await outbox.close();
      await lock.release();
      const { backlog } = outbox.figures();
      log.info({ backlog }, 'gateway stopped; what has no receipt yet is sent by the next one');
    },
  };
}

const bytesMaxOf = ({ outbox: { bytesMax = OUTBOX_BYTES_MAX } }: GatewayOptions): number => bytesMax;

const settled = (promise: Promise<unknown>): Promise<true> =>
  promise.then(
    () => true,
    () => true,
  );

async function openLocked(options: GatewayOptions): Promise<{ outbox: Outbox; lock: FolderLock }> {
  const { site, gateway, clock, log } = options;
  await makeFolder(options);
  const lock = await options.lock(options.outbox.folder);
  try {
    const bounds = { bytesMax: bytesMaxOf(options), heldBytesMax: options.outbox.heldBytesMax ?? HELD_BYTES_MAX };
    return { outbox: await openOutbox({ ...options.outbox, ...bounds, site, gateway, clock, log }), lock };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function makeFolder({ outbox: { folder, disk = realDisk } }: GatewayOptions): Promise<void> {
  try {
    await disk.makeFolder(folder);
  } catch (error) {
    const why = messageOf(error);
    throw rejected('no-outbox', `The outbox folder ${folder} cannot be made (${why}). Name another with --outbox.`);
  }
}

const isBehind = ({ backlog, heldBytes }: OutboxFigures): boolean => backlog > 0 || heldBytes > 0;

const startLine = ({ site, gateway, readers, outbox: { folder } }: GatewayOptions, outbox: Outbox) => {
  const { epoch, backlog } = outbox.figures();
  return { site, gateway, readers: readers.map(({ name }) => name), folder, epoch, backlog };
};

async function keepAllReading({ readers, log }: GatewayOptions, sink: Sink, signal: AbortSignal): Promise<void> {
  await Promise.all(readers.map((reader) => keepReading(reader, sink, signal, log)));
}

/** Runs a reader until it ends or is stopped; one that fails is started again, after a while that grows. */
async function keepReading(reader: Reader, sink: Sink, signal: AbortSignal, log: Logger): Promise<void> {
  for (let pauseMs = READER_PAUSE_MS; !signal.aborted; pauseMs = Math.min(READER_PAUSE_MOST_MS, pauseMs * 2)) {
    const startedAt = performance.now();
    try {
      await reader.start(sink, signal);
      if (!signal.aborted) log.info({ reader: reader.name }, 'the reader has come to its end');
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Fault && error.kind === 'rejected') throw error;
      if (performance.now() - startedAt > READER_PAUSE_MOST_MS) pauseMs = READER_PAUSE_MS;
      log.warn(
        { reader: reader.name, reason: messageOf(error), againInMs: pauseMs },
        'a reader failed; it is started again',
      );
      await sleep(pauseMs, signal);
    }
  }
}
