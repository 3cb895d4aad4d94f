// Marks of stock of the sites that this process derives (src/post/markStock.ts), made now and then beside the writer.
import { messageOf } from '../kit/faults.ts';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/log.ts';
import { sleep } from '../kit/sleep.ts';
import { markStock } from '../post/markStock.ts';
import { openClient, type DatabaseOptions } from '../store/database.ts';
import type { Sites } from './sites.ts';

const FIRST_MS = 60_000;
const EVERY_MS = 600_000;
/** What happened so lately is often still corrected, which would only drop its marks again. */
const SETTLED_MS = 3_600_000;

export interface MarksOptions {
  readonly database: DatabaseOptions;
  readonly sites: Sites;
  readonly log: Logger;
}

/** Once soon after the start, then every ten minutes. `stop` resolves when the step that is under way has ended. */
export function startMarks(options: MarksOptions, clock: Clock): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = keepOn(options, clock, signal);
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}

async function keepOn(options: MarksOptions, clock: Clock, signal: AbortSignal): Promise<void> {
  await sleep(FIRST_MS, signal);
  while (!signal.aborted) {
    try {
      await markAll(options, clock, signal);
    } catch (error) {
      options.log.warn(
        { reason: messageOf(error) },
        'marks of stock could not be made; until they are, stock as of a past instant is slower to answer',
      );
    }
    await sleep(EVERY_MS, signal);
  }
}

async function markAll({ database, sites }: MarksOptions, clock: Clock, signal: AbortSignal): Promise<void> {
  const client = await openClient({ ...database, name: 'tallygate marks' });
  try {
    for (const site of sites.bySite.keys()) {
      for (let began = performance.now(); !signal.aborted; began = performance.now()) {
        if (!(await markStock(client, site, clock() - SETTLED_MS))) break;
        // As much rest as work: a ledger without any marks keeps nobody waiting.
        await sleep(performance.now() - began, signal);
      }
    }
  } finally {
    await client.end();
  }
}
