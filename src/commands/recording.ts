// A recording: one envelope a line, with "site", "gateway" and optionally "receivedAt", as rows of a journal that never was. What
// `replay` and `calibrate` read.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { SitePlan } from '../config/plan.ts';
import { messageOf, rejected } from '../kit/faults.ts';
import { checkReadable } from '../kit/files.ts';
import { decodeEnvelope } from '../wire/envelope.ts';
import type { EntriesRow } from '../wire/row.ts';
import { parseTime } from '../wire/time.ts';

export type Lines = AsyncIterable<string> | Iterable<string>;

/** The lines of a file, or of standard input (`-`). Throws `rejected` for a file that cannot be read. */
export async function linesOf(file: string): Promise<AsyncIterable<string>> {
  if (file !== '-') await checkReadable(file, 'unreadable');
  const input = file === '-' ? process.stdin : createReadStream(file);
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

export interface RecordedRow {
  readonly row: EntriesRow;
  /** Entries that were left out, with the line they stand on. */
  readonly rejected: readonly string[];
}

/** Rows in the order of the lines. Throws `rejected` for a line of another site, or that is no envelope. */
export async function* rowsOf(plan: SitePlan, lines: Lines): AsyncGenerator<RecordedRow> {
  let receivedAt = Number.NEGATIVE_INFINITY;
  let newest = Number.NEGATIVE_INFINITY;
  let offset = 0;
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    const { row, rejects } = rowOf(plan, line, number, ++offset);
    // A missing receivedAt is the running maximum of sentAt.
    newest = Math.max(newest, row.sentAt ?? newestTime(row));
    receivedAt = Math.max(receivedAt, Number.isNaN(row.receivedAt) ? newest : row.receivedAt);
    yield { row: { ...row, receivedAt }, rejected: rejects.map((reject) => `line ${number}: ${reject}`) };
  }
}

function rowOf(
  plan: SitePlan,
  line: string,
  number: number,
  offset: number,
): { row: EntriesRow; rejects: readonly string[] } {
  let head: { site?: unknown; gateway?: unknown; receivedAt?: unknown } | null;
  try {
    head = JSON.parse(line) as typeof head;
  } catch (error) {
    throw rejected('bad-line', `line ${number} is not JSON: ${messageOf(error)}`);
  }
  if (head === null || typeof head !== 'object') throw rejected('bad-line', `line ${number} is no envelope.`);
  if (head.site !== plan.site)
    throw rejected('other-site', `line ${number} is of site ${JSON.stringify(head.site)}, not of ${plan.site}.`);
  const receivedAt = typeof head.receivedAt === 'string' ? parseTime(head.receivedAt) : Number.NaN;
  if (head.receivedAt !== undefined && Number.isNaN(receivedAt))
    throw rejected('bad-line', `line ${number}: receivedAt is no RFC 3339 time: ${JSON.stringify(head.receivedAt)}`);
  try {
    const envelope = decodeEnvelope(Buffer.from(line), plan.isKnownDevice);
    const gateway = typeof head.gateway === 'string' ? head.gateway : 'replay';
    return {
      row: {
        kind: 'entries',
        site: plan.site,
        offset,
        receivedAt,
        gateway,
        sentAt: envelope.sentAt,
        entries: envelope.entries,
      },
      rejects: envelope.rejects.map((reject) => reject.reason),
    };
  } catch (error) {
    throw rejected('bad-line', `line ${number}: ${messageOf(error)}`);
  }
}

function newestTime({ entries }: EntriesRow): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const at of entries.reads.seenAt) newest = Math.max(newest, at);
  for (const { at } of [...entries.scans, ...entries.triggers, ...entries.measures]) newest = Math.max(newest, at);
  return newest;
}
