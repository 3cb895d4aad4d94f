// What is kept beside the writer so that questions are answered soon, of the sites that this process derives: figures of orders and worth of
// SKUs that have changed (src/post/figureOrders.ts, valueSkus.ts), and marks of stock (src/post/markStock.ts). Late, it costs only time.
import { messageOf } from '../kit/faults.ts';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/log.ts';
import { sleep } from '../kit/sleep.ts';
import { figureOrders } from '../post/figureOrders.ts';
import { markStock } from '../post/markStock.ts';
import { revalue } from '../post/valueSkus.ts';
import { isUnavailable, openClient, type Client, type DatabaseOptions } from '../store/database.ts';
import type { Sites } from './sites.ts';

const EVERY_MS = 5000;
const MARKS_FIRST_MS = 60_000;
const MARKS_EVERY_MS = 600_000;
/** What happened so lately is often still corrected, which would only drop its marks again. */
const SETTLED_MS = 3_600_000;

export interface SumsOptions {
  readonly database: DatabaseOptions;
  readonly sites: Sites;
  readonly log: Logger;
}

/** Every few seconds; marks soon after the start, then every ten minutes. `stop` resolves when the step that is under way has ended. */
export function startSums(options: SumsOptions, clock: Clock): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const running = keepOn(options, clock, stopping.signal);
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}

async function keepOn(options: SumsOptions, clock: Clock, signal: AbortSignal): Promise<void> {
  let client: Client | undefined;
  let marksAt = performance.now() + MARKS_FIRST_MS;
  await sleep(EVERY_MS, signal);
  while (!signal.aborted) {
    try {
      client ??= await openClient({ ...options.database, name: 'tallygate sums' });
      await allOf(client, options, signal, figureOrders);
      await allOf(client, options, signal, revalue);
      if (performance.now() > marksAt) {
        await allOf(client, options, signal, (on, site) => markStock(on, site, clock() - SETTLED_MS));
        marksAt = performance.now() + MARKS_EVERY_MS;
      }
    } catch (error) {
      // That Postgres is away others say.
      options.log[isUnavailable(error) ? 'debug' : 'warn'](
        { reason: messageOf(error) },
        'sums that questions are answered from could not be kept; answers are right, and take longer, until they are',
      );
      await client?.end().catch(() => {});
      client = undefined;
    }
    await sleep(EVERY_MS, signal);
  }
  await client?.end().catch(() => {});
}

/** Takes steps of a kind for each site until there is nothing to do. */
async function allOf(
  client: Client,
  { sites }: SumsOptions,
  signal: AbortSignal,
  step: (client: Client, site: string) => Promise<boolean>,
): Promise<void> {
  for (const site of sites.bySite.keys()) {
    for (let began = performance.now(); !signal.aborted; began = performance.now()) {
      if (!(await step(client, site))) break;
      // As much rest as work: a great deal to do keeps nobody waiting.
      await sleep(performance.now() - began, signal);
    }
  }
}
