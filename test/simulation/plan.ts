// What goes wrong in a schedule, drawn from its seed: how the network and Postgres behave all along, and what happens when. All of
// it is over at HEALED_MS.
import { random, type Random } from '../../simulators/random.ts';
import type { Network } from './gateway.ts';
import { MORNINGS } from './traffic.ts';

export const HEALED_MS = 90_000;

export type Step = { readonly at: number } & (
  | { readonly what: 'kill' | 'cut' | 'lose outbox' | 'forged' | 'garbage' | 'forget locks' }
  | { readonly what: 'pause' | 'no Postgres' | 'slow Postgres'; readonly forMs: number }
  | { readonly what: 'set clock'; readonly byMs: number }
  /** Whoever runs the statement so many behind the next one that begins so dies of it, before or behind. */
  | {
      readonly what: 'kill at statement';
      readonly from: string;
      readonly statements: number;
      readonly moment: 'before' | 'behind';
    }
);

export interface Plan {
  readonly seed: number;
  readonly morning: number;
  readonly network: Network;
  readonly breaks: { readonly before: number; readonly behind: number };
  readonly snapshotEveryMs: number;
  /** Processes: one, or one and another that stands by. */
  readonly processes: number;
  readonly steps: readonly Step[];
}

const STEPS_MAX = 9;

export function planOf(seed: number): Plan {
  const chance = random(seed, 'plan');
  const isRough = chance.chance(0.6);
  const steps = Array.from({ length: chance.integer(1, STEPS_MAX) }, () => stepOf(chance));
  return {
    seed,
    morning: seed % MORNINGS,
    network: {
      lostShare: isRough ? chance.between(0, 0.1) : 0,
      twiceShare: isRough ? chance.between(0, 0.2) : 0,
      isShuffled: isRough && chance.chance(0.5),
      latencyMs: chance.choice([5, 50, 600]),
    },
    breaks: chance.chance(0.5)
      ? { before: chance.between(0, 0.02), behind: chance.between(0, 0.02) }
      : { before: 0, behind: 0 },
    snapshotEveryMs: chance.choice([1000, 3000, 10_000, 40_000]),
    processes: chance.integer(1, 2),
    steps: steps.toSorted((a, b) => a.at - b.at),
  };
}

/** Nothing goes wrong. */
export const calmPlan = (morning: number): Plan => ({
  seed: -1,
  morning,
  network: { lostShare: 0, twiceShare: 0, isShuffled: false, latencyMs: 5 },
  breaks: { before: 0, behind: 0 },
  snapshotEveryMs: 40_000,
  processes: 1,
  steps: [],
});

function stepOf(chance: Random): Step {
  const at = chance.integer(1000, HEALED_MS - 10_000);
  const forMs = chance.choice([2000, 8000, 25_000]) * chance.between(0.2, 1);
  const kinds: readonly (readonly [weight: number, step: () => Step])[] = [
    [4, () => ({ at, what: 'kill' })],
    [
      5,
      () => ({
        at,
        what: 'kill at statement',
        from: chance.choice(['', 'append-journal', 'advance-cursor', 'post-transactions', 'insert into snapshot']),
        statements: chance.integer(0, 6),
        moment: chance.choice(['before', 'behind'] as const),
      }),
    ],
    [3, () => ({ at, what: 'pause', forMs: Math.round(forMs) })],
    [2, () => ({ at, what: 'no Postgres', forMs: Math.round(forMs) })],
    [1, () => ({ at, what: 'slow Postgres', forMs: Math.round(forMs) })],
    [3, () => ({ at, what: 'cut' })],
    [1, () => ({ at, what: 'lose outbox' })],
    [1, () => ({ at, what: 'forged' })],
    [1, () => ({ at, what: 'garbage' })],
    [1, () => ({ at, what: 'forget locks' })],
    [
      1,
      () => ({
        at,
        what: 'set clock',
        byMs: chance.chance(0.6) ? chance.integer(500, 90_000) : -chance.integer(500, 7_200_000),
      }),
    ],
  ];
  let left = chance.between(
    0,
    kinds.reduce((sum, [weight]) => sum + weight, 0),
  );
  for (const [weight, step] of kinds) if ((left -= weight) < 0) return step();
  return kinds[0]![1]();
}

/** For a person: what was drawn, one line each. */
export const tellPlan = ({ seed, morning, network, breaks, snapshotEveryMs, processes, steps }: Plan): string =>
  [
    `seed ${seed}, morning ${morning}, processes ${processes}, a snapshot every ${snapshotEveryMs} ms`,
    `network ${JSON.stringify(network)}, broken connections of Postgres ${JSON.stringify(breaks)}`,
    ...steps.map(
      ({ at, what, ...more }) => `${at} ms: ${what} ${Object.keys(more).length === 0 ? '' : JSON.stringify(more)}`,
    ),
  ].join('\n');
