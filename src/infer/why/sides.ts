// What each side of a portal heard of a tag: how often, how loud, and when on the whole. Pure.
import type { Side } from '../../config/plan.ts';

export interface SidedRead {
  /** Undefined for an antenna that sees both, or that the site does not know any more. */
  readonly side: Side | undefined;
  readonly antenna: string;
  readonly rssiDbm: number | undefined;
  /** ms. */
  readonly at: number;
}

export interface SideFacts {
  readonly side: Side;
  readonly reads: number;
  readonly bestDbm: number | null;
  readonly meanDbm: number | null;
  /** Mean time of its reads, louder ones counting more: by amplitude, 10^(dBm / 20). ms. */
  readonly centroidAt: number | null;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
}

export interface SidesFacts {
  readonly sides: readonly SideFacts[];
  readonly firstSide: Side | null;
  readonly lastSide: Side | null;
}

/** Outside, then inside; reads in any order. */
export function sidesOf(reads: readonly SidedRead[]): SidesFacts {
  const sided = reads.filter(({ side }) => side !== undefined).sort((a, b) => a.at - b.at);
  return {
    sides: (['outside', 'inside'] as const).map((side) =>
      factsOf(
        side,
        sided.filter((read) => read.side === side),
      ),
    ),
    firstSide: sided[0]?.side ?? null,
    lastSide: sided.at(-1)?.side ?? null,
  };
}

/** A read that tells no RSSI counts as one that could hardly be weaker. */
const UNTOLD_DBM = -80;

function factsOf(side: Side, reads: readonly SidedRead[]): SideFacts {
  const told = reads.flatMap(({ rssiDbm }) => (rssiDbm === undefined ? [] : [rssiDbm]));
  const weights = reads.map(({ rssiDbm }) => 10 ** ((rssiDbm ?? UNTOLD_DBM) / 20));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const first = reads[0]?.at;
  return {
    side,
    reads: reads.length,
    bestDbm: told.length === 0 ? null : Math.max(...told),
    meanDbm: told.length === 0 ? null : told.reduce((sum, one) => sum + one, 0) / told.length,
    centroidAt:
      first === undefined
        ? null
        : first + reads.reduce((sum, { at }, index) => sum + weights[index]! * (at - first), 0) / total,
    firstAt: first ?? null,
    lastAt: reads.at(-1)?.at ?? null,
  };
}
