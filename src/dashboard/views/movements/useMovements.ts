// The movement list: pages from the API, and what comes live on top. At the top of the page live rows are put in at once;
// further down they are only counted, so that nothing moves under the reader. The list is bounded: when live rows have
// filled it, its newest page is loaded again and takes its place.
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { asFault, get, type ApiFault } from '../../api/client.ts';
import type { MovementJson, Page } from '../../api/types.ts';
import { byTime, merged } from '../../live/movements.ts';
import { site } from '../../live/sites.ts';
import { onLive } from '../../live/stream.ts';
import { useLoad } from '../../shared/useLoad.ts';
import { matcher, queryOf, type Filters } from './filters.ts';

/** Rows that live ones may add before the list starts anew at its newest page. */
const LIVE_MAX = 200;
/** Rows shown at most; whoever needs more narrows the filters. */
export const ROWS_MAX = 2000;
/** Scrolled further down than this, somebody reads. */
const AT_TOP_PX = 120;

interface Added {
  readonly of: Page<MovementJson> | undefined;
  readonly live: readonly MovementJson[];
  readonly older: readonly MovementJson[];
  readonly next: string | null;
  readonly waiting: number;
  readonly isLoadingMore: boolean;
  readonly moreFault: ApiFault | undefined;
}

export interface MovementList {
  readonly rows: readonly MovementJson[] | undefined;
  readonly fault: ApiFault | undefined;
  readonly reload: () => void;
  /** Came live while somebody read further down. */
  readonly waiting: number;
  readonly showWaiting: () => void;
  readonly more: (() => void) | undefined;
  readonly isLoadingMore: boolean;
  readonly moreFault: ApiFault | undefined;
}

const addedTo = (of: Page<MovementJson> | undefined): Added => ({
  of,
  live: [],
  older: [],
  next: of?.next ?? null,
  waiting: 0,
  isLoadingMore: false,
  moreFault: undefined,
});

export function useMovements(filters: Filters): MovementList {
  const plan = site.value!;
  const key = JSON.stringify([plan.site, filters]);
  const query = useMemo(() => queryOf(plan.site, filters), [key]);
  const first = useLoad(key, (signal) => get<Page<MovementJson>>('/v1/movements', query, signal));
  const [kept, setAdded] = useState<Added>(addedTo(undefined));
  const added = kept.of === first.value ? kept : addedTo(first.value);
  const present = useRef(added);
  present.current = added;
  const put = useCallback((change: (before: Added) => Added) => {
    // Several batches may come before the next drawing.
    present.current = change(present.current);
    setAdded(present.current);
  }, []);

  useEffect(() => {
    const isMine = matcher(filters, plan.locations);
    return onLive(({ movement }) => {
      const mine = movement.filter((one) => isMine(one));
      if (mine.length === 0 || present.current.of === undefined) return;
      // What was undone is no longer in force, and the stream does not say which it was.
      if (filters.effective !== undefined && movement.some(({ supersedes }) => supersedes !== null)) first.reload();
      if (scrollY > AT_TOP_PX) put((before) => ({ ...before, waiting: before.waiting + mine.length }));
      else if (present.current.live.length + mine.length > LIVE_MAX) first.reload();
      else put((before) => ({ ...before, live: merged(before.live, mine, byTime, LIVE_MAX) }));
    });
  }, [key, first.reload]);

  const more = async (): Promise<void> => {
    const { of, next } = present.current;
    const isStill = (before: Added): boolean => before.of === of;
    put((before) => ({ ...before, isLoadingMore: true, moreFault: undefined }));
    try {
      const page = await get<Page<MovementJson>>('/v1/movements', { ...query, cursor: next ?? undefined });
      put((before) =>
        isStill(before)
          ? { ...before, older: [...before.older, ...page.items], next: page.next, isLoadingMore: false }
          : before,
      );
    } catch (error) {
      put((before) => (isStill(before) ? { ...before, isLoadingMore: false, moreFault: asFault(error) } : before));
    }
  };

  const rows = useMemo(
    () =>
      first.value === undefined
        ? undefined
        : merged([...first.value.items, ...added.older], added.live, byTime, ROWS_MAX),
    [first.value, added.live, added.older],
  );
  return {
    rows,
    fault: first.fault,
    reload: first.reload,
    waiting: added.waiting,
    showWaiting: () => {
      scrollTo({ top: 0 });
      first.reload();
    },
    more: added.next === null || (rows?.length ?? 0) >= ROWS_MAX ? undefined : () => void more(),
    isLoadingMore: added.isLoadingMore,
    moreFault: added.moreFault,
  };
}
