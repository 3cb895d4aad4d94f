// Observations to rows of the journal, and to lines for `replay`: what a gateway would have sent, and when it arrived.
import { EntriesBuilder, type Scan, type Trigger } from '../../src/wire/entries.ts';
import { entriesToJson } from '../../src/wire/envelope.ts';
import type { Command } from '../../src/wire/command.ts';
import type { EntriesRow, Row } from '../../src/wire/row.ts';
import { formatTime } from '../../src/wire/time.ts';
import { SITE } from './storiesSite.ts';

export interface SeenRead {
  readonly reader: string;
  readonly antenna: number;
  readonly epc: string;
  readonly rssiDbm: number | undefined;
  readonly seenAt: number;
}

/** Something a device saw; `arrivesAt` is when its gateway sends it: at once when left out. */
export type Seen = { readonly arrivesAt?: number; readonly gateway?: string } & (
  | { readonly read: SeenRead }
  | { readonly scan: Scan }
  | { readonly trigger: Trigger }
);

export const timeOf = (seen: Seen): number =>
  'read' in seen ? seen.read.seenAt : 'scan' in seen ? seen.scan.at : seen.trigger.at;

/** A row without its place in the journal. */
export type Unplaced<R extends Row = Row> = R extends Row ? Omit<R, 'offset' | 'site'> : never;

/** Gives rows their offsets; times never fall. */
export function placed(rows: readonly Unplaced[], from = 1, site = SITE): Row[] {
  let receivedAt = Number.NEGATIVE_INFINITY;
  return rows.map((row, index) => {
    receivedAt = Math.max(receivedAt, row.receivedAt);
    return { ...row, site, offset: from + index, receivedAt };
  });
}

export const tick = (receivedAt: number): Unplaced => ({ kind: 'tick', receivedAt });

let keys = 0;
export const commandRow = (receivedAt: number, command: Command, key = `key-${++keys}`, actor = 'op-1'): Unplaced => ({
  kind: 'command',
  receivedAt,
  key,
  actor,
  command,
});

const TRANSIT_MS = 20;

/** Envelopes of each gateway, closed every `lingerMs`: by when things arrive, whatever their own times are. */
export function rowsOf(seen: readonly Seen[], lingerMs = 200): Unplaced<EntriesRow>[] {
  const envelopes = new Map<string, { readonly sentAt: number; readonly gateway: string; readonly content: Seen[] }>();
  for (const one of seen) {
    const gateway = one.gateway ?? 'gw-1';
    const sentAt = (Math.floor((one.arrivesAt ?? timeOf(one)) / lingerMs) + 1) * lingerMs;
    const key = `${gateway} ${sentAt}`;
    const known = envelopes.get(key);
    if (known === undefined) envelopes.set(key, { sentAt, gateway, content: [one] });
    else known.content.push(one);
  }
  return [...envelopes.values()]
    .sort((a, b) => a.sentAt - b.sentAt || (a.gateway < b.gateway ? -1 : 1))
    .map(({ sentAt, gateway, content }) => ({
      kind: 'entries',
      gateway,
      sentAt,
      receivedAt: sentAt + TRANSIT_MS,
      entries: entriesOf(content),
    }));
}

export function entriesOf(content: readonly Seen[]) {
  const builder = new EntriesBuilder();
  for (const one of content) {
    if ('read' in one) {
      const { reader, antenna, epc, rssiDbm, seenAt } = one.read;
      builder.read(reader, antenna, epc, rssiDbm, seenAt);
    } else if ('scan' in one) builder.scan(one.scan);
    else builder.trigger(one.trigger);
  }
  return builder.build();
}

/** Lines for `replay`. */
export const linesOf = (rows: readonly Unplaced<EntriesRow>[]): string[] =>
  rows.map(({ gateway, sentAt, receivedAt, entries }, index) =>
    JSON.stringify({
      v: 1,
      site: SITE,
      gateway,
      epoch: 'story',
      seq: index + 1,
      sentAt: sentAt === undefined ? undefined : formatTime(sentAt),
      receivedAt: formatTime(receivedAt),
      ...entriesToJson(entries),
    }),
  );
