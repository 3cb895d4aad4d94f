// What dock-to-stock times and the accuracy of receiving are made of, as it is after a batch.
import { inBooks } from '../infer/balances.ts';
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storable } from '../store/text.ts';
import { columns, lastOf, type EffectsBatch } from './batch.ts';

const sql = (name: string): string => sqlFile(import.meta.url, `sql/${name}.sql`);
const STATEMENTS = {
  docked: sql('putDocked'),
  receipts: sql('sumReceipts'),
  receiptLines: sql('putReceiptLines'),
} as const;

export async function putDocks(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const docked = lastOf(
    effects.flatMap((effect) => effect.docked),
    ({ transaction }) => transaction,
  );
  if (docked.length > 0) {
    const parts = docked.flatMap(({ transaction, parts: some }) =>
      merged(some).map((part) => ({ ...part, transaction })),
    );
    const before = await client.query<{ inbound: string }>({
      name: 'docked-inbounds',
      text: 'select distinct inbound from docked where site = $1 and transaction_id = any ($2) and inbound is not null',
      values: [site, docked.map(({ transaction }) => transaction)],
    });
    await client.query({
      name: 'put-docked',
      text: STATEMENTS.docked,
      values: [
        site,
        ...columns(docked, (d) => d.transaction),
        ...columns(
          parts,
          (p) => p.transaction,
          (p) => p.arrival,
          (p) => p.sku,
          (p) => p.epc ?? null,
          (p) => p.quantity,
          (p) => p.arrivedAt,
          (p) => p.storedAt,
          (p) => p.inbound ?? null,
          (p) => p.receipt ?? null,
        ),
      ],
    });
    const inbounds = new Set([
      ...before.rows.map(({ inbound }) => inbound),
      ...parts.flatMap(({ inbound }) => (inbound === undefined ? [] : [storable(inbound)])),
    ]);
    if (inbounds.size > 0)
      await client.query({ name: 'sum-receipts', text: STATEMENTS.receipts, values: [site, [...inbounds]] });
  }
  await putReceiptLines(client, site, effects);
}

type Part = EffectsBatch['effects'][number]['docked'][number]['parts'][number];

/** One transaction may put away what one other brought in several postings: one line of them, the quantities summed. */
function merged(parts: readonly Part[]): Part[] {
  const sums = new Map<string, Part>();
  for (const part of parts) {
    const key = `${part.arrival} ${part.sku}`;
    const known = sums.get(key);
    sums.set(
      key,
      known === undefined ? part : { ...known, epc: undefined, quantity: inBooks(known.quantity + part.quantity) },
    );
  }
  return [...sums.values()];
}

async function putReceiptLines(client: Queryable, site: string, effects: EffectsBatch['effects']): Promise<void> {
  const closed = lastOf(
    effects.flatMap(({ inbounds }) =>
      inbounds.flatMap(({ id, supplier, tolerance, closedLines }) =>
        closedLines.map((line) => ({ ...line, inbound: id, supplier, tolerance })),
      ),
    ),
    ({ inbound, receipt, line }) => `${inbound} ${receipt} ${line}`,
  );
  if (closed.length === 0) return;
  await client.query({
    name: 'put-receipt-lines',
    text: STATEMENTS.receiptLines,
    values: [
      site,
      ...columns(
        closed,
        (l) => l.inbound,
        (l) => l.receipt,
        (l) => l.line,
        (l) => l.sku ?? null,
        (l) => l.supplier,
        (l) => l.expected,
        (l) => l.received,
        (l) => l.damaged,
        (l) => l.tolerance,
        (l) => l.closedAt,
        (l) => l.correctedAt ?? null,
      ),
    ],
  });
}
