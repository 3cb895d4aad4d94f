// Transactions and their postings into the ledger, with the link that chains them to what is there, and what they change into the
// balances.
import { assert } from '../kit/faults.ts';
import { inBooks } from '../infer/balances.ts';
import type { Posting } from '../infer/effects.ts';
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { columns, type EffectsBatch } from './batch.ts';
import { dropMarks } from './markStock.ts';

const sql = (name: string): string => sqlFile(import.meta.url, `sql/${name}.sql`);
const STATEMENTS = {
  transactions: sql('postTransactions'),
  balances: sql('changeBalances'),
  flows: sql('addFlows'),
} as const;

/** Appends what a batch did to the ledger, and a link to its chain; balances and what moved, by SKU and day and by the hour, change with it, and marks of stock go. */
export async function postTransactions(client: Queryable, batch: EffectsBatch): Promise<void> {
  const posted = batch.effects.flatMap(({ offset, transactions }) =>
    transactions.map((transaction, ordinal) => ({ ...transaction, offset, ordinal })),
  );
  if (posted.length === 0) return;
  const lines = posted.flatMap((transaction) =>
    transaction.postings.map((posting, line) => ({ ...posting, transaction, line })),
  );
  for (const { quantity, from, to } of lines) {
    const differ = from.location !== to.location || from.container !== to.container || from.status !== to.status;
    assert(quantity > 0 && differ, 'A posting moves a positive quantity between two accounts.', { from, to, quantity });
  }
  await client.query({
    name: 'post-transactions',
    text: STATEMENTS.transactions,
    values: [
      batch.site,
      batch.to,
      ...columns(
        posted,
        (t) => t.id,
        (t) => t.happenedAt,
        (t) => t.offset,
        (t) => t.ordinal,
        (t) => t.type,
        (t) => t.source,
        (t) => t.confidence,
        (t) => t.epc ?? null,
        (t) => t.sku ?? null,
        (t) => t.lot,
        (t) => t.owner,
        (t) => t.quantity ?? null,
        (t) => t.container,
        (t) => t.from,
        (t) => t.to,
        (t) => t.readPoint ?? null,
        (t) => t.decision?.id ?? null,
        (t) => t.decision?.revision ?? null,
        (t) => t.supersedes ?? null,
        (t) => t.actor ?? null,
        (t) => t.reason ?? null,
      ),
      ...columns(
        lines,
        (l) => l.transaction.id,
        (l) => l.line,
        (l) => l.transaction.happenedAt,
        (l) => l.sku,
        (l) => l.lot,
        (l) => l.owner,
        (l) => l.epc ?? null,
        (l) => l.quantity,
        (l) => l.from.location,
        (l) => l.from.container,
        (l) => l.from.status,
        (l) => l.to.location,
        (l) => l.to.container,
        (l) => l.to.status,
      ),
    ],
  });
  if (lines.length === 0) return;
  await client.query({
    name: 'add-flows',
    text: STATEMENTS.flows,
    values: [
      batch.site,
      ...columns(
        lines,
        (l) => l.sku,
        (l) => l.transaction.happenedAt,
        (l) => l.transaction.type,
        (l) => l.quantity,
        (l) => l.from.location,
        (l) => l.from.status,
        (l) => l.to.location,
        (l) => l.to.status,
      ),
    ],
  });
  await dropMarks(
    client,
    batch.site,
    lines.map(({ sku, transaction }) => ({ sku, happenedAt: transaction.happenedAt })),
  );
  const changes = sumChanges(lines);
  await client.query({
    name: 'change-balances',
    text: STATEMENTS.balances,
    values: [
      batch.site,
      ...columns(
        changes,
        (c) => c.sku,
        (c) => c.location,
        (c) => c.container,
        (c) => c.lot,
        (c) => c.owner,
        (c) => c.status,
        (c) => c.change,
      ),
    ],
  });
}

interface Change {
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly location: string;
  readonly container: string;
  readonly status: string;
  change: number;
}

function sumChanges(lines: readonly Posting[]): Change[] {
  const changes = new Map<string, Change>();
  const add = ({ sku, lot, owner }: Posting, account: Posting['from'], quantity: number): void => {
    const key = [sku, account.location, account.container, lot, owner, account.status].join('\u001e');
    const known = changes.get(key);
    if (known === undefined) changes.set(key, { sku, lot, owner, ...account, change: quantity });
    else known.change = inBooks(known.change + quantity); // 0.1 and 0.2 are 0.3
  };
  for (const line of lines) {
    add(line, line.from, -line.quantity);
    add(line, line.to, line.quantity);
  }
  return [...changes.values()].filter(({ change }) => change !== 0);
}
