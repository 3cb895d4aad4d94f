// A list in pages. The cursor is the place of the last row, so rows that arrive meanwhile shift nothing.
import { useCallback, useState } from 'preact/hooks';
import { asFault, get, urlOf, type ApiFault, type Query } from '../api/client.ts';
import type { Page } from '../api/types.ts';
import { useLoad } from './useLoad.ts';

export interface Pages<T> {
  readonly items: readonly T[] | undefined;
  readonly fault: ApiFault | undefined;
  readonly reload: () => void;
  /** Undefined when everything is there. */
  readonly more: (() => void) | undefined;
  readonly isLoadingMore: boolean;
  readonly moreFault: ApiFault | undefined;
}

interface Later<T> {
  readonly of: Page<T> | undefined;
  readonly items: readonly T[];
  readonly next: string | null;
  readonly isLoading: boolean;
  readonly fault: ApiFault | undefined;
}

const NO_LATER = { of: undefined, items: [], next: null, isLoading: false, fault: undefined } as const;

export function usePages<T>(path: string, query: Query, everyMs?: number): Pages<T> {
  const key = urlOf(path, query);
  const [later, setLater] = useState<Later<T>>(NO_LATER);
  // Whoever reads on is not to lose what was read: the first page is left alone then.
  const repeatMs = later.items.length > 0 ? undefined : everyMs;
  const first = useLoad(key, (aborted) => get<Page<T>>(path, query, aborted), repeatMs);
  // Later pages belong to the first page that they follow.
  const follows = later.of === first.value && later.of !== undefined;
  const next = follows ? later.next : (first.value?.next ?? null);
  const more = useCallback(async () => {
    const kept = follows ? later.items : [];
    const of = first.value;
    setLater({ of, items: kept, next, isLoading: true, fault: undefined });
    try {
      const page = await get<Page<T>>(path, { ...query, cursor: next ?? undefined });
      setLater({ of, items: [...kept, ...page.items], next: page.next, isLoading: false, fault: undefined });
    } catch (error) {
      setLater({ of, items: kept, next, isLoading: false, fault: asFault(error) });
    }
  }, [key, first.value, later]);
  return {
    items: first.value === undefined ? undefined : follows ? [...first.value.items, ...later.items] : first.value.items,
    fault: first.fault,
    reload: first.reload,
    more: next === null ? undefined : () => void more(),
    isLoadingMore: follows && later.isLoading,
    moreFault: follows ? later.fault : undefined,
  };
}
