// Effects into the ledger: everything that some rows of a site's journal led to, and the cursor, in one commit.
import { prepareDays } from '../intake/journal.ts';
import { Fault } from '../kit/faults.ts';
import { atomically, type Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storable, storableJson } from '../store/text.ts';
import type { EffectsBatch } from './batch.ts';
import { postTransactions } from './postTransactions.ts';
import { putDiscrepancies, putEvidence, putItems, putPassages } from './putDecisions.ts';
import { putDoubts } from './putDoubts.ts';
import { putDoorHours, putFindings } from './putInstallation.ts';
import { putPacking } from './putPacking.ts';
import { putDocks } from './putDocks.ts';
import { putOutbound } from './putOutbound.ts';
import { putProducts } from './putProducts.ts';
import { putJobs } from './putJobs.ts';
import { putTasks } from './putTasks.ts';
import { putAdjustments } from './putAdjustments.ts';
import { putCounts } from './putCounts.ts';
import { putAnnouncedReturns } from './putAnnouncedReturns.ts';
import { putAppointments } from './putAppointments.ts';
import { putPartners, putSupplierReturns } from './putPartners.ts';
import { deliverNotices, putNotices, putSnapshots, putTransfers } from './putTransfers.ts';
import { noteOrders } from './figureOrders.ts';
import { putInbounds, putLists } from './putWork.ts';

const ADVANCE_CURSOR = sqlFile(import.meta.url, 'sql/advanceCursor.sql');

/** Told on this channel after each commit: `{"site":…,"from":…,"to":…}`. */
export const EFFECTS_CHANNEL = 'tallygate_effects';

/**
 * Posts a batch on the connection that holds the site's lock. Throws a defect when the cursor is not where the batch
 * begins: somebody else has written, and nothing of the batch is posted. What is derived again only to be compared (not `isReal`) tells
 * other sites nothing.
 */
export async function postEffects(
  client: Queryable,
  batch: EffectsBatch,
  months: Set<string>,
  isReal = true,
): Promise<void> {
  await ensureMonths(client, batch, months);
  const noticed = batch.effects.filter(({ notices }) => notices.length > 0);
  if (isReal && noticed.length > 0)
    await prepareDays(
      client,
      noticed.map(({ receivedAt }) => receivedAt),
    );
  await atomically(client, async () => {
    const moved = await client.query({
      name: 'advance-cursor',
      text: ADVANCE_CURSOR,
      values: [batch.site, batch.from, batch.to],
    });
    if (moved.rowCount !== 1) {
      throw new Fault(
        'conflict',
        'cursor-moved',
        `The cursor of ${batch.site} is not at ${batch.from}: another process derives this site.`,
      );
    }
    await postTransactions(client, batch);
    await putItems(client, batch);
    await putPassages(client, batch);
    await putEvidence(client, batch);
    await putDiscrepancies(client, batch);
    await putFindings(client, batch);
    await putDoorHours(client, batch);
    await putDoubts(client, batch);
    await putInbounds(client, batch);
    await putLists(client, batch);
    await putOutbound(client, batch);
    await putPacking(client, batch);
    await putDocks(client, batch);
    await putProducts(client, batch);
    await putTasks(client, batch);
    await putJobs(client, batch);
    await putCounts(client, batch);
    await putAdjustments(client, batch);
    await putTransfers(client, batch);
    await putPartners(client, batch);
    await putSupplierReturns(client, batch);
    await putAnnouncedReturns(client, batch);
    await putAppointments(client, batch);
    await putSnapshots(client, batch);
    await noteOrders(client, batch);
    await putNotices(client, batch);
    if (isReal) await deliverNotices(client, batch);
    await putOutcomes(client, batch);
    await client.query('select pg_notify($1, $2)', [
      EFFECTS_CHANNEL,
      JSON.stringify({ site: batch.site, from: batch.from, to: batch.to }),
    ]);
  });
}

/** The cursor of a site: everything up to it is in the ledger. A new site begins at 0. */
export async function cursorOf(client: Queryable, site: string): Promise<number> {
  await client.query('insert into cursor (site) values ($1) on conflict do nothing', [site]);
  const { rows } = await client.query<{ journal_offset: number }>('select journal_offset from cursor where site = $1', [
    site,
  ]);
  return rows[0]!.journal_offset;
}

/** Chains what a release that knows of no chain has posted to this database since: so many transactions. For who holds the lock. */
export async function chainRest(client: Queryable, site: string): Promise<number> {
  let chained = 0;
  for (;;) {
    const { rows } = await client.query<{ count: number | null }>('select chain_next($1) as count', [site]);
    const { count } = rows[0]!;
    if (count === null) return chained;
    chained += count;
  }
}

async function ensureMonths(client: Queryable, { effects }: EffectsBatch, known: Set<string>): Promise<void> {
  for (const { transactions } of effects) {
    for (const { happenedAt } of transactions) {
      const month = new Date(happenedAt).toISOString().slice(0, 7);
      if (known.has(month)) continue;
      for (const table of ['transaction', 'posting']) {
        await client.query('select ensure_partition($1, to_timestamp($2 / 1000.0))', [table, happenedAt]);
      }
      known.add(month);
    }
  }
}

async function putOutcomes(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  for (const { outcome, offset, configuration, receivedAt } of effects) {
    if (outcome !== undefined) {
      await client.query({
        name: 'put-outcome',
        text: 'insert into command_outcome (site, key, journal_offset, outcome) values ($1, $2, $3, $4)',
        values: [site, storable(outcome.key), offset, storableJson(outcome.outcome)],
      });
    }
    if (configuration !== undefined) {
      await client.query({
        name: 'put-configuration',
        text: 'insert into configuration (site, journal_offset, effective_at, actor, source) values ($1, $2, to_timestamp($3 / 1000.0), $4, $5)',
        values: [site, offset, receivedAt, storable(configuration.actor), storableJson(configuration.source)],
      });
    }
  }
}
