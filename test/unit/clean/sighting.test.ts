import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  antennasOf,
  copySighting,
  firstAtOf,
  isOver,
  lastAtOf,
  observe,
  open,
  readsOf,
  type Sighting,
} from '../../../src/clean/sighting.ts';

interface Read {
  readonly at: number;
  readonly antenna: number;
  readonly rssiDbm: number;
}

function sightingOf([first, ...rest]: readonly Read[]): Sighting {
  const sighting = open(first!.at, first!.antenna, first!.rssiDbm);
  for (const { at, antenna, rssiDbm } of rest) observe(sighting, at, antenna, rssiDbm);
  return sighting;
}

const reads = fc
  .array(
    fc.record({
      gapMs: fc.nat(20_000),
      antenna: fc.nat(3),
      rssiDbm: fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: -255, max: -1 }).map((half) => half / 2) },
        { weight: 1, arbitrary: fc.constant(Number.NaN) },
      ),
    }),
    { minLength: 1, maxLength: 50 },
  )
  .map((list): Read[] => {
    let at = 0;
    return list.map(({ gapMs, antenna, rssiDbm }) => ({ at: (at += gapMs), antenna, rssiDbm }));
  });

describe('a sighting', () => {
  it('has the statistics that the list of its reads would give', () => {
    fc.assert(
      fc.property(reads, (list) => {
        const sighting = sightingOf(list);
        expect(firstAtOf(sighting)).toBe(list[0]!.at);
        expect(lastAtOf(sighting)).toBe(list.at(-1)!.at);
        expect(readsOf(sighting)).toBe(list.length);
        const antennas = antennasOf(sighting);
        expect(antennas.map(({ antenna }) => antenna)).toEqual([...new Set(list.map(({ antenna }) => antenna))]);
        for (const statistics of antennas) {
          const own = list.filter((read) => read.antenna === statistics.antenna);
          const loud = own.map(({ rssiDbm }) => rssiDbm).filter((rssiDbm) => !Number.isNaN(rssiDbm));
          expect(statistics).toMatchObject({
            reads: own.length,
            firstAt: own[0]!.at,
            lastAt: own.at(-1)!.at,
            bestDbm: Math.max(Number.NEGATIVE_INFINITY, ...loud),
          });
          if (loud.length === 0) continue;
          expect(statistics.bestAt).toBe(own.find(({ rssiDbm }) => rssiDbm === statistics.bestDbm)!.at);
        }
      }),
      { numRuns: 100, seed: 3 },
    );
  });

  it('is over when the tag has been silent for as long as the rule says', () => {
    const sighting = sightingOf([{ at: 1000, antenna: 0, rssiDbm: -60 }]);
    expect(isOver(sighting, 8999, { departAfterMs: 8000 })).toBe(false);
    expect(isOver(sighting, 9000, { departAfterMs: 8000 })).toBe(true);
  });

  it('is copied so that the copy stays what it was', () => {
    const sighting = sightingOf([{ at: 0, antenna: 0, rssiDbm: -60 }]);
    const copy = copySighting(sighting);
    const kept = structuredClone(copy);
    observe(sighting, 100, 0, -50);
    observe(sighting, 200, 1, -50);
    expect(copy).toEqual(kept);
  });
});
