import { describe, expect, it } from 'vitest';
import { firstLast, naive } from '../../../../simulators/score/baselines.ts';
import { edgexMoves } from '../../../../simulators/score/edgex.ts';
import type { SidedRead } from '../../../../simulators/score/sides.ts';

const OUTSIDE = 1;
const INSIDE = 2;

/** `[at, antenna, rssiDbm]`, all of one tag at one door. */
const heard = (...reads: readonly (readonly [at: number, antenna: number, rssiDbm: number])[]): SidedRead[] =>
  reads.map(([at, antenna, rssiDbm]) => ({
    epc: 'A',
    readPoint: 'DOOR-1',
    side: antenna === OUTSIDE ? 'outside' : 'inside',
    antenna,
    rssiDbm,
    at,
  }));

describe('naive', () => {
  it('takes whatever is heard to have crossed to the side that heard it last, when it was heard best', () => {
    const parked = heard([0, INSIDE, -70], [1000, INSIDE, -60], [2000, INSIDE, -71]);
    expect(naive(parked)).toEqual([{ epc: 'A', readPoint: 'DOOR-1', direction: 'in', at: 1000 }]);
  });

  it('takes a tag that comes back after a while for another', () => {
    expect(naive(heard([0, OUTSIDE, -60], [5001, INSIDE, -60])).map(({ direction }) => direction)).toEqual([
      'out',
      'in',
    ]);
  });
});

describe('first side, last side', () => {
  it('is half way between the strongest reads of either side', () => {
    const through = heard([0, INSIDE, -70], [1000, INSIDE, -55], [2000, OUTSIDE, -50], [3000, OUTSIDE, -70]);
    expect(firstLast(through)).toEqual([{ epc: 'A', readPoint: 'DOOR-1', direction: 'out', at: 1500 }]);
  });

  it('sees nothing in what ends where it began', () => {
    expect(firstLast(heard([0, INSIDE, -70], [1000, OUTSIDE, -50], [2000, INSIDE, -70]))).toEqual([]);
  });

  it('listens to the door that heard most', () => {
    const own = heard([0, INSIDE, -70], [1000, OUTSIDE, -50], [1500, OUTSIDE, -52]);
    const other = { ...heard([2000, INSIDE, -70])[0]!, readPoint: 'DOOR-2' };
    expect(firstLast([...own, other])).toMatchObject([{ readPoint: 'DOOR-1', direction: 'out' }]);
  });
});

describe('the rule of EdgeX', () => {
  it('moves a tag only with two reads, stronger by the whole advantage while the old place is fresh', () => {
    const reads = heard([0, OUTSIDE, -60], [100, INSIDE, -53.5], [200, OUTSIDE, -60], [300, INSIDE, -53.5]);
    expect(edgexMoves(reads)).toEqual([{ epc: 'A', readPoint: 'DOOR-1', direction: 'in', at: 300 }]);
    expect(edgexMoves(heard([0, OUTSIDE, -60], [100, INSIDE, -54], [300, INSIDE, -54]))).toEqual([]);
  });

  it('lets the advantage fade: 2 dB after a second without a read, less than nothing later', () => {
    expect(edgexMoves(heard([0, OUTSIDE, -60], [900, INSIDE, -57], [1000, INSIDE, -57]))).toMatchObject([{ at: 1000 }]);
    expect(edgexMoves(heard([0, OUTSIDE, -60], [2000, INSIDE, -65], [2100, INSIDE, -65]))).toMatchObject([
      { at: 2100 },
    ]);
  });

  it('keeps the last twenty reads of a place', () => {
    const weak = Array.from({ length: 20 }, (_, index) => [index, OUTSIDE, -70] as const);
    const strong = Array.from({ length: 20 }, (_, index) => [100 + index, OUTSIDE, -50] as const);
    const inside = [[130, INSIDE, -50] as const, [131, INSIDE, -50] as const];
    expect(edgexMoves(heard(...weak, ...inside))).toHaveLength(1);
    expect(edgexMoves(heard(...weak, ...strong, ...inside))).toEqual([]);
  });
});
