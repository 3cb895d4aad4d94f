// How processes share the sites: each aims at its part, rounded up; nobody takes what is free but for a moment.
import { describe, expect, it } from 'vitest';
import { nextMoves } from '../../../src/run/shares.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `S${index}`);

describe('a process', () => {
  it('alone takes everything', () => {
    expect(nextMoves([], 3, { processes: 1, free: names(3) }, names(3))).toEqual({ take: names(3), giveBack: [] });
  });

  it('of two takes half, rounded up', () => {
    expect(nextMoves([], 5, { processes: 2, free: names(5) }, names(5)).take).toHaveLength(3);
  });

  it('gives back what is beyond its part when another one joins, and takes nothing then', () => {
    expect(nextMoves(names(5), 6, { processes: 2, free: ['S5'] }, ['S5'])).toEqual({
      take: [],
      giveBack: ['S3', 'S4'],
    });
  });

  it('does not take what was not free at the look before: its process may only have been cut off', () => {
    expect(nextMoves([], 2, { processes: 1, free: ['S0', 'S1'] }, ['S1'])).toEqual({ take: ['S1'], giveBack: [] });
  });

  it('with its part does nothing, however many are free', () => {
    expect(nextMoves(['S0'], 2, { processes: 2, free: ['S1'] }, ['S1'])).toEqual({ take: [], giveBack: [] });
  });
});

it('Any number of processes come to rest with every site derived, whoever comes and goes', () => {
  const sites = names(17);
  const owners = new Map<string, number>();
  let alive = [0];
  const owned = (process: number): string[] => sites.filter((site) => owners.get(site) === process);
  const free = (): string[] => sites.filter((site) => !owners.has(site));
  const settle = (): void => {
    const before = new Map<number, string[]>();
    for (let look = 0; look < 12; look++)
      for (const process of alive) {
        const share = { processes: alive.length, free: free() };
        const { take, giveBack } = nextMoves(owned(process), sites.length, share, before.get(process) ?? []);
        before.set(process, share.free);
        for (const site of giveBack) owners.delete(site);
        for (const site of take) if (!owners.has(site)) owners.set(site, process);
      }
  };
  for (const processes of [[0], [0, 1], [0, 1, 2], [1, 2], [2], [2, 3, 4, 5, 6], [6]]) {
    alive = processes;
    for (const [site, owner] of owners) if (!alive.includes(owner)) owners.delete(site);
    settle();
    expect(free()).toEqual([]);
    for (const process of alive)
      expect(owned(process).length).toBeLessThanOrEqual(Math.ceil(sites.length / alive.length));
  }
});
