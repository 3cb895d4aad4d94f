// What the warehouse's plans have become, beside the ledger: inbound documents, lines, tags, and lists of what is to cross.
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storable, storableJson } from '../store/text.ts';
import { columns, type EffectsBatch } from './batch.ts';

const sql = (name: string): string => sqlFile(import.meta.url, `sql/${name}.sql`);
const STATEMENTS = {
  inbounds: sql('putInbounds'),
  lines: sql('putInboundLines'),
  tags: sql('putInboundTags'),
  lists: sql('putCrossingLists'),
} as const;

/** Documents as they are after a batch: of several states of one thing within it the last one holds. */
export async function putInbounds(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const told = effects.flatMap(({ offset, inbounds }) => inbounds.map((inbound) => ({ ...inbound, offset })));
  if (told.length === 0) return;
  await client.query({
    name: 'put-inbounds',
    text: STATEMENTS.inbounds,
    values: [
      site,
      ...columns(
        [...new Map(told.map((inbound) => [inbound.id, inbound])).values()],
        (i) => i.id,
        (i) => i.document,
        (i) => i.revision,
        (i) => i.supplier,
        (i) => i.state,
        (i) => i.expectedFrom ?? null,
        (i) => i.expectedTo ?? null,
        (i) => i.door ?? null,
        (i) => i.tolerance,
        (i) => i.announcedAt,
        (i) => i.changedAt,
        (i) => i.receipts,
        (i) => i.receipt?.openedAt ?? null,
        (i) => i.receipt?.door ?? null,
        (i) => i.receipt?.by ?? null,
        (i) => storableJson(i.noted),
        (i) => i.lineCount,
        (i) => i.quantity,
        (i) => i.received,
        (i) => i.offset,
      ),
    ],
  });
  await putLines(client, site, told);
  await putTags(client, site, told);
}

type Told = EffectsBatch['effects'][number]['inbounds'];

async function putLines(client: Queryable, site: string, told: Told): Promise<void> {
  const { kept, gone } = inTheEnd(
    told.flatMap(({ id, lines, goneLines }) => [
      ...lines.map((line) => ({ inbound: id, key: line.line, value: line })),
      ...goneLines.map((line) => ({ inbound: id, key: line, value: undefined })),
    ]),
  );
  await drop(client, site, 'inbound_line', 'line', gone);
  if (kept.length === 0) return;
  await client.query({
    name: 'put-inbound-lines',
    text: STATEMENTS.lines,
    values: [
      site,
      ...columns(
        kept,
        (l) => l.inbound,
        (l) => l.value.line,
        (l) => l.value.ordinal,
        (l) => l.value.sku ?? null,
        (l) => l.value.lot,
        (l) => l.value.expiry ?? null,
        (l) => l.value.quantity,
        (l) => l.value.order?.inbound ?? null,
        (l) => l.value.order?.line ?? null,
        (l) => storableJson(l.value.sscc),
        (l) => l.value.listed,
        (l) => l.value.received,
        (l) => l.value.unlisted,
        (l) => l.value.damaged,
        (l) => l.value.quality,
        (l) => storableJson(l.value.batches),
      ),
    ],
  });
}

async function putTags(client: Queryable, site: string, told: Told): Promise<void> {
  const { kept, gone } = inTheEnd(
    told.flatMap(({ id, tags, goneTags }) => [
      ...tags.map((tag) => ({ inbound: id, key: tag.epc, value: tag })),
      ...goneTags.map((epc) => ({ inbound: id, key: epc, value: undefined })),
    ]),
  );
  await drop(client, site, 'inbound_tag', 'epc', gone);
  if (kept.length === 0) return;
  await client.query({
    name: 'put-inbound-tags',
    text: STATEMENTS.tags,
    values: [
      site,
      ...columns(
        kept,
        (t) => t.inbound,
        (t) => t.key,
        (t) => t.value.line,
        (t) => t.value.isListed,
        (t) => t.value.status,
        (t) => t.value.transaction ?? null,
      ),
    ],
  });
}

interface Part<T> {
  readonly inbound: string;
  readonly key: string;
  readonly value: T;
}

/** How parts of documents stand after a batch: those that are there, and those that are not any more. */
function inTheEnd<T>(parts: readonly Part<T | undefined>[]): {
  readonly kept: Part<T>[];
  readonly gone: Part<undefined>[];
} {
  const last = [...new Map(parts.map((part) => [`${part.inbound}\u001e${part.key}`, part])).values()];
  return {
    kept: last.filter((part): part is Part<T> => part.value !== undefined),
    gone: last.filter((part): part is Part<undefined> => part.value === undefined),
  };
}

async function drop(
  client: Queryable,
  site: string,
  table: 'inbound_line' | 'inbound_tag',
  key: 'line' | 'epc',
  gone: readonly Part<undefined>[],
): Promise<void> {
  if (gone.length === 0) return;
  await client.query({
    name: `drop-${table}`,
    text: `delete from ${table} t using unnest($2::text[], $3::text[]) as u (inbound, key) where (t.site, t.inbound, t.${key}) = ($1, u.inbound, u.key)`,
    values: [site, gone.map(({ inbound }) => storable(inbound)), gone.map((part) => storable(part.key))],
  });
}

/** Lists of what is to cross, as they were said last; of a withdrawn one nothing stays. */
export async function putLists(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const told = effects.flatMap(({ offset, lists }) => lists.map((list) => ({ ...list, offset })));
  if (told.length === 0) return;
  const last = [...new Map(told.map((list) => [list.list, list])).values()];
  const withdrawn = last.filter(({ epcs }) => epcs.length === 0).map(({ list }) => list);
  await client.query('delete from crossing_list where site = $1 and list = any ($2)', [site, withdrawn]);
  const kept = last.filter(({ epcs }) => epcs.length > 0);
  if (kept.length === 0) return;
  await client.query({
    name: 'put-crossing-lists',
    text: STATEMENTS.lists,
    values: [
      site,
      ...columns(
        kept,
        (l) => l.list,
        (l) => l.direction,
        (l) => l.door ?? null,
        (l) => l.since,
        (l) => storableJson(l.epcs),
        (l) => l.offset,
      ),
    ],
  });
}
