// Several processes on one database share the sites: each aims at its part, rounded up. Who has fewer takes what is free, who has
// more gives back. Nobody is told what to do and no clock is compared: who is there, and what is free, are locks in Postgres, held on
// the connection that writes, so who cannot write does not count, and what it had is free.
import { messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { sleep } from '../kit/sleep.ts';
import type { Share } from '../post/writer.ts';

export interface ShareOptions {
  /** Every site there is, ours or not. */
  readonly allSites: () => Promise<readonly string[]>;
  readonly share: (sites: readonly string[]) => Promise<Share>;
  readonly owned: () => readonly string[];
  /** Takes a site over; nothing when somebody was quicker. */
  readonly take: (site: string) => Promise<void>;
  /** Gives a site back. */
  readonly giveBack: (site: string) => Promise<void>;
  readonly onDefect: (error: unknown) => void;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

const LOOK_EVERY_MS = 1000;
/** Sites that are taken, or given back, side by side. */
const AT_ONCE = 8;
/** Of many too many, so many between two looks: who joins them may change. */
const GIVEN_BACK_A_LOOK = 20;

export interface Moves {
  readonly take: readonly string[];
  readonly giveBack: readonly string[];
}

/**
 * What one process does next. `free`: sites that nobody derives; `freeBefore`: those that nobody did at the look before. A site is
 * taken when it was free twice: after a short break of all connections its process has it back by then, and nothing moves.
 */
export function nextMoves(
  owned: readonly string[],
  sites: number,
  { processes, free }: Share,
  freeBefore: readonly string[],
): Moves {
  const aim = Math.ceil(sites / Math.max(1, processes));
  const isLasting = new Set(freeBefore);
  const room = Math.max(0, aim - owned.length);
  return {
    take: free.filter((site) => isLasting.has(site)).slice(0, room),
    giveBack: owned.toSorted().slice(aim),
  };
}

/** Looks once a second. Resolves when the first look is done: what was free then is ours. */
export async function startShares(options: ShareOptions): Promise<void> {
  const { log, signal } = options;
  let freeBefore: readonly string[] | undefined;

  const look = async (): Promise<void> => {
    const sites = await options.allSites();
    const share = await options.share(sites);
    // Who starts takes what is free at once.
    const moves = nextMoves(options.owned(), sites.length, share, freeBefore ?? share.free);
    freeBefore = share.free;
    if (moves.giveBack.length > 0)
      log.info(
        {
          processes: share.processes,
          sites: sites.length,
          owned: options.owned().length,
          givenBack: moves.giveBack.length,
        },
        'more processes share the sites: giving some back',
      );
    await sideBySide(moves.giveBack.slice(0, GIVEN_BACK_A_LOOK), options.giveBack);
    await sideBySide(moves.take, options.take);
  };
  const sideBySide = async (sites: readonly string[], move: (site: string) => Promise<void>): Promise<void> => {
    const waiting = [...sites];
    const work = async (): Promise<void> => {
      for (let site = waiting.shift(); site !== undefined && !signal.aborted; site = waiting.shift()) await move(site);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, () => work()));
  };
  const run = async (): Promise<void> => {
    for (;;) {
      await sleep(LOOK_EVERY_MS, signal);
      if (signal.aborted) return;
      await look();
    }
  };
  await look();
  run().catch((error: unknown) => {
    if (signal.aborted) return;
    log.error({ reason: messageOf(error) }, 'the sites cannot be shared out');
    options.onDefect(error);
  });
}
