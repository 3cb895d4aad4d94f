// The last movements and passages of the site, as they happen: what the board and the ticker show.
import { effect, signal } from '@preact/signals';
import { get, type ApiFault } from '../api/client.ts';
import type { MovementJson, Page, PassageJson } from '../api/types.ts';
import { timeOf } from '../shared/zone.ts';
import { forgetAntennas } from './antennas.ts';
import { now } from './clock.ts';
import { site, siteId } from './sites.ts';
import { onLive, resync } from './stream.ts';
import { untilLoaded } from './untilLoaded.ts';

/** Kept for the ticker. A pallet is some thirty movements at one instant, so this is some dozen lines of it. */
const MOVEMENTS_MAX = 400;
/** Kept for each portal. */
const PASSAGES_MAX = 300;

/** Newest first. Undefined until they were loaded. */
export const recentMovements = signal<readonly MovementJson[] | undefined>(undefined);
/** Why they could not be loaded. */
export const recentFault = signal<ApiFault | undefined>(undefined);
/** By portal, newest first; a portal is missing until its passages were loaded. */
export const recentPassages = signal<ReadonlyMap<string, readonly PassageJson[]>>(new Map());

/** So long after it was recorded a movement is new to whoever looks. */
const FRESH_MS = 4000;
export const isFresh = ({ recordedAt }: MovementJson): boolean => now.peek() - timeOf(recordedAt) < FRESH_MS;

export function byTime(a: MovementJson, b: MovementJson): number {
  return Date.parse(b.happenedAt) - Date.parse(a.happenedAt) || (a.id < b.id ? 1 : -1);
}

/** Puts the new among the known, newest first, each once, the newer version of it. */
export function merged<T extends { readonly id: string }>(
  known: readonly T[],
  fresh: readonly T[],
  order: (a: T, b: T) => number,
  most: number,
): readonly T[] {
  const byId = new Map(known.map((one) => [one.id, one]));
  for (const one of fresh) byId.set(one.id, one);
  return [...byId.values()].sort(order).slice(0, most);
}

const byLastRead = (a: PassageJson, b: PassageJson): number =>
  Date.parse(b.lastAt) - Date.parse(a.lastAt) || (a.id < b.id ? 1 : -1);

function takePassages(fresh: readonly PassageJson[]): void {
  if (fresh.length === 0) return;
  const byPoint = new Map(recentPassages.value);
  for (const point of new Set(fresh.map(({ readPoint }) => readPoint))) {
    const own = fresh.filter(({ readPoint }) => readPoint === point);
    byPoint.set(point, merged(byPoint.get(point) ?? [], own, byLastRead, PASSAGES_MAX));
  }
  recentPassages.value = byPoint;
}

/** The overview watches its site through this; the function returned ends it. */
export function watchRecent(): () => void {
  let present: string | undefined;
  const stopLive = onLive(({ movement, passage }) => {
    if (movement.length > 0 && recentMovements.value !== undefined) {
      recentMovements.value = merged(recentMovements.value, movement, byTime, MOVEMENTS_MAX);
    }
    takePassages(passage);
  });
  const stopLoading = effect(() => {
    const id = siteId.value;
    void resync.value;
    if (id === undefined) return;
    if (present !== id) {
      present = id;
      recentMovements.value = undefined;
      recentFault.value = undefined;
      recentPassages.value = new Map();
      forgetAntennas();
    }
    const asking = new AbortController();
    const keep = (loading: () => Promise<void>): void =>
      void untilLoaded(loading, asking.signal, (fault) => (recentFault.value = fault));
    keep(() => load(id, asking.signal));
    for (const point of site.peek()!.readPoints) {
      if (point.kind === 'portal') keep(() => loadPassages(id, point.id, asking.signal));
    }
    return () => asking.abort();
  });
  return () => {
    stopLive();
    stopLoading();
  };
}

async function load(id: string, aborted: AbortSignal): Promise<void> {
  const { items } = await get<Page<MovementJson>>('/v1/movements', { site: id, limit: 200 }, aborted);
  recentMovements.value = merged(recentMovements.value ?? [], items, byTime, MOVEMENTS_MAX);
  recentFault.value = undefined;
}

async function loadPassages(id: string, readPoint: string, aborted: AbortSignal): Promise<void> {
  const { items } = await get<Page<PassageJson>>('/v1/passages', { site: id, readPoint, limit: 100 }, aborted);
  if (items.length > 0) takePassages(items);
  else if (!recentPassages.value.has(readPoint))
    recentPassages.value = new Map(recentPassages.value).set(readPoint, []);
}
