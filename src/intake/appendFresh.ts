// The quick way into the journal: deliveries that nobody has sent before, each stream going on where it had ended, as almost all are.
// Postgres is told what each stream brings, and asked nothing of the single deliveries but to keep them.
import { defect } from '../kit/faults.ts';
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import type { Appended, Entry } from './journal.ts';

/** How the journal keeps what an entry is. */
export const KINDS = { quarantined: 0, entries: 1, command: 3, tick: 4 } as const;

const APPEND_FRESH = sqlFile(import.meta.url, 'appendFresh.sql');

/** What one stream brings. */
interface Told {
  readonly site: string;
  readonly stream: number;
  lowest: bigint;
  highest: bigint;
  oldest: bigint | null;
  readonly counts: boolean;
  deliveries: number;
  rows: number;
  newestMs: number | null;
}

interface FreshRow {
  readonly before: number;
  readonly received_at: number;
  readonly through: number | null;
}

/**
 * Appends the entries, `streams` being their streams and `contents` their contents. Undefined, with nothing appended, when any of them
 * was sent before, or is not as plain as that: they are for `append_journal` then.
 */
export async function appendFresh(
  on: Queryable,
  entries: readonly Entry[],
  streams: readonly number[],
  contents: readonly Buffer[],
): Promise<Appended[] | undefined> {
  const told: Told[] = [];
  const known = new Map<string, Map<number, number>>();
  const ofStreams: number[] = [];
  const places = placesOf(entries);
  const times = timesOf(entries);
  for (const [index, entry] of entries.entries()) {
    const place = placeOf(told, known, entry, streams[index]!);
    ofStreams.push(place + 1);
    tell(told[place]!, entry, times[index]!);
  }
  const isWhole = told.every((one) => !one.counts || one.highest - one.lowest === BigInt(one.deliveries - 1));
  if (!isWhole || !times.every(Number.isInteger)) return undefined; // Postgres rounds what is finer as it likes
  const { rows } = await on.query<FreshRow>({
    name: 'append-fresh',
    text: APPEND_FRESH,
    values: [
      told.map(({ site }) => site),
      numberArray(told.map(({ stream }) => stream)),
      numberArray(told.map(({ lowest }) => lowest)),
      numberArray(told.map(({ highest }) => highest)),
      numberArray(told.map(({ oldest }) => oldest)),
      numberArray(told.map((one) => one.rows)),
      numberArray(told.map(({ newestMs }) => newestMs)),
      numberArray(ofStreams),
      numberArray(times),
      numberArray(entries.map((entry) => KINDS[entry.kind])),
      numberArray(entries.map((entry) => entry.seq)),
      numberArray(entries.map((entry) => entry.digest)),
      numberArray(places),
      numberArray(startsOf(contents)),
      numberArray(contents.map((content) => content.length)),
      Buffer.concat(contents),
    ],
  });
  if (rows.length === 0) return undefined;
  if (rows.length !== told.length)
    throw defect('append', 'The journal answered for another number of streams than appended.');
  return places.map((place, index): Appended => {
    const { before, received_at, through } = rows[ofStreams[index]! - 1]!;
    return {
      verdict: 'fresh',
      offset: place === 0 ? undefined : before + place,
      receivedAt: Math.max(received_at, times[index]!),
      through: through ?? undefined,
    };
  });
}

/** Which of those told it is; a new one when it is none of them. */
function placeOf(told: Told[], known: Map<string, Map<number, number>>, entry: Entry, stream: number): number {
  const { site, seq, counts } = entry;
  let ofSite = known.get(site);
  if (ofSite === undefined) known.set(site, (ofSite = new Map()));
  let place = ofSite.get(stream);
  if (place === undefined) {
    const fresh = { lowest: seq, highest: seq, oldest: null, counts, deliveries: 0, rows: 0, newestMs: null };
    place = told.push({ site, stream, ...fresh }) - 1;
    ofSite.set(stream, place);
  }
  return place;
}

function tell(told: Told, { seq, oldest, kind }: Entry, receivedMs: number): void {
  if (seq < told.lowest) told.lowest = seq;
  if (seq > told.highest) told.highest = seq;
  // It cannot say of numbers beyond its own that they will never come.
  const held = oldest === undefined ? seq : BigInt(oldest) < seq ? BigInt(oldest) : seq;
  if (oldest !== undefined && (told.oldest === null || held > told.oldest)) told.oldest = held;
  told.deliveries++;
  if (kind === 'quarantined') return;
  told.rows++;
  told.newestMs = receivedMs;
}

/** The place of each row among those of its site, from 1 on; 0 for what gets none. */
function placesOf(entries: readonly Entry[]): number[] {
  const rows = new Map<string, number>();
  return entries.map(({ site, kind }) => {
    if (kind === 'quarantined') return 0;
    const place = (rows.get(site) ?? 0) + 1;
    rows.set(site, place);
    return place;
  });
}

/** When each was received; within a site it never falls. */
function timesOf(entries: readonly Entry[]): number[] {
  const newest = new Map<string, number>();
  return entries.map(({ site, receivedAt }) => {
    const at = Math.max(receivedAt, newest.get(site) ?? receivedAt);
    newest.set(site, at);
    return at;
  });
}

function startsOf(contents: readonly Buffer[]): number[] {
  let start = 0;
  return contents.map(({ length }) => (start += length) - length);
}

/** As Postgres reads an array: pg writes one element after the other, each in quotes. */
export const numberArray = (values: readonly (number | bigint | null)[]): string =>
  `{${values.map((value) => value ?? 'null').join(',')}}`;
