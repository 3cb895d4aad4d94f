// Reads as rules without a model of the air see them: which door, which side.
import type { SitePlan } from '../../src/config/plan.ts';
import type { RadioRead } from '../radio/radio.ts';

/** A read with what the site says of its antenna. */
export interface SidedRead {
  readonly epc: string;
  readonly readPoint: string;
  readonly side: 'outside' | 'inside';
  /** Names the antenna, site-wide. */
  readonly antenna: number;
  readonly rssiDbm: number;
  readonly at: number;
}

/** Reads of portals, in the order in which they arrived. */
export function sidedReads(plan: SitePlan, reads: readonly RadioRead[]): SidedRead[] {
  const sided: SidedRead[] = [];
  for (const { reader, antenna, epc, rssiDbm, seenAt } of reads) {
    const known = plan.antennaOf({ reader, antenna });
    if (known?.side === undefined) continue;
    const readPoint = plan.readPoints[known.readPoint]!.id;
    sided.push({ epc, readPoint, side: known.side, antenna: known.index, rssiDbm, at: seenAt });
  }
  return sided;
}
