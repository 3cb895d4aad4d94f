// What the service puts into a journal by itself: ticks of silence, site files.
import type { Arrival } from '../intake/decode.ts';
import type { Entry, EntryContent } from '../intake/journal.ts';

let ownNumber = 0;

/** What the service puts into a journal by itself. Its number is of its time, so a retry finds its double. */
export function ownArrival(
  site: string,
  now: number,
  content: Extract<EntryContent, { kind: 'tick' | 'command' }>,
): Arrival {
  const seq = BigInt(Math.floor(now)) * 1000n + BigInt(ownNumber++ % 1000);
  const entry: Entry = {
    site,
    gateway: 'service',
    epoch: '',
    seq,
    digest: 0n,
    counts: false,
    receivedAt: now,
    ...content,
  };
  return { delivery: undefined, entry, quarantine: [], lost: [], unknownFields: 0, rejected: [] };
}
