// A decision in words: every number of them is one that was weighed.
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../../src/infer/why/changes.ts';
import { sidesOf } from '../../../../src/infer/why/sides.ts';
import { changeWords, shareText, wordsOf } from '../../../../src/infer/why/words.ts';
import type { Facts } from '../../../../src/infer/why/why.ts';

const AT = Date.UTC(2026, 10, 23, 9, 2, 12);
const read = (side: 'outside' | 'inside' | undefined, at: number, rssiDbm?: number) => ({
  side,
  antenna: 'door-1/1',
  rssiDbm,
  at: AT + at,
});

const facts: Facts = {
  readPoint: 'DOOR-1',
  timeZone: 'Europe/Brussels',
  said: { outcome: 'undecided', leading: 'in', probability: 0.83 },
  crossedAt: AT,
  sides: sidesOf([read('outside', -1500, -58.5), read('outside', -500, -61), read('inside', 700, -64)]),
  label: undefined,
  beam: 0,
  prior: 0,
  load: { size: 18, share: 0.4, probability: 0.998, member: 0.832 },
  outcomes: [
    { outcome: 'in', probability: 0.83 },
    { outcome: 'stayed', probability: 0.15 },
    { outcome: 'turned_back', probability: 0.018 },
    { outcome: 'out', probability: 0.002 },
  ],
  second: { outcome: 'stayed', probability: 0.15, behindNats: Math.log(0.83 / 0.15) },
  own: { outcome: 'in', probability: 0.62 },
  thresholds: { postAt: 0.9, ignoreBelow: 0.4 },
  postAt: 0.9,
  marginNats: Math.log(0.83 / 0.17) - Math.log(0.9 / 0.1),
  changes: [],
  kind: 'again',
  nameOf: (antenna) => `door-1/${antenna}`,
};

describe('what each side heard', () => {
  it('is counted, with the best and the mean of what told its strength', () => {
    const { sides, firstSide, lastSide } = sidesOf([
      read('inside', 900, -60),
      read('outside', 0, -50),
      read('inside', 100),
      read(undefined, 50, -40),
      read('inside', 500, -66),
    ]);
    expect(sides).toMatchObject([
      { side: 'outside', reads: 1, bestDbm: -50, meanDbm: -50, firstAt: AT, lastAt: AT },
      { side: 'inside', reads: 3, bestDbm: -60, meanDbm: -63, firstAt: AT + 100, lastAt: AT + 900 },
    ]);
    expect([firstSide, lastSide]).toEqual(['outside', 'inside']);
  });

  it('centres where it was loud: 20 dB more count ten times as much', () => {
    const { sides } = sidesOf([read('inside', 0, -50), read('inside', 1100, -70)]);
    expect(sides[1]!.centroidAt).toBeCloseTo(AT + 100, 6);
    expect(sidesOf([read('inside', 0, -50), read('inside', 1000, -50)]).sides[1]!.centroidAt).toBeCloseTo(AT + 500, 6);
  });

  it('is nothing where nothing was read', () => {
    expect(sidesOf([])).toMatchObject({ firstSide: null, lastSide: null });
    expect(sidesOf([]).sides[0]).toMatchObject({ reads: 0, bestDbm: null, centroidAt: null });
  });
});

describe('a decision in words', () => {
  it('tells sides, load, all outcomes, the second-best and the margin', () => {
    expect(wordsOf(facts)).toEqual([
      'DOOR-1 read it 3 times: 2 outside (best −58.5 dBm, around 10:02:10.9), 1 inside (best −64 dBm, around 10:02:12.7). First outside, last inside.',
      'It was weighed with a load of 18 tags at 10:02:12.0, some 40 % of what was heard: the load crossed with 0.998, this tag was of it with 0.83.',
      'Outcomes: in 0.83, stayed 0.15, turned back 0.02, out < 0.01. Stayed comes second, 5.5 times less likely.',
      'Stock moves from 0.90 on: its odds fell short by a factor of 1.8.',
      'Its own reads alone say in, 0.62.',
    ]);
  });

  it('tells by how much what was posted was over', () => {
    const marginOf = (nats: number): string | undefined =>
      wordsOf({ ...facts, marginNats: nats }).find((words) => words.startsWith('Stock moves'));
    expect(marginOf(Math.log(40))).toBe('Stock moves from 0.90 on: its odds are 40 times what that takes.');
    expect(marginOf(0.1)).toBe('Stock moves from 0.90 on: only just reached.');
  });

  it('tells what a person said, and what the reads had said', () => {
    const label = {
      outcome: 'turned_back',
      by: 'op-3',
      at: '2026-11-23T10:00:00Z',
      reason: 'on camera',
      said: { outcome: 'undecided', leading: 'in', probability: 0.83 },
    } as const;
    expect(wordsOf({ ...facts, label })[0]).toBe(
      'op-3 decided: turned back (on camera). The reads had said: undecided, most likely in, 0.83.',
    );
  });

  it('tells what a light beam and the past added', () => {
    const words = wordsOf({ ...facts, beam: 3, prior: -1.5 });
    expect(words).toContain('The light beam was broken then: 20 : 1 for.');
    expect(words).toContain('It stayed when others moved before: 4.5 : 1 against.');
    expect(wordsOf({ ...facts, beam: -4 })).toContain('The light beam was not broken then: 55 : 1 against.');
  });

  it('of what was not weighed by courses tells that, and does not make anything up', () => {
    const plain = { ...facts, load: null, second: null, own: null, postAt: null, marginNats: null };
    const idle = { ...plain, kind: 'idle' as const, outcomes: [{ outcome: 'stayed', probability: 0.77 }] };
    const said = { outcome: 'stayed', leading: 'stayed', probability: 0.77 } as const;
    expect(wordsOf({ ...idle, said }).slice(1)).toEqual([
      'Outcomes: stayed 0.77.',
      'It may have crossed by itself, with 0.23: too unlikely to ask a person.',
    ]);
    expect(wordsOf({ ...idle, said: { ...said, probability: 1 } }).at(-1)).toMatch(/^At no time/);
    expect(wordsOf({ ...plain, kind: 'simple' }).at(-1)).toMatch(/^So many tags/);
    expect(wordsOf({ ...plain, kind: 'other' }).at(-1)).toMatch(/cannot be told any more/);
  });

  it.each<[Change, string]>([
    [
      { change: 'without-load', others: 17, direction: 'in', probability: 0.62 },
      'Without its load (17 other tags) this tag alone would be undecided, most likely in (0.62).',
    ],
    [
      { change: 'more-reads', reads: 2, antenna: 3, rssiDbm: -61.5, from: AT, direction: 'in', probability: 0.94 },
      '2 more reads at door-1/3 (−61.5 dBm) after 10:02:12 would make it in (0.94).',
    ],
    [
      { change: 'beam-broken', direction: 'in', probability: 0.96 },
      'A light beam broken at that moment would make it in (0.96).',
    ],
    [
      { change: 'without-read', antenna: 2, at: AT + 400, direction: 'out', probability: 0.3 },
      'It hangs on one read, of door-1/2 at 10:02:12.4: without it, it would be stayed (0.70).',
    ],
    [
      { change: 'without-antenna', antenna: 2, reads: 4, direction: 'out', probability: 0.45 },
      'It hangs on door-1/2: without its 4 reads it would be undecided, most likely stayed (0.55).',
    ],
  ])('of a change tells what it would have led to: %o', (change, words) => {
    expect(changeWords(change, facts)).toBe(words);
  });

  it('is not surer than it was', () => {
    expect([0, 0.004, 0.5, 0.989, 0.992, 0.9994, 0.9996, 1].map(shareText)).toEqual([
      '< 0.01',
      '< 0.01',
      '0.50',
      '0.99',
      '0.992',
      '0.999',
      '> 0.999',
      '> 0.999',
    ]);
  });
});
