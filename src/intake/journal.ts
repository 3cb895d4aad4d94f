// The journal in Postgres: the one place where anything is appended to a site's journal or read from it. An append is one
// round trip and one commit for many messages; doubles are dropped before they get an offset.
import type { Logger } from '../kit/log.ts';
import { defect } from '../kit/faults.ts';
import { atomicallyIn, type Pool, type Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { storableValue } from '../store/text.ts';
import type { CommandContent } from '../wire/command.ts';
import { decodeContent } from '../wire/content.ts';
import type { Entries } from '../wire/entries.ts';
import type { Row } from '../wire/row.ts';
import { appendEntries } from './appendEntries.ts';
import { KINDS } from './appendFresh.ts';

/** What is to be journalled. `seq` identifies it within its stream; `digest` tells equal bytes from other ones. */
export type Entry = {
  readonly site: string;
  /** Gateway, device, `api` or `service`. */
  readonly gateway: string;
  /** '' for a stream without epochs. */
  readonly epoch: string;
  readonly seq: bigint;
  readonly digest: bigint;
  /** Lowest sequence number that the gateway still holds. */
  readonly oldest?: number | undefined;
  /** The stream numbers its messages from 1, so gaps can be seen. */
  readonly counts: boolean;
  readonly receivedAt: number;
} & EntryContent;

export type EntryContent =
  | { readonly kind: 'entries'; readonly entries: Entries; readonly sentAt: number | undefined }
  | { readonly kind: 'command'; readonly content: CommandContent }
  | { readonly kind: 'tick' }
  /** Quarantined as a whole: its sequence number is used up, it gets no offset. */
  | { readonly kind: 'quarantined' };

export interface QuarantineEntry {
  /** Position among the entries of the same append: it is kept only when that one is not a double. */
  readonly of?: number;
  readonly site: string | undefined;
  readonly receivedAt: number;
  readonly topic: string;
  readonly gateway: string | undefined;
  readonly epoch: string | undefined;
  readonly seq: number | undefined;
  readonly code: string;
  readonly reason: string;
  /** The bytes, or the head of what was too large. */
  readonly content: Uint8Array;
  readonly length: number;
  readonly sha256: string;
}

export interface LostReads {
  readonly site: string;
  readonly gateway: string;
  readonly from: number;
  readonly to: number;
  readonly lost: number;
}

export type Verdict = 'fresh' | 'duplicate' | 'conflict';

export interface Appended {
  readonly verdict: Verdict;
  /** Undefined for what got none. */
  readonly offset: number | undefined;
  readonly receivedAt: number | undefined;
  /** Receipt of the stream: everything up to it is durable, quarantined or lost; undefined for streams that do not count. */
  readonly through: number | undefined;
}

const QUARANTINE = sqlFile(import.meta.url, 'quarantine.sql');
const READ = sqlFile(import.meta.url, 'readJournal.sql');

export interface Journal {
  /** Appends in order, in one commit. Throws what Postgres throws: nothing is half-done. */
  readonly append: (
    entries: readonly Entry[],
    quarantine?: readonly QuarantineEntry[],
    lost?: readonly LostReads[],
  ) => Promise<Appended[]>;
  /** Rows of a site after an offset, in order, at most so many. */
  readonly read: (site: string, after: number, limit: number) => Promise<Row[]>;
  /** The offset that the next row of a site will get. */
  readonly nextOffset: (site: string) => Promise<number>;
}

export function openJournal(pool: Pool, log: Logger): Journal {
  const streams = new Map<string, number>();
  const days = new Set<number>();
  return {
    async append(entries, quarantine = [], lost = []) {
      await ensurePartitions(pool, days, entries);
      const numbers = await streamNumbers(pool, streams, entries);
      if (quarantine.length === 0 && lost.length === 0) return appendEntries(pool, entries, numbers);
      return atomicallyIn(pool, async (client) => {
        const appended = entries.length === 0 ? [] : await appendEntries(client, entries, numbers);
        const kept = quarantine.filter(({ of }) => of === undefined || appended[of]!.verdict === 'fresh');
        if (kept.length > 0) await appendQuarantine(client, kept);
        for (const gap of lost) await appendLost(client, gap);
        return appended;
      });
    },
    async read(site, after, limit) {
      const { rows } = await pool.query<JournalRecord>({
        name: 'read-journal',
        text: READ,
        values: [site, after, limit],
      });
      return rows.map((record) => rowOf(record));
    },
    async nextOffset(site) {
      const { rows } = await pool.query<{ next_offset: number }>(
        'select next_offset from journal_head where site = $1',
        [site],
      );
      return rows[0]?.next_offset ?? 1;
    },
  };

  async function ensurePartitions(on: Pool, known: Set<number>, entries: readonly Entry[]): Promise<void> {
    for (const day of new Set(entries.map(({ receivedAt }) => Math.floor(receivedAt / DAY_MS)))) {
      if (known.has(day)) continue;
      // The journal's time never falls, so the head of a site may be a little ahead of ours: the next day is made as well.
      for (const at of [day * DAY_MS, (day + 1) * DAY_MS]) {
        const { rows } = await on.query<{ made: boolean }>(
          `select ensure_partition('journal', to_timestamp($1 / 1000.0)) as made`,
          [at],
        );
        if (rows[0]?.made === true)
          log.debug({ day: new Date(at).toISOString().slice(0, 10) }, 'journal partition made');
      }
      known.add(day);
    }
  }
}

const DAY_MS = 86_400_000;

/** The same in a transaction that is under way, for a partition that is there: see `prepareDays`. */
export async function appendIn(on: Queryable, entries: readonly Entry[]): Promise<Appended[]> {
  return appendEntries(on, entries, await streamNumbers(on, new Map(), entries));
}

/** Partitions for what is appended at these times: outside of any transaction, since others would wait for its end. */
export async function prepareDays(on: Queryable, times: readonly number[]): Promise<void> {
  for (const day of new Set(times.flatMap((at) => [Math.floor(at / DAY_MS), Math.floor(at / DAY_MS) + 1])))
    await on.query(`select ensure_partition('journal', to_timestamp($1 / 1000.0))`, [day * DAY_MS]);
}

async function streamNumbers(
  pool: Queryable,
  known: Map<string, number>,
  entries: readonly Entry[],
): Promise<number[]> {
  const numbers: number[] = [];
  for (const { site, gateway, epoch, counts } of entries) {
    const key = `${site}\n${gateway}\n${epoch}`;
    let number = known.get(key);
    if (number === undefined) {
      const { rows } = await pool.query<{ stream: number }>('select ensure_stream($1, $2, $3, $4) as stream', [
        site,
        gateway,
        epoch,
        counts,
      ]);
      number = rows[0]!.stream;
      if (known.size > STREAMS_KNOWN_MAX) known.clear();
      known.set(key, number);
    }
    numbers.push(number);
  }
  return numbers;
}

const STREAMS_KNOWN_MAX = 100_000;

async function appendQuarantine(on: Queryable, entries: readonly QuarantineEntry[]): Promise<void> {
  const column = (of: (entry: QuarantineEntry) => unknown): unknown[] =>
    entries.map((entry) => storableValue(of(entry)));
  await on.query({
    name: 'quarantine',
    text: QUARANTINE,
    values: [
      column((entry) => entry.site ?? null),
      column((entry) => entry.receivedAt),
      column((entry) => entry.topic),
      column((entry) => entry.gateway ?? null),
      column((entry) => entry.epoch ?? null),
      column((entry) => entry.seq ?? null),
      column((entry) => entry.code),
      column((entry) => entry.reason),
      column((entry) => Buffer.from(entry.content)),
      column((entry) => entry.length),
      column((entry) => entry.sha256),
    ],
  });
}

async function appendLost(on: Queryable, gap: LostReads): Promise<void> {
  await on.query(
    `insert into gap (site, gateway, epoch, from_at, to_at, lost)
     values ($1, $2, '', to_timestamp($3 / 1000.0), to_timestamp($4 / 1000.0), $5)`,
    [gap.site, gap.gateway, gap.from, gap.to, gap.lost],
  );
}

interface JournalRecord {
  readonly site: string;
  readonly journal_offset: number;
  readonly received_at: number;
  readonly kind: number;
  readonly gateway: string;
  readonly content: Buffer;
}

function rowOf(record: JournalRecord): Row {
  const placed = { site: record.site, offset: record.journal_offset, receivedAt: record.received_at };
  switch (record.kind) {
    case KINDS.entries:
      return { ...placed, kind: 'entries', gateway: record.gateway, ...decodeContent(record.content) };
    case KINDS.command:
      return { ...placed, kind: 'command', ...(JSON.parse(record.content.toString('utf8')) as CommandContent) };
    case KINDS.tick:
      return { ...placed, kind: 'tick' };
    default:
      throw defect(
        'journal-kind',
        `Row ${record.journal_offset} of ${record.site} is of kind ${record.kind}, which this release does not know.`,
      );
  }
}

/** A fresh entry as the row it became. */
export function rowFrom(entry: Entry, appended: Appended): Row {
  const { site } = entry;
  const offset = appended.offset!;
  const receivedAt = appended.receivedAt!;
  switch (entry.kind) {
    case 'entries': {
      const { gateway, entries, sentAt } = entry;
      return { site, offset, receivedAt, kind: 'entries', gateway, entries, sentAt };
    }
    case 'command':
      return { site, offset, receivedAt, kind: 'command', ...entry.content };
    case 'tick':
      return { site, offset, receivedAt, kind: 'tick' };
    case 'quarantined':
      throw defect('append', 'What is quarantined has no place in the journal.');
  }
}
