// A site's machines when its writer begins: as the last snapshot left them, and, when a former release made that, with everything
// that it posted since. A new decider goes on from there: what was posted stays as it was decided.
import { deriveRow, type SiteMachine } from '../derive.ts';
import { DECIDER } from '../infer/infer.ts';
import type { Journal } from '../intake/journal.ts';
import { conflict } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import type { Pool } from '../store/database.ts';
import { loadMachine, snapshotHead } from './keepSnapshot.ts';
import { takeSnapshot } from './snapshot.ts';
import type { Writer } from './writer.ts';

export interface TakingOver {
  readonly pool: Pool;
  readonly writer: Writer;
  readonly journal: Journal;
  readonly log: Logger;
}

const READ_ROWS = 2000;

/**
 * The machines of a site, to go on from. Throws a conflict when a newer release has derived the site, or when a former one ended
 * without a last snapshot and this one would have posted something else than it did since.
 */
export async function machineOf(site: string, { pool, writer, journal, log }: TakingOver): Promise<SiteMachine> {
  const head = await snapshotHead(pool, site);
  if (head !== undefined && head.decider > DECIDER) {
    throw conflict(
      'newer-release',
      `Site ${site} was derived by a newer release (decider ${head.decider}; this one has ${DECIDER}). Start that release, or a newer one.`,
    );
  }
  if (head?.shape === 0) {
    throw conflict(
      'release-too-old',
      `Site ${site} was derived by a release (decider ${head.decider}) that this one cannot go on from. Start a release in between once, and stop it.`,
    );
  }
  const chained = await writer.chainRest(site);
  if (chained > 0) {
    log.warn(
      { site, transactions: chained },
      'transactions had no link in the chain, as when a former release went on beside this one; they have one now',
    );
  }
  if (await writer.sumRest(site)) {
    log.warn({ site }, 'what a former release posted beside this one was not in the sums of key figures; it is now');
  }
  const machine = await loadMachine(pool, site);
  const cursor = await writer.cursor(site);
  if (head === undefined ? cursor === 0 : head.decider === DECIDER && !(await lacksBase(pool, site))) return machine;
  await deriveSince(machine, site, cursor, head?.decider, { pool, journal });
  if (head === undefined) return machine;
  await writer.snapshot(takeSnapshot(machine));
  await writer.keepBase(site, cursor);
  log.info(
    { site, offset: cursor, decider: DECIDER, former: head.decider },
    'a new release decides from here on; what the former one posted stays, and verify begins here',
  );
  return machine;
}

/** It was taken over, but the process ended before `verify` had where to begin. */
async function lacksBase(pool: Pool, site: string): Promise<boolean> {
  const { rows } = await pool.query<{ lacks: boolean }>(
    `select coalesce(max(journal_offset), 0) > coalesce((select journal_offset from snapshot_base where site = $1), 0) as lacks
     from decider_since where site = $1`,
    [site],
  );
  return rows[0]!.lacks;
}

/** Takes in the rows that were posted since the snapshot: as they were posted, or not at all. */
async function deriveSince(
  machine: SiteMachine,
  site: string,
  cursor: number,
  former: number | undefined,
  { pool, journal }: Pick<TakingOver, 'pool' | 'journal'>,
): Promise<void> {
  const from = machine.offset;
  while (machine.offset < cursor) {
    const after = machine.offset;
    const rows = await journal.read(site, after, Math.min(READ_ROWS, cursor - after));
    const derived = new Set<string>();
    for (const row of rows) for (const { id } of deriveRow(machine, row).transactions) derived.add(id);
    const posted = await pool.query<{ id: string; journal_offset: number }>(
      'select id, journal_offset from transaction where site = $1 and journal_offset > $2 and journal_offset <= $3 order by journal_offset, ordinal',
      [site, after, machine.offset],
    );
    const other = posted.rows.find(({ id }) => !derived.delete(id));
    if (rows.length > 0 && other === undefined && derived.size === 0) continue;
    throw conflict(
      'unfinished-release',
      `Site ${site}: the former release${former === undefined ? '' : ` (decider ${former})`} ended without a last snapshot, and this one would decide otherwise what it posted since (between rows ${from + 1} and ${cursor}; first seen after row ${after}). ` +
        'Start the former release once, stop it with SIGTERM, and start this one again.',
    );
  }
}
