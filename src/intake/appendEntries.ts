// Entries into the journal: by the quick way when all of them are new, else each asked what it is.
import { defect } from '../kit/faults.ts';
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import { encodeContent } from '../wire/content.ts';
import { appendFresh, KINDS, numberArray } from './appendFresh.ts';
import type { Appended, Entry, Verdict } from './journal.ts';

const APPEND = sqlFile(import.meta.url, 'append.sql');

/** Appends in order, in one statement, `streams` being the numbers of their streams; what was sent before gets no offset. */
export async function appendEntries(
  on: Queryable,
  entries: readonly Entry[],
  streams: readonly number[],
): Promise<Appended[]> {
  const contents = entries.map((entry) => contentOf(entry));
  return (await appendFresh(on, entries, streams, contents)) ?? appendAny(on, entries, streams, contents);
}

/** Also what was sent before, and what leaves something out: each delivery is asked what it is. */
async function appendAny(
  on: Queryable,
  entries: readonly Entry[],
  streams: readonly number[],
  contents: readonly Buffer[],
): Promise<Appended[]> {
  const { rows } = await on.query<{
    verdict: Verdict;
    journal_offset: number | null;
    received_at: number | null;
    through: number | null;
  }>({
    name: 'append-journal',
    text: APPEND,
    values: [
      entries.map((entry) => entry.site),
      numberArray(entries.map((entry) => entry.receivedAt)),
      numberArray(entries.map((entry) => KINDS[entry.kind])),
      numberArray(streams),
      numberArray(entries.map((entry) => entry.seq)),
      numberArray(entries.map((entry) => entry.oldest ?? null)),
      numberArray(entries.map((entry) => entry.digest)),
      numberArray(contents.map((content) => content.length)),
      Buffer.concat(contents),
    ],
  });
  if (rows.length !== entries.length)
    throw defect('append', 'The journal answered for another number of messages than were appended.');
  return rows.map((row) => ({
    verdict: row.verdict,
    offset: row.journal_offset === null || row.journal_offset === 0 ? undefined : row.journal_offset,
    receivedAt: row.received_at ?? undefined,
    through: row.through ?? undefined,
  }));
}

const NOTHING = Buffer.alloc(0);

function contentOf(entry: Entry): Buffer {
  switch (entry.kind) {
    case 'entries':
      return encodeContent(entry);
    case 'command':
      return Buffer.from(JSON.stringify(entry.content));
    case 'tick':
    case 'quarantined':
      return NOTHING;
  }
}
