// The rule of EdgeX app-rfid-llrp-inventory, for comparison: a tag is where its signal is strongest by the mean of the last
// reads of each antenna, and the place it is believed at has an advantage that fades. It knows no doors, so a change of place
// from one side of a door to the other is taken for a crossing, which is the best that can be made of it.
import type { Crossing } from './match.ts';
import type { SidedRead } from './sides.ts';

/** The advantage of the place that a tag is believed at: `thresholdDb`, less `slopeDbPerMs` for every ms without a read beyond `holdoffMs`. */
export interface MobilityProfile {
  readonly slopeDbPerMs: number;
  readonly thresholdDb: number;
  readonly holdoffMs: number;
}

/** `asset_tracking`, the one that is used unless another is chosen. */
export const ASSET_TRACKING: MobilityProfile = { slopeDbPerMs: -0.008, thresholdDb: 6, holdoffMs: 500 };

const READS_KEPT = 20;
const READS_LEAST = 2;

interface Heard {
  readonly readPoint: string;
  readonly side: SidedRead['side'];
  /** The last `READS_KEPT`. */
  readonly rssiDbm: number[];
  lastAt: number;
}

interface Tag {
  readonly byAntenna: Map<number, Heard>;
  place: Heard;
}

/** Reads as they arrive, to crossings at the time of the read that made the tag move. */
export function edgexMoves(reads: readonly SidedRead[], profile: MobilityProfile = ASSET_TRACKING): Crossing[] {
  const tags = new Map<string, Tag>();
  const moves: Crossing[] = [];
  for (const read of reads) {
    const heard = hear(tags, read);
    const tag = tags.get(read.epc)!;
    const from = tag.place;
    if (heard === from || !wins(heard, from, read.at, profile)) continue;
    tag.place = heard;
    if (heard.side === from.side) continue;
    moves.push({
      epc: read.epc,
      readPoint: heard.readPoint,
      direction: heard.side === 'inside' ? 'in' : 'out',
      at: read.at,
    });
  }
  return moves;
}

/** Notes the read at its antenna; a tag that was never heard is where it is heard first. */
function hear(tags: Map<string, Tag>, { epc, antenna, readPoint, side, rssiDbm, at }: SidedRead): Heard {
  const known = tags.get(epc)?.byAntenna.get(antenna);
  const heard = known ?? { readPoint, side, rssiDbm: [], lastAt: at };
  heard.rssiDbm.push(rssiDbm);
  if (heard.rssiDbm.length > READS_KEPT) heard.rssiDbm.shift();
  heard.lastAt = at;
  const tag = tags.get(epc);
  if (tag === undefined) tags.set(epc, { byAntenna: new Map([[antenna, heard]]), place: heard });
  else if (known === undefined) tag.byAntenna.set(antenna, heard);
  return heard;
}

function wins(incoming: Heard, current: Heard, now: number, profile: MobilityProfile): boolean {
  const { slopeDbPerMs, thresholdDb, holdoffMs } = profile;
  const offsetDb = thresholdDb - slopeDbPerMs * holdoffMs;
  const advantageDb = Math.min(thresholdDb, slopeDbPerMs * (now - current.lastAt) + offsetDb);
  return incoming.rssiDbm.length >= READS_LEAST && meanOf(incoming.rssiDbm) > meanOf(current.rssiDbm) + advantageDb;
}

const meanOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / values.length;
