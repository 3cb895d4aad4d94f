// The balances of a site, all pages of them up to a bound, kept by the live stream unless a past instant was asked for.
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, type Query } from '../../api/client.ts';
import type { Balance, Page } from '../../api/types.ts';
import { onLive } from '../../live/stream.ts';
import { useLoad, type Loaded } from '../../shared/useLoad.ts';
import { changed } from './tree.ts';

/** Lines loaded at most; a larger site is looked at by location or SKU. */
const LINES_MAX = 5000;
const PAGE = 1000;

export interface Stock {
  readonly lines: readonly Balance[];
  readonly isCut: boolean;
}

/** `isMine` says of what comes live whether it was asked for. */
export function useStock(site: string, asked: Query, isMine: (balance: Balance) => boolean): Loaded<Stock> {
  const isPast = asked['at'] !== undefined;
  const key = JSON.stringify([site, asked]);
  const loaded = useLoad(key, (signal) => loadAll({ site, ...asked, limit: PAGE }, signal));
  const [kept, setKept] = useState<{ of: Stock | undefined; stock: Stock | undefined }>({
    of: undefined,
    stock: undefined,
  });
  const stock = kept.of === loaded.value ? kept.stock : loaded.value;
  const present = useRef({ of: loaded.value, stock });
  present.current = { of: loaded.value, stock };
  useEffect(() => {
    if (isPast) return undefined;
    return onLive(({ stock: told }) => {
      const { of, stock: before } = present.current;
      if (before === undefined || told.length === 0) return;
      const mine = told.filter((balance) => isMine(balance));
      if (mine.length === 0) return;
      const next = { of, stock: { ...before, lines: changed(before.lines, mine) } };
      present.current = next;
      setKept(next);
    });
  }, [key, isPast]);
  return { ...loaded, value: stock };
}

async function loadAll(query: Query, signal: AbortSignal): Promise<Stock> {
  const lines: Balance[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Balance> = await get<Page<Balance>>('/v1/stock', { ...query, cursor }, signal);
    lines.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && lines.length < LINES_MAX);
  return { lines, isCut: cursor !== undefined };
}
