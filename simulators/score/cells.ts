// What the simulated benchmark varies: a base cell for each level of noise, and variations of it by one thing each.
import type { LevelName } from '../radio/levels.ts';
import type { DoorLayout } from '../scenes.ts';
import { LEVEL_NAMES } from '../radio/levels.ts';

/**
 * What the warehouse said before anything was driven: `container`, the tags of every pallet were packed into a container by
 * command; `expected`, a list of what is to cross.
 */
export type Knowledge = 'neither' | 'container' | 'expected';

/** Shares of what a body near a door does. */
export type Role = 'cross' | 'stand' | 'pass' | 'turn';
export type Mix = Readonly<Record<Role, number>>;

export interface Cell {
  readonly name: string;
  readonly level: LevelName;
  readonly layout: DoorLayout;
  /** In a row, `DOORS_APART_M` apart, hearing each other. */
  readonly doors: number;
  readonly photoEye: boolean;
  /** Pallets on the move at once, and tags on each. */
  readonly pallets: number;
  readonly tags: number;
  /** Single tags that stand, pass by or turn back meanwhile. */
  readonly bystanders: number;
  readonly knowledge: Knowledge;
  /** How often each pallet comes, with the same tags. */
  readonly visits: number;
  /** What pallets do; undefined for what they do at this level (NOISE.md). */
  readonly mix?: Mix;
  /** Episodes of 24 s a seed: more where an episode has few tags, fewer where it has many. */
  readonly episodes: number;
  /** F1 that Bayes' rule reaches with the true parameters, from Monte Carlo over the same noise; undefined where nobody computed it. */
  readonly limitF1: number | undefined;
}

export const DOORS_APART_M = 3.5;

/** Of a tag alone; of a pallet whose members are known; of a pallet whose list is known too. */
const LIMITS: Readonly<
  Record<LevelName, { readonly alone: number; readonly pallet: number; readonly listed: number }>
> = {
  clean: { alone: 1, pallet: 1, listed: 1 },
  typical: { alone: 0.931, pallet: 0.992, listed: 1 },
  hostile: { alone: 0.634, pallet: 0.936, listed: 1 },
};

const EPISODES = 40;

const baseOf = (level: LevelName): Cell => ({
  name: `${level} base`,
  level,
  layout: '2+2',
  doors: 2,
  photoEye: false,
  pallets: 1,
  tags: 10,
  bystanders: 20,
  knowledge: 'neither',
  visits: 1,
  episodes: EPISODES,
  limitF1: LIMITS[level].pallet,
});

type Variation = Readonly<Partial<Omit<Cell, 'name' | 'level' | 'limitF1'>>> & {
  readonly limit?: 'alone' | 'listed';
};

const VARIATIONS: Readonly<Record<string, Variation>> = {
  'one-side': { layout: 'one-side' },
  '1+1': { layout: '1+1' },
  'photo-eye': { photoEye: true },
  '1 door': { doors: 1 },
  '2 pallets': { pallets: 2 },
  '1 tag': { tags: 1, episodes: 2 * EPISODES },
  '1 tag alone': { tags: 1, bystanders: 0, episodes: 4 * EPISODES, limit: 'alone' },
  '3 tags': { tags: 3 },
  '60 tags': { tags: 60, episodes: EPISODES / 2 },
  '4 visits': { visits: 4 },
  container: { knowledge: 'container', limit: 'listed' },
  expected: { knowledge: 'expected', limit: 'listed' },
};

/** All cells, level by level, the base first. */
export const CELLS: readonly Cell[] = LEVEL_NAMES.flatMap((level) => [
  baseOf(level),
  ...Object.entries(VARIATIONS).map(([name, { limit, ...changed }]) => ({
    ...baseOf(level),
    ...changed,
    name: `${level} ${name}`,
    limitF1: limit === undefined ? undefined : LIMITS[level][limit],
  })),
]);

const QUICK: ReadonlySet<string> = new Set([
  'clean base',
  'typical base',
  'typical photo-eye',
  'typical 1 tag',
  'typical container',
  'hostile base',
]);

/** `all`, `quick`, `none`, or a text that the names contain. Empty when there is no such cell. */
export function cellsNamed(choice: string): readonly Cell[] {
  if (choice === 'all') return CELLS;
  if (choice === 'none') return [];
  return CELLS.filter(({ name }) => (choice === 'quick' ? QUICK.has(name) : name.includes(choice)));
}
