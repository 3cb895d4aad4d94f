// Group commit: the next commit starts when the last one ends and takes all that waits, within bounds. Under light load a
// message waits a few milliseconds, under heavy load hundreds share one fsync. While Postgres is away everything waits,
// nothing is acknowledged, and what comes from a closed connection is forgotten: it comes again.
import { Observable } from 'rxjs';
import { conflict, messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { sha256Hex } from '../kit/ids.ts';
import { isUnavailable, troubleOf } from '../store/database.ts';
import type { ReceiptMessage } from '../wire/envelope.ts';
import type { Row } from '../wire/row.ts';
import type { Arrival } from './decode.ts';
import { rowFrom, type Appended, type Journal, type QuarantineEntry } from './journal.ts';

export interface CommitOptions {
  readonly journal: Journal;
  /** Most bytes of payload in one commit. */
  readonly bytesMax: number;
  readonly log: Logger;
  readonly receipt: (site: string, gateway: string, receipt: ReceiptMessage) => void;
  readonly figures: CommitFigures;
  /** Resolves when what follows can take more: until then nothing more is committed, and the senders wait. */
  readonly ready: () => Promise<void>;
  /** A connection has closed: what waits of it is forgotten then and there, so that an outage holds no more and no more. */
  readonly closed$: Observable<unknown>;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** Counted here, shown at /metrics. What has arrived is one of fresh, duplicate, conflict, quarantined, ignored, dropped, or waits. */
export interface CommitFigures {
  arrived: number;
  fresh: number;
  duplicates: number;
  conflicts: number;
  quarantined: number;
  ignored: number;
  dropped: number;
  /** Single entries set aside, of messages that were otherwise taken. */
  rejectedEntries: number;
  unknownFields: number;
  commits: number;
  readonly commitSeconds: (seconds: number) => void;
}

export const noCommits = (commitSeconds: CommitFigures['commitSeconds'] = () => {}): CommitFigures => ({
  arrived: 0,
  fresh: 0,
  duplicates: 0,
  conflicts: 0,
  quarantined: 0,
  ignored: 0,
  dropped: 0,
  rejectedEntries: 0,
  unknownFields: 0,
  commits: 0,
  commitSeconds,
});

const MESSAGES_MAX = 4000;
const RETRY_MS = 200;
const RETRY_MOST_MS = 2000;

/** Rows that were inserted, as one list a commit; acknowledgements and receipts go out before. */
export const commit =
  (options: CommitOptions) =>
  (arrivals$: Observable<Arrival>): Observable<readonly Row[]> =>
    new Observable((subscriber) => {
      const waiting: Arrival[] = [];
      let isBusy = false;
      let isDone = false;

      const isClosed = (): boolean => subscriber.closed;
      const run = async (): Promise<void> => {
        let told: Promise<void> = Promise.resolve();
        do {
          await options.ready();
          const batch = takeBatch(waiting, options);
          const committed = await commitBatch(batch, options, isClosed);
          await told;
          told = tellOf(batch, committed);
          told.catch(() => {}); // thrown where it is awaited
          if (waiting.length === 0) await told;
        } while (waiting.length > 0 && !subscriber.closed);
        await told;
        isBusy = false;
        if (isDone) subscriber.complete();
      };
      /** Acknowledges what was committed and hands it on, while Postgres has what waits already. */
      const tellOf = async (batch: readonly Arrival[], committed: Committed | undefined): Promise<void> => {
        if (committed === undefined) return;
        if (waiting.length > 0) await new Promise((resolve) => setImmediate(resolve));
        const rows = await tellCommitted(batch, committed, options, isClosed);
        if (rows.length > 0) subscriber.next(rows);
      };
      // Connections close by the hundred: one look for all that closed in the same turn of the event loop.
      let isForgetting = false;
      const forget = (): void => {
        isForgetting = false;
        let kept = 0;
        for (const arrival of waiting) if (!dropIfGone(arrival, options)) waiting[kept++] = arrival;
        waiting.length = kept;
      };
      subscriber.add(
        options.closed$.subscribe(() => {
          if (!isForgetting) setImmediate(forget);
          isForgetting = true;
        }),
      );
      return arrivals$.subscribe({
        next: (arrival) => {
          options.figures.arrived++;
          waiting.push(arrival);
          if (isBusy) return;
          isBusy = true;
          // What arrives in the same turn of the event loop goes together.
          setImmediate(() => {
            run().catch((error: unknown) => subscriber.error(error));
          });
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          isDone = true;
          if (!isBusy) subscriber.complete();
        },
      });
    });

function takeBatch(waiting: Arrival[], options: CommitOptions): Arrival[] {
  const { bytesMax } = options;
  const batch: Arrival[] = [];
  let bytes = 0;
  let taken = 0;
  for (const arrival of waiting) {
    if (taken >= MESSAGES_MAX || (bytes > 0 && bytes + (arrival.delivery?.payload.length ?? 0) > bytesMax)) break;
    taken++;
    if (dropIfGone(arrival, options)) continue;
    bytes += arrival.delivery?.payload.length ?? 0;
    batch.push(arrival);
  }
  waiting.splice(0, taken);
  return batch;
}

/** Only what will be sent again may be forgotten: a QoS 0 message comes once. */
function dropIfGone({ delivery }: Arrival, { figures }: CommitOptions): boolean {
  if (delivery === undefined || delivery.qos === 0 || !delivery.connection.isClosed()) return false;
  figures.dropped++;
  delivery.settle(); // frees its bytes; nobody is there to be told
  return true;
}

/** What became of the arrivals of a batch that have an entry, in their order. */
interface Committed {
  readonly kept: readonly Arrival[];
  readonly appended: readonly Appended[];
}

/** Undefined when we are stopped meanwhile. */
async function commitBatch(
  batch: readonly Arrival[],
  options: CommitOptions,
  isClosed: () => boolean,
): Promise<Committed | undefined> {
  const { journal } = options;
  const kept = batch.filter((arrival) => arrival.entry !== undefined);
  const entries = kept.map((arrival) => arrival.entry!);
  const quarantine = batch.flatMap((arrival) => {
    if (arrival.quarantine.length === 0) return [];
    const of = kept.indexOf(arrival);
    return of === -1 ? arrival.quarantine : arrival.quarantine.map((aside) => ({ ...aside, of }));
  });
  const lost = batch.flatMap((arrival) => arrival.lost);
  let appended: Appended[] = [];
  if (entries.length > 0 || quarantine.length > 0 || lost.length > 0) {
    const done = await retrying(() => journal.append(entries, quarantine, lost), options, isClosed);
    if (done === undefined) return undefined;
    appended = done;
  }
  return { kept, appended };
}

/** Counts, acknowledges and sends receipts; the rows that were inserted. */
async function tellCommitted(
  batch: readonly Arrival[],
  { kept, appended }: Committed,
  options: CommitOptions,
  isClosed: () => boolean,
): Promise<Row[]> {
  const { journal, figures, log } = options;
  const rows: Row[] = [];
  const conflicts: QuarantineEntry[] = [];
  for (const [index, result] of appended.entries()) {
    const arrival = kept[index]!;
    if (result.verdict === 'fresh' && result.offset !== undefined) rows.push(rowFrom(arrival.entry!, result));
    if (result.verdict === 'fresh' && arrival.entry!.kind === 'quarantined') figures.quarantined++;
    else if (result.verdict === 'fresh') {
      figures.fresh++;
      figures.rejectedEntries += arrival.quarantine.length;
    } else if (result.verdict === 'duplicate') figures.duplicates++;
    else conflicts.push(conflictOf(arrival));
  }
  if (conflicts.length > 0) {
    figures.conflicts += conflicts.length;
    log.error(
      { first: conflicts[0]!.reason, conflicts: conflicts.length },
      'a gateway sent other bytes under a sequence number it had used: look for two gateways with one id',
    );
    await retrying(() => journal.append([], conflicts), options, isClosed);
  }
  for (const arrival of batch) {
    if (arrival.entry === undefined && arrival.quarantine.length > 0) figures.quarantined++;
    else if (arrival.entry === undefined) figures.ignored++;
    figures.unknownFields += arrival.unknownFields;
    arrival.delivery?.settle();
  }
  sendReceipts(kept, appended, options);
  return rows;
}

/** Tries until Postgres is back. Undefined when we are stopped meanwhile: nothing has been acknowledged, it comes again. */
async function retrying<T>(
  work: () => Promise<T>,
  options: CommitOptions,
  isClosed: () => boolean,
): Promise<T | undefined> {
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  for (let attempt = 0; ; attempt++) {
    const startedAt = performance.now();
    try {
      const result = await work();
      options.figures.commits++;
      options.figures.commitSeconds((performance.now() - startedAt) / 1000);
      if (attempt > 0) options.log.info({ attempts: attempt + 1 }, 'Postgres answers again; intake goes on');
      return result;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (attempt === 0) {
        options.log.error(
          { reason: messageOf(error) },
          `${troubleOf(error)}: nothing is acknowledged meanwhile; gateways keep their envelopes`,
        );
      }
      if (isClosed()) return undefined;
      await sleep(Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** Math.min(attempt, 10)));
      if (isClosed()) return undefined;
    }
  }
}

function conflictOf(arrival: Arrival): QuarantineEntry {
  const { entry, delivery } = arrival;
  const content = delivery?.payload ?? Buffer.alloc(0);
  const fault = conflict(
    'conflict',
    `${entry!.gateway} has sent sequence ${entry!.seq} of epoch ${entry!.epoch} before, with other content.`,
  );
  return {
    site: entry!.site,
    receivedAt: entry!.receivedAt,
    topic: delivery?.topic ?? '',
    gateway: entry!.gateway,
    epoch: entry!.epoch,
    seq: Number(entry!.seq),
    code: fault.code,
    reason: fault.message,
    content,
    length: content.length,
    sha256: sha256Hex(content),
  };
}

/** One receipt a gateway and epoch, of the last state: also duplicates are answered, or a gateway would send for ever. */
function sendReceipts(kept: readonly Arrival[], appended: readonly Appended[], options: CommitOptions): void {
  const receipts = new Map<string, { site: string; gateway: string; receipt: ReceiptMessage }>();
  for (const [index, { through, verdict }] of appended.entries()) {
    if (through === undefined) continue;
    const { entry, rejected } = kept[index]!;
    const key = `${entry!.site} ${entry!.gateway} ${entry!.epoch}`;
    const known = receipts.get(key)?.receipt.rejected ?? [];
    const told =
      verdict === 'conflict'
        ? [{ code: 'conflict', message: 'this sequence number was used before, with other content' }]
        : rejected;
    const all = [...known, ...told.map(({ code, message }) => ({ seq: Number(entry!.seq), code, message }))];
    receipts.set(key, {
      site: entry!.site,
      gateway: entry!.gateway,
      receipt: { epoch: entry!.epoch, seq: through, ...(all.length === 0 ? {} : { rejected: all }) },
    });
  }
  for (const { site, gateway, receipt } of receipts.values()) options.receipt(site, gateway, receipt);
}
