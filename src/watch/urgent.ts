// What cannot wait for the next look at everything: a critical discrepancy (something went onto the wrong truck) is an alert as soon as
// it is posted, while the truck is still at the door.
import type { AlertKind } from '../config/alertKinds.ts';
import { messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import type { Pool } from '../store/database.ts';

/** The kinds that are looked at then. */
export const URGENT_KINDS: readonly AlertKind[] = [
  'wrong-door',
  'wrong-load',
  'unplanned-ship',
  'critical-discrepancy',
];

export interface Urgent {
  /** The ledger of a site has come from one row of the journal to another. */
  readonly posted: (site: string, from: number, to: number) => void;
  /** Resolves when nothing is looked at any more. */
  readonly idle: () => Promise<void>;
}

interface Rows {
  readonly from: number;
  readonly to: number;
}

/**
 * One site after the other; what comes while a look is under way is looked at together after it, so however much is posted, one look waits
 * a site at most. What fails is left to the look at everything.
 */
export function openUrgent(pool: Pool, look: (site: string) => Promise<void>, log: Logger): Urgent {
  const waiting = new Map<string, Rows>();
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    for (const [site, rows] of waiting) {
      waiting.delete(site);
      try {
        if (await isCritical(pool, site, rows)) await look(site);
      } catch (error) {
        log.debug(
          { site, reason: messageOf(error) },
          'what is critical could not be looked at; the next look finds it',
        );
      }
    }
    running = undefined;
  };
  return {
    posted(site, from, to) {
      const before = waiting.get(site);
      waiting.set(site, { from: Math.min(from, before?.from ?? from), to: Math.max(to, before?.to ?? to) });
      running ??= run();
    },
    idle: async () => running,
  };
}

async function isCritical(pool: Pool, site: string, { from, to }: Rows): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>({
    name: 'watch-urgent',
    text: `select exists (
             select from discrepancy
             where site = $1 and journal_offset > $2 and journal_offset <= $3 and severity = 'critical' and state = 'open'
           ) as found`,
    values: [site, from, to],
  });
  return rows[0]!.found;
}
