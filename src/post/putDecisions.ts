// What a batch decided, beside the ledger: states of items, passages, evidence, discrepancies.
import type { Queryable } from '../store/database.ts';
import type { Discrepancy } from '../infer/effects.ts';
import { sqlFile } from '../store/sql.ts';
import { storableJson } from '../store/text.ts';
import { encodeContent } from '../wire/content.ts';
import { columns, type EffectsBatch } from './batch.ts';

const sql = (name: string): string => sqlFile(import.meta.url, `sql/${name}.sql`);
const STATEMENTS = {
  items: sql('putItems'),
  passages: sql('putPassages'),
  evidence: sql('putEvidence'),
  discrepancies: sql('openDiscrepancies'),
  settled: sql('settleDiscrepancies'),
} as const;

/** The state of items as it is after a batch. */
export async function putItems(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  // Of several states of an item within the batch the last one holds.
  const latest = new Map(
    effects.flatMap(({ offset, items }) => items.map((item) => [item.epc, { ...item, offset }] as const)),
  );
  if (latest.size === 0) return;
  await client.query({
    name: 'put-items',
    text: STATEMENTS.items,
    values: [
      site,
      ...columns(
        [...latest.values()],
        (i) => i.epc,
        (i) => i.kind,
        (i) => i.sku ?? null,
        (i) => i.lot,
        (i) => i.owner,
        (i) => i.location,
        (i) => i.container,
        (i) => i.status,
        (i) => i.since,
        (i) => i.confidence,
        (i) => i.seenAt,
        (i) => i.seenBy ?? null,
        (i) => i.transaction ?? null,
        (i) => i.offset,
      ),
    ],
  });
}

/** Passages as they were last decided. */
export async function putPassages(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const latest = new Map(
    effects.flatMap(({ offset, passages }) => passages.map((passage) => [passage.id, { ...passage, offset }] as const)),
  );
  if (latest.size === 0) return;
  await client.query({
    name: 'put-passages',
    text: STATEMENTS.passages,
    values: [
      site,
      ...columns(
        [...latest.values()],
        (p) => p.id,
        (p) => p.revision,
        (p) => p.readPoint,
        (p) => p.epc,
        (p) => p.sku ?? null,
        (p) => p.firstAt,
        (p) => p.lastAt,
        (p) => p.crossedAt ?? null,
        (p) => p.outcome,
        (p) => p.leading,
        (p) => p.probability,
        (p) => p.group?.id ?? null,
        (p) => p.group?.size ?? null,
        (p) => p.inferred,
        (p) => p.decidedBy ?? null,
        (p) => p.offset,
      ),
    ],
  });
}

/** What each decision was made from. */
export async function putEvidence(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const evidence = effects.flatMap((effect) => effect.evidence);
  if (evidence.length === 0) return;
  await client.query({
    name: 'put-evidence',
    text: STATEMENTS.evidence,
    values: [
      site,
      ...columns(
        evidence,
        (e) => e.id,
        (e) => e.revision,
        (e) => e.kind,
        (e) => storableJson(e.scores),
        (e) => (e.reads === undefined ? null : encodeContent({ entries: e.reads, sentAt: undefined })),
      ),
    ],
  });
}

/** What a person should look at, and what has settled itself. */
export async function putDiscrepancies(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const { opened, settled } = inTheEnd(effects);
  if (opened.size > 0) {
    await client.query({
      name: 'open-discrepancies',
      text: STATEMENTS.discrepancies,
      values: [
        site,
        ...columns(
          [...opened.values()],
          (d) => d.id,
          (d) => d.kind,
          (d) => d.severity,
          (d) => d.happenedAt,
          (d) => d.offset,
          (d) => d.epc ?? null,
          (d) => d.sku ?? null,
          (d) => d.location ?? null,
          (d) => d.readPoint ?? null,
          (d) => d.transaction ?? null,
          (d) => d.decision ?? null,
          (d) => d.message,
        ),
      ],
    });
  }
  if (settled.size === 0) return;
  await client.query({
    name: 'settle-discrepancies',
    text: STATEMENTS.settled,
    values: [
      site,
      ...columns(
        [...settled.values()],
        (s) => s.id,
        (s) => s.by,
        (s) => s.at,
        (s) => s.how,
        (s) => s.offset,
      ),
    ],
  });
}

type Opened = Discrepancy & { readonly offset: number };
type Settled = EffectsBatch['effects'][number]['settled'][number] & { readonly offset: number };

/**
 * How the discrepancies of a batch stand after its last row: one may be settled and open again, and the ledger must not show
 * where one batch ended and the next began. Within a row what was opened and settled is settled.
 */
function inTheEnd(effects: EffectsBatch['effects']): {
  readonly opened: ReadonlyMap<string, Opened>;
  readonly settled: ReadonlyMap<string, Settled>;
} {
  const opened = new Map<string, Opened>();
  const settled = new Map<string, Settled>();
  for (const { offset, discrepancies, settled: ended } of effects) {
    for (const found of discrepancies) {
      opened.set(found.id, { ...found, offset });
      settled.delete(found.id);
    }
    for (const one of ended) settled.set(one.id, { ...one, offset });
  }
  return { opened, settled };
}
