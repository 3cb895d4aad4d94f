// Rows of each site in the order of their offsets, none twice, none left out. What we inserted ourselves comes from memory;
// what others appended meanwhile (a command of the API, another process) is read from the journal and put before it.
import { concatMap, EMPTY, from, tap, type Observable } from 'rxjs';
import type { Growth } from '../store/watchJournal.ts';
import type { Row } from '../wire/row.ts';
import type { Journal } from './journal.ts';

export type { Growth };

/** Rows that were just inserted, or word that a site's journal has grown. */
export type Arriving = { readonly rows: readonly Row[] } | Growing;

/** `isTaken`: the site has just been taken over; what arrived before it had its machines here does not count. */
export type Growing = Growth & { readonly isTaken?: boolean };

export interface Order {
  /** The offset that comes next; undefined for a site that this process does not derive. */
  readonly next: (site: string) => number | undefined;
  readonly passed: (site: string, next: number) => void;
  /** Resolves when what follows can take more: what is read from the journal waits for it, as the intake does. */
  readonly ready: () => Promise<void>;
}

const READ_ROWS_MAX = 500;

export const inOrder =
  (journal: Journal, order: Order, retry: <T>(work: () => Promise<T>) => Promise<T>) =>
  (arriving$: Observable<Arriving>): Observable<readonly Row[]> => {
    // Up to here rows have arrived. Word of what they cover is no news: they only wait for their turn, and what others
    // appended before them is read when it comes.
    const arrived = new Map<string, number>();
    const note = (arriving: Arriving): void => {
      if ('rows' in arriving) for (const { site, offset } of arriving.rows) arrived.set(site, offset + 1);
      else if (arriving.isTaken === true) arrived.delete(arriving.site);
    };
    const missing = (site: string, until: number) => missingRows(site, until, journal, order, retry);

    async function* ordered(arriving: readonly Row[]): AsyncGenerator<readonly Row[]> {
      for (const [site, rows] of groupBySite(arriving)) {
        const next = order.next(site);
        if (next === undefined) {
          arrived.delete(site); // not derived here, now; who takes the site over reads them
          continue;
        }
        if (rows[0]!.offset > next) yield* missing(site, rows[0]!.offset);
        const wanted = order.next(site);
        if (wanted === undefined) continue; // given up meanwhile
        const fresh = rows.filter((row) => row.offset >= wanted);
        if (fresh.length === 0) continue;
        order.passed(site, fresh.at(-1)!.offset + 1);
        yield fresh;
      }
    }

    return arriving$.pipe(
      tap(note),
      concatMap((arriving) => {
        if ('rows' in arriving) return from(ordered(arriving.rows));
        const { site, nextOffset } = arriving;
        return (arrived.get(site) ?? 0) >= nextOffset ? EMPTY : from(missing(site, nextOffset));
      }),
    );
  };

/** Rows of the journal from the next one on, before `until`. */
async function* missingRows(
  site: string,
  until: number,
  journal: Journal,
  order: Order,
  retry: <T>(work: () => Promise<T>) => Promise<T>,
): AsyncGenerator<readonly Row[]> {
  for (;;) {
    await order.ready();
    const next = order.next(site);
    if (next === undefined || next >= until) return;
    const found = await retry(() => journal.read(site, next - 1, Math.min(READ_ROWS_MAX, until - next)));
    if (found.length === 0 || order.next(site) !== next) return;
    order.passed(site, found.at(-1)!.offset + 1);
    yield found;
  }
}

function groupBySite(rows: readonly Row[]): Map<string, Row[]> {
  const bySite = new Map<string, Row[]>();
  for (const row of rows) {
    const known = bySite.get(row.site);
    if (known === undefined) bySite.set(row.site, [row]);
    else known.push(row);
  }
  return bySite;
}
