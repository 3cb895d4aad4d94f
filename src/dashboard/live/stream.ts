// The live stream: opened for one site, opened again whenever it breaks, and handed on in batches at most four times a
// second, so that the page draws as often as a person can see and no more. A break is never hidden: `connection` says so,
// and `resync` makes everything that was loaded before be loaded again, so no hole stays.
import { batch, signal } from '@preact/signals';
import type {
  Alert,
  Balance,
  Discrepancy,
  Finding,
  Inbound,
  MovementJson,
  PassageJson,
  Phantom,
  Reading,
} from '../api/types.ts';
import type { Appointment } from '../api/appointments.ts';
import type { AnnouncedReturn, Partner, SupplierReturn } from '../api/partners.ts';
import type { Carton, CountTask, Job, Load, Order, PickList, Transfer } from '../api/work.ts';
import type { Product, Task } from '../api/goods.ts';
import { now } from './clock.ts';

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly since: number };

export const connection = signal<Connection>({ kind: 'connecting' });
/** Grows when something may have been missed: lists load their first page again. */
export const resync = signal(0);

export interface LiveBatch {
  readonly movement: readonly MovementJson[];
  readonly passage: readonly PassageJson[];
  readonly stock: readonly Balance[];
  readonly discrepancy: readonly Discrepancy[];
  readonly inbound: readonly Inbound[];
  readonly order: readonly Order[];
  readonly pick: readonly PickList[];
  readonly load: readonly Load[];
  readonly task: readonly Task[];
  readonly job: readonly Job[];
  readonly carton: readonly Carton[];
  readonly count: readonly CountTask[];
  readonly transfer: readonly Transfer[];
  readonly return: readonly SupplierReturn[];
  readonly announcement: readonly AnnouncedReturn[];
  readonly appointment: readonly Appointment[];
  readonly product: readonly Product[];
  readonly partner: readonly Partner[];
  /** Products and partners that are known no more. */
  readonly dropped: readonly { readonly kind: string; readonly id: string }[];
  readonly finding: readonly Finding[];
  readonly phantom: readonly Phantom[];
  readonly alert: readonly Alert[];
  /** Each is what all antennas read in one second. */
  readonly reads: readonly (readonly Reading[])[];
}

type Kind = keyof LiveBatch;
const KINDS: readonly Kind[] = [
  'movement',
  'passage',
  'stock',
  'discrepancy',
  'inbound',
  'order',
  'pick',
  'load',
  'task',
  'job',
  'carton',
  'count',
  'transfer',
  'return',
  'announcement',
  'appointment',
  'product',
  'partner',
  'dropped',
  'finding',
  'phantom',
  'alert',
  'reads',
];

const FLUSH_MS = 250;
/** Kept of one kind between two flushes (a tab in the background flushes rarely); beyond it everything is loaded again. */
const WAITING_MAX = 2000;
const RETRY_LEAST_MS = 1000;
const RETRY_MOST_MS = 10_000;
/** A hidden page lets go: a browser opens six connections to a server, and six forgotten tabs would hold them all. */
const HIDDEN_MS = 20_000;

const listeners = new Set<(live: LiveBatch) => void>();

/** Calls back with everything that happens; the function returned ends it. */
export function onLive(listener: (live: LiveBatch) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Listens to a site until the function returned is called. */
export function openStream(site: string): () => void {
  let source: EventSource | undefined;
  let retryMs = RETRY_LEAST_MS;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  let isFirst = true;
  const waiting = createWaiting();

  const connect = (): void => {
    clearTimeout(retryTimer);
    source?.close();
    source = new EventSource(`/v1/live?site=${encodeURIComponent(site)}`);
    source.addEventListener('open', () => {
      retryMs = RETRY_LEAST_MS;
      connection.value = { kind: 'live' };
      if (!isFirst) resync.value++;
      isFirst = false;
    });
    source.addEventListener('error', lost);
    for (const kind of KINDS) {
      source.addEventListener(kind, ({ data }: MessageEvent<string>) => waiting.add(kind, data));
    }
  };
  // The browser would try again by itself, but gives up for good on any answer other than 200; and no first page of ours
  // relies on Last-Event-ID, since everything is loaded again anyway.
  const lost = (): void => {
    source?.close();
    if (connection.value.kind !== 'lost') connection.value = { kind: 'lost', since: now.value };
    clearTimeout(retryTimer);
    retryTimer = setTimeout(connect, retryMs);
    retryMs = Math.min(RETRY_MOST_MS, retryMs * 1.6);
  };
  const onVisibility = (): void => {
    clearTimeout(hiddenTimer);
    if (document.hidden) {
      hiddenTimer = setTimeout(() => {
        clearTimeout(retryTimer);
        source?.close();
        source = undefined;
      }, HIDDEN_MS);
    } else if (source === undefined) {
      connection.value = { kind: 'connecting' };
      connect();
    }
  };
  const onOffline = (): void => lost();
  document.addEventListener('visibilitychange', onVisibility);
  addEventListener('offline', onOffline);
  addEventListener('online', connect);
  connection.value = { kind: 'connecting' };
  connect();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    removeEventListener('offline', onOffline);
    removeEventListener('online', connect);
    clearTimeout(retryTimer);
    clearTimeout(hiddenTimer);
    source?.close();
    waiting.drop();
  };
}

/** What has come and was not yet shown. */
function createWaiting(): { readonly add: (kind: Kind, data: string) => void; readonly drop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting = emptyBatch();
  let isOver = false;
  const flush = (): void => {
    timer = undefined;
    const live = waiting;
    waiting = emptyBatch();
    batch(() => {
      for (const listener of listeners) listener(live);
      if (isOver) resync.value++;
      isOver = false;
    });
  };
  return {
    add(kind, data) {
      const list = waiting[kind] as unknown[];
      if (list.length >= WAITING_MAX) isOver = true;
      else {
        const parsed: unknown = JSON.parse(data);
        list.push(kind === 'reads' ? (parsed as { antennas: unknown }).antennas : parsed);
      }
      timer ??= setTimeout(flush, FLUSH_MS);
    },
    drop() {
      clearTimeout(timer);
    },
  };
}

const emptyBatch = (): LiveBatch => ({
  movement: [],
  passage: [],
  stock: [],
  discrepancy: [],
  inbound: [],
  order: [],
  pick: [],
  load: [],
  task: [],
  job: [],
  carton: [],
  count: [],
  transfer: [],
  return: [],
  announcement: [],
  appointment: [],
  product: [],
  partner: [],
  dropped: [],
  finding: [],
  phantom: [],
  alert: [],
  reads: [],
});
