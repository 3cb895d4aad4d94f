// Small sites for tests, and single reads, scans and envelopes as a gateway would send them.
import type { SiteFile } from '../../src/config/site.ts';
import { planSite, type SitePlan } from '../../src/config/plan.ts';
import { EntriesBuilder, type Entries } from '../../src/wire/entries.ts';
import type { EnvelopeMessage } from '../../src/wire/envelope.ts';
import { formatTime } from '../../src/wire/time.ts';

/** One door with two antennas a side, two aisles, a reserve and a bench; enough for every kind of read point. */
export const smallSite = (site = 'T1', more: Partial<SiteFile> = {}): SiteFile => ({
  site,
  name: `Test site ${site}`,
  timeZone: 'Europe/Brussels',
  locations: [
    { id: 'DOCK', kind: 'dock' },
    { id: 'A', kind: 'pick' },
    { id: 'A-01', kind: 'pick', in: 'A' },
    { id: 'B', kind: 'pick' },
    { id: 'R', kind: 'reserve' },
    { id: 'PACK', kind: 'pack' },
    { id: 'HOLD', kind: 'hold' },
  ],
  readPoints: [
    {
      id: 'DOOR',
      kind: 'portal',
      outside: 'world',
      inside: 'DOCK',
      antennas: [
        { reader: 'door', antenna: 1, side: 'outside' },
        { reader: 'door', antenna: 2, side: 'outside' },
        { reader: 'door', antenna: 3, side: 'inside' },
        { reader: 'door', antenna: 4, side: 'inside' },
      ],
    },
    { id: 'AISLE-A', kind: 'zone', location: 'A', antennas: [{ reader: 'over-a', antenna: 1 }] },
    { id: 'AISLE-B', kind: 'zone', location: 'B', antennas: [{ reader: 'over-b', antenna: 1 }] },
    { id: 'RESERVE', kind: 'zone', location: 'R', antennas: [{ reader: 'over-r', antenna: 1 }] },
    { id: 'BENCH', kind: 'station', location: 'PACK', device: 'pack-1' },
  ],
  ...more,
});

export const smallPlan = (site = 'T1', more: Partial<SiteFile> = {}): SitePlan =>
  planSite({ file: smallSite(site, more) });

/** A tag of GTIN 00614141999996: SGTIN-96 with a serial number. */
export const epcOf = (serial: number): string => {
  const bits = (0x30n << 88n) | (1n << 85n) | (5n << 82n) | (614141n << 58n) | (99999n << 38n) | BigInt(serial);
  return bits.toString(16).toUpperCase().padStart(24, '0');
};
export const SKU = '00614141999996';

export interface ReadSpec {
  readonly reader?: string;
  readonly antenna?: number;
  readonly epc: string;
  readonly rssiDbm?: number;
  readonly at: number;
  readonly count?: number;
}

/** Reads as JSON entries of an envelope. */
export const readEntries = (reads: readonly ReadSpec[]): NonNullable<EnvelopeMessage['reads']> =>
  reads.map(({ reader = 'door', antenna = 1, epc, rssiDbm = -60, at, count }) => ({
    reader,
    antenna,
    epc,
    rssiDbm,
    seenAt: formatTime(at),
    ...(count === undefined ? {} : { count }),
  }));

/** Entries as the service holds them. */
export function entriesOf(reads: readonly ReadSpec[]): Entries {
  const builder = new EntriesBuilder(reads.length);
  for (const { reader = 'door', antenna = 1, epc, rssiDbm = -60, at, count } of reads)
    builder.read(reader, antenna, epc, rssiDbm, at, count);
  return builder.build();
}

/**
 * Tags driven through the door around `at`: a dozen reads a tag, growing stronger towards the middle and never quite alike,
 * as of anything that moves.
 */
export function crossing(epcs: readonly string[], direction: 'in' | 'out', at: number, reader = 'door'): ReadSpec[] {
  const reads: ReadSpec[] = [];
  const [before, after] = direction === 'in' ? [1, 3] : [3, 1];
  for (let step = -6; step < 6; step++) {
    for (const [index, epc] of epcs.entries()) {
      const wobbleDb = ((step * 7 + index * 5 + 91) % 11) / 2;
      const rssiDbm = -48 - 3 * Math.abs(step + 0.5) - wobbleDb;
      const antenna = (step < 0 ? before : after) + (step & 1);
      reads.push({ reader, antenna, epc, rssiDbm, at: at + step * 250 + (index % 10) * 7 + 100 });
    }
  }
  return reads.sort((a, b) => a.at - b.at);
}

/** Tags that a zone antenna hears again and again from `at` on. */
export function lying(epcs: readonly string[], reader: string, at: number, seconds = 30): ReadSpec[] {
  const reads: ReadSpec[] = [];
  for (let second = 0; second < seconds; second++)
    for (const epc of epcs) reads.push({ reader, antenna: 1, epc, rssiDbm: -55, at: at + second * 1000 });
  return reads;
}

/** An envelope as JSON text. */
export const envelope = (
  head: { readonly epoch?: string; readonly seq: number; readonly oldest?: number; readonly sentAt?: number },
  entries: Omit<EnvelopeMessage, 'v' | 'epoch' | 'seq' | 'oldest' | 'sentAt'> = {},
): string =>
  JSON.stringify({
    v: 1,
    epoch: head.epoch ?? 'e1',
    seq: head.seq,
    oldest: head.oldest ?? 1,
    ...(head.sentAt === undefined ? {} : { sentAt: formatTime(head.sentAt) }),
    ...entries,
  });
