// The clocks of a site's readers, scanners and gateways, message by message: what to add to the times in it, and how far the time
// of each reader has come with it.
import type { SitePlan } from '../config/plan.ts';
import type { EntriesRow } from '../wire/row.ts';
import { heard, RIGHT_CLOCK, type ReaderClock } from './readerClock.ts';
import { marked, type Mark } from './watermark.ts';

export interface Clocks {
  readonly plan: SitePlan;
  /** By reader or scanner; gateways as `gateway gw-1`. */
  readonly clocks: Map<string, ReaderClock>;
  readonly marks: Map<string, Mark>;
}

/** What to add to the times of those readers and scanners of this row whose clocks are wrong. Marks are moved on by the corrected times. */
export function correctClocks(state: Clocks, row: EntriesRow): ReadonlyMap<string, number> {
  const { clockToleranceMs } = state.plan.rules;
  const newest = newestByReader(row);
  // The gateway's clock is judged first, by ours; then its readers' by the gateway's, so that time spent in an outbox
  // is not taken for a wrong clock.
  const gatewayKey = `gateway ${row.gateway}`;
  let reference = row.receivedAt;
  if (row.sentAt !== undefined) {
    const gateway = heard(state.clocks.get(gatewayKey) ?? RIGHT_CLOCK, row.sentAt, row.receivedAt, clockToleranceMs);
    state.clocks.set(gatewayKey, gateway);
    reference = Math.min(row.receivedAt, row.sentAt + gateway.offsetMs);
  }
  const offsets = new Map<string, number>();
  for (const [reader, at] of newest) {
    const clock = heard(state.clocks.get(reader) ?? RIGHT_CLOCK, at, reference, clockToleranceMs);
    state.clocks.set(reader, clock);
    if (clock.offsetMs !== 0) offsets.set(reader, clock.offsetMs);
    state.marks.set(reader, marked(state.marks.get(reader), at + clock.offsetMs, row.receivedAt));
  }
  return offsets;
}

/** The newest time that each reader and scanner tells in this row. */
function newestByReader({ entries: { reads, scans, triggers } }: EntriesRow): ReadonlyMap<string, number> {
  const bySource = new Float64Array(reads.sources.length).fill(Number.NEGATIVE_INFINITY);
  for (let index = 0; index < reads.length; index++) {
    const source = reads.source[index]!;
    const at = reads.seenAt[index]!;
    if (at > bySource[source]!) bySource[source] = at;
  }
  const newest = new Map<string, number>();
  for (let source = 0; source < bySource.length; source++)
    note(newest, reads.sources[source]!.reader, bySource[source]!);
  for (const { reader, at } of triggers) note(newest, reader, at);
  for (const { device, at } of scans) note(newest, device, at);
  return newest;
}

function note(newest: Map<string, number>, reader: string, at: number): void {
  if (at > (newest.get(reader) ?? Number.NEGATIVE_INFINITY)) newest.set(reader, at);
}
