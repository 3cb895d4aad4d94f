// What waits for a person: alerts, undecided passages and open discrepancies, kept by the live stream; quarantine and gaps, asked
// for now and then. The counters everywhere on the page and the review queue come from here.
import { computed, effect, signal, type Signal } from '@preact/signals';
import { get, type ApiFault } from '../api/client.ts';
import type { Alert, Discrepancy, Gap, Page, PassageJson, Quarantined } from '../api/types.ts';
import { siteId } from './sites.ts';
import { onLive, resync, type LiveBatch } from './stream.ts';
import { untilLoaded } from './untilLoaded.ts';

/** Loaded and kept of each list; beyond it the count says "or more". */
const OPEN_MAX = 500;
const ASK_EVERY_MS = 15_000;

export interface OpenList<T> {
  /** Newest first as loaded. Undefined until then. */
  readonly items: readonly T[] | undefined;
  readonly hasMore: boolean;
  readonly fault: ApiFault | undefined;
}

export interface Count {
  /** Undefined until it was loaded. */
  readonly count: number | undefined;
  readonly fault: ApiFault | undefined;
  readonly hasMore: boolean;
}

const none = { items: undefined, hasMore: false, fault: undefined } as const;
export const undecided = signal<OpenList<PassageJson>>(none);
export const discrepancies = signal<OpenList<Discrepancy>>(none);
export const alerts = signal<OpenList<Alert>>(none);
const quarantine = signal<OpenList<Quarantined>>(none);
const gaps = signal<OpenList<Gap>>(none);

const counted = <T>(list: Signal<OpenList<T>>) =>
  computed<Count>(() => ({
    count: list.value.items?.length,
    hasMore: list.value.hasMore,
    fault: list.value.fault,
  }));
export const openCounts = {
  alerts: counted(alerts),
  review: counted(undecided),
  discrepancies: counted(discrepancies),
  quarantine: counted(quarantine),
  gaps: counted(gaps),
};

/** Loads a list again, as after something was settled that no stream tells of. */
export const reloadOpen = signal(0);

export function watchOpenWork(): () => void {
  let present: string | undefined;
  const stopLive = onLive((live) => {
    undecided.value = followPassages(undecided.value, live);
    discrepancies.value = followDiscrepancies(discrepancies.value, live);
    alerts.value = followAlerts(alerts.value, live);
  });
  const stopLoading = effect(() => {
    const id = siteId.value;
    void resync.value;
    void reloadOpen.value;
    if (id === undefined) return;
    if (present !== id) {
      present = id;
      for (const list of [alerts, undecided, discrepancies, quarantine, gaps]) list.value = none;
    }
    const asking = new AbortController();
    const aborted = asking.signal;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const rarely = async (): Promise<void> => {
      await load(quarantine, '/v1/quarantine', {}, aborted, undefined, (one) => isOfSite(one, id));
      await load(gaps, '/v1/gaps', { site: id }, aborted);
      if (!aborted.aborted) timer = setTimeout(() => void rarely(), ASK_EVERY_MS);
    };
    void load(undecided, '/v1/passages', { site: id, outcome: 'undecided' }, aborted, followPassages);
    void load(discrepancies, '/v1/discrepancies', { site: id }, aborted, followDiscrepancies);
    void load(alerts, '/v1/alerts', { site: id }, aborted, followAlerts);
    void rarely();
    return () => {
      asking.abort();
      clearTimeout(timer);
    };
  });
  return () => {
    stopLive();
    stopLoading();
  };
}

function follow<T extends { readonly id: string }>(
  list: OpenList<T>,
  told: readonly T[],
  isOpen: (one: T) => boolean,
): OpenList<T> {
  if (list.items === undefined || told.length === 0) return list;
  const byId = new Map(told.map((one) => [one.id, one]));
  const kept = list.items.filter(({ id }) => !byId.has(id));
  const fresh = [...byId.values()].filter((one) => isOpen(one));
  if (fresh.length === 0 && kept.length === list.items.length) return list;
  const items = [...fresh, ...kept];
  return { ...list, items: items.slice(0, OPEN_MAX), hasMore: list.hasMore || items.length > OPEN_MAX };
}

const followPassages = (list: OpenList<PassageJson>, { passage }: LiveBatch): OpenList<PassageJson> =>
  follow(list, passage, (one) => one.outcome === 'undecided');
const followDiscrepancies = (list: OpenList<Discrepancy>, { discrepancy }: LiveBatch): OpenList<Discrepancy> =>
  follow(list, discrepancy, (one) => one.state === 'open');

const followAlerts = (list: OpenList<Alert>, { alert }: Pick<LiveBatch, 'alert'>): OpenList<Alert> =>
  follow(list, alert, (one) => one.state !== 'resolved');

/** What a command has made of it is shown before the stream tells. */
export const noteAlert = (alert: Alert): void => {
  alerts.value = followAlerts(alerts.value, { alert: [alert] });
};

/** Of what the quarantine holds, what names no site may belong to any of them. */
export const isOfSite = (one: Quarantined, id: string): boolean => one.site === null || one.site === id;

/** What is told while the answer is under way may be missing from it, and is applied to it again. */
async function load<T>(
  list: Signal<OpenList<T>>,
  path: string,
  query: Readonly<Record<string, string>>,
  aborted: AbortSignal,
  followLive?: (list: OpenList<T>, live: LiveBatch) => OpenList<T>,
  isMine: (one: T) => boolean = () => true,
): Promise<void> {
  const told: LiveBatch[] = [];
  const stop = onLive((live) => told.push(live));
  await untilLoaded(
    async () => {
      told.length = 0;
      const { items, next } = await get<Page<T>>(path, { ...query, limit: OPEN_MAX }, aborted);
      const loaded: OpenList<T> = {
        items: items.filter((one) => isMine(one)),
        hasMore: next !== null,
        fault: undefined,
      };
      list.value = followLive === undefined ? loaded : told.reduce(followLive, loaded);
    },
    aborted,
    (fault) => (list.value = { ...list.value, fault }),
  );
  stop();
}
