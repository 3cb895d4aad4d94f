// Transfers beside the ledger, and what other sites are told of them: appended to their journals in the very commit that made it true, so
// whatever ends in between, it is told once or did not happen.
import { appendIn } from '../intake/journal.ts';
import { digest64, sha256Hex } from '../kit/ids.ts';
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storableJson } from '../store/text.ts';
import { tellJournalGrown } from '../store/watchJournal.ts';
import { columns, type EffectsBatch } from './batch.ts';

const PUT = sqlFile(import.meta.url, 'sql/putTransfers.sql');

export async function putTransfers(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const last = new Map(
    effects.flatMap(({ transfers, offset }) =>
      transfers.map((one) => [`${one.direction} ${one.other} ${one.id}`, { ...one, offset }] as const),
    ),
  );
  if (last.size === 0) return;
  await client.query({
    name: 'put-transfers',
    text: PUT,
    values: [
      site,
      ...columns(
        [...last.values()],
        (t) => t.direction,
        (t) => t.other,
        (t) => t.id,
        (t) => t.state,
        (t) => t.createdAt,
        (t) => t.changedAt,
        (t) => t.closedAt ?? null,
        (t) => storableJson(t.lines),
        (t) => storableJson(t.inbounds),
        (t) => t.offset,
      ),
    ],
  });
}

/** Snapshots of stock that others hold. */
export async function putSnapshots(client: Queryable, { site, effects }: EffectsBatch): Promise<void> {
  const told = effects.flatMap(({ snapshots, offset }) => snapshots.map((one) => ({ ...one, offset })));
  if (told.length === 0) return;
  await client.query({
    name: 'put-feed-snapshots',
    text: `insert into feed_snapshot (site, as_of, taken_at, told_by, line_count, arrived, adjusted, journal_offset)
           select $1, to_timestamp(u.as_of_ms / 1000), to_timestamp(u.taken_ms / 1000), u.told_by, u.line_count, u.arrived, u.adjusted,
                  u.journal_offset
           from unnest($2::double precision[], $3::double precision[], $4::text[], $5::integer[], $6::numeric[], $7::numeric[], $8::bigint[])
                as u (as_of_ms, taken_ms, told_by, line_count, arrived, adjusted, journal_offset)`,
    values: [
      site,
      ...columns(
        told,
        (s) => s.asOf,
        (s) => s.takenAt,
        (s) => s.by,
        (s) => s.lines,
        (s) => s.arrived,
        (s) => s.adjusted,
        (s) => s.offset,
      ),
    ],
  });
}

type Told = EffectsBatch['effects'][number]['notices'][number] & {
  readonly offset: number;
  readonly receivedAt: number;
};

const toldBy = ({ effects }: EffectsBatch): Told[] =>
  effects.flatMap(({ notices, offset, receivedAt }) => notices.map((one) => ({ ...one, offset, receivedAt })));

export async function putNotices(client: Queryable, batch: EffectsBatch): Promise<void> {
  const told = toldBy(batch);
  if (told.length === 0) return;
  await client.query({
    name: 'put-notices',
    text: `insert into notice (site, key, to_site, journal_offset, command)
           select $1, u.key, u.to_site, u.journal_offset, u.command::jsonb
           from unnest($2::text[], $3::text[], $4::bigint[], $5::text[]) as u (key, to_site, journal_offset, command)`,
    values: [
      batch.site,
      ...columns(
        told,
        (n) => n.key,
        (n) => n.to,
        (n) => n.offset,
        (n) => storableJson(n.command),
      ),
    ],
  });
}

/** Appends them to the journals of the other sites, sites in sorted order, as the intake does. */
export async function deliverNotices(client: Queryable, batch: EffectsBatch): Promise<void> {
  const told = toldBy(batch).sort((a, b) => (a.to < b.to ? -1 : a.to > b.to ? 1 : 0));
  if (told.length === 0) return;
  const appended = await appendIn(
    client,
    told.map(({ key, to, command, receivedAt }) => {
      const content = { key, actor: `site ${batch.site}`, command };
      return {
        site: to,
        gateway: `site ${batch.site}`,
        epoch: '',
        seq: BigInt(`0x${sha256Hex(key).slice(0, 16)}`) >> 1n,
        digest: digest64(Buffer.from(JSON.stringify(command))),
        counts: false,
        receivedAt,
        kind: 'command' as const,
        content,
      };
    }),
  );
  for (const [index, { offset }] of appended.entries())
    if (offset !== undefined) await tellJournalGrown(client, { site: told[index]!.to, nextOffset: offset + 1 });
}
