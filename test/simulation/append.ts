// How the simulated Postgres takes deliveries into the journal.
import type { Verdict } from '../../src/intake/journal.ts';
import { list, NOTHING, type Answer } from './statement.ts';
import type { JournalRecord, Store } from './store.ts';

/** See migrations/002-append.sql. */
export function append(store: Store, values: readonly unknown[]): Answer {
  const [receivedAts, kinds, streams, seqs, oldests, digests, lengths] = values.slice(1, 8).map((value) => list(value));
  const contents = values[8] as Buffer;
  const head = { ...store.head! };
  const deliveries = new Map<string, string>();
  const rows: JournalRecord[] = [];
  const answers: {
    verdict: Verdict;
    journal_offset: number | null;
    received_at: number | null;
    through: number | null;
  }[] = [];
  const throughs = receive(store, streams!, seqs!, oldests!);
  let start = 0;
  for (const [index, stream] of streams!.entries()) {
    const length = Number(lengths![index]);
    const content = contents.subarray(start, start + length);
    start += length;
    const key = `${stream} ${seqs![index]}`;
    const through = throughs.get(Number(stream))?.through ?? null;
    const known = store.deliveries.get(key) ?? deliveries.get(key);
    if (known !== undefined) {
      const verdict = known === digests![index] ? 'duplicate' : 'conflict';
      answers.push({ verdict, journal_offset: null, received_at: null, through });
      continue;
    }
    deliveries.set(key, digests![index]!);
    const received_at = Math.max(head.receivedAt, Number(receivedAts![index]));
    const kind = Number(kinds![index]);
    if (kind === 0) {
      answers.push({ verdict: 'fresh', journal_offset: 0, received_at, through });
      continue;
    }
    const journal_offset = head.next++;
    head.receivedAt = received_at;
    rows.push({
      journal_offset,
      received_at,
      kind,
      stream: Number(stream),
      seq: seqs![index]!,
      content: Buffer.from(content),
    });
    answers.push({ verdict: 'fresh', journal_offset, received_at, through });
  }
  return {
    rows: answers,
    apply: () => {
      store.head = head;
      store.journal.push(...rows);
      for (const [key, digest] of deliveries) store.deliveries.set(key, digest);
      for (const [number, { through, received }] of throughs) {
        const stream = store.streams[number - 1]!;
        for (const seq of received) stream.received!.add(seq);
        stream.through = through;
      }
    },
  };
}

/** See migrations/045-append-fresh.sql: nothing unless each stream goes on where it had ended. */
export function appendFresh(store: Store, values: readonly unknown[]): Answer {
  const [streams, lowest, , oldest] = values.slice(1, 5).map((value) => list(value));
  const [ofStreams, , , seqs] = values.slice(7, 11).map((value) => list(value));
  const numbers = ofStreams!.map((place) => streams![Number(place) - 1]!);
  const keys = numbers.map((stream, index) => `${stream} ${seqs![index]}`);
  const goOn = streams!.every((number, index) => {
    const { received, through } = store.streams[Number(number) - 1]!;
    return received === undefined || (Number(lowest![index]) > through && Number(oldest![index] ?? 0) <= through + 1);
  });
  if (!goOn || new Set(keys).size < keys.length || keys.some((key) => store.deliveries.has(key))) return NOTHING;
  const literal = (of: readonly string[]): string => `{${of.join(',')}}`;
  const [, receivedAts, kinds, , digests, , , lengths, contents] = values.slice(7);
  const untold = literal(numbers.map(() => 'null'));
  const appended = append(store, [
    [],
    receivedAts,
    kinds,
    literal(numbers),
    values[10],
    untold,
    digests,
    lengths,
    contents,
  ]);
  const { next, receivedAt } = store.head!;
  const rows = streams!.map((stream) => {
    const { through } = appended.rows![numbers.indexOf(stream!)] as { through: number | null };
    return { before: next - 1, received_at: receivedAt, through };
  });
  return { ...appended, rows };
}

/** How far the receipts of the streams that count have come with these. */
function receive(
  { streams }: Store,
  numbers: readonly (string | undefined)[],
  seqs: readonly (string | undefined)[],
  oldests: readonly (string | undefined)[],
): Map<number, { readonly received: Set<number>; through: number }> {
  const told = new Map<number, { readonly received: Set<number>; through: number }>();
  for (const [index, text] of numbers.entries()) {
    const stream = streams[Number(text) - 1]!;
    if (stream.received === undefined) continue;
    const one = told.get(stream.number) ?? { received: new Set<number>(), through: stream.through };
    const seq = Number(seqs[index]);
    one.received.add(seq);
    one.through = Math.max(one.through, Math.min(Number(oldests[index] ?? 0), seq) - 1);
    told.set(stream.number, one);
  }
  for (const [number, one] of told) {
    const { received } = streams[number - 1]!;
    while (one.received.has(one.through + 1) || received!.has(one.through + 1)) one.through++;
  }
  return told;
}
