// What happened together, told as one line: a pallet of thirty tags is one thing to whoever looks at a door. Pure.
import type { MovementJson, PassageJson } from '../../api/types.ts';
import { timeOf } from '../../shared/zone.ts';

/** Passages that no crossing binds together are one line when they ended within so long of each other. */
const TOGETHER_MS = 5000;
/** Cases of one pallet are found in their aisle one after the other: still one line. */
const ONE_ERRAND_MS = 15_000;

export interface PassageGroup {
  readonly key: string;
  readonly outcome: string;
  /** When it crossed, else when it was last read. */
  readonly at: string;
  readonly tags: number;
  readonly skus: number;
  readonly leastProbability: number;
  readonly mostProbability: number;
  /** The likeliest outcome of most of them. */
  readonly leading: string;
  readonly first: PassageJson;
}

const CROSSED: ReadonlySet<string> = new Set(['in', 'out', 'turned_back', 'undecided']);
const AT_REST: readonly string[] = ['stayed', 'stray'];
/** What merely stood about is summed up over so long. */
const AT_REST_MS = 300_000;

/** What crossed or may have, newest first, in at most `most` lines; below it, one line each for what only stood there. */
export function boardLines(passages: readonly PassageJson[], most: number): readonly PassageGroup[] {
  const newest = Math.max(0, ...passages.map((passage) => timeOf(passage.lastAt)));
  const rest = AT_REST.flatMap((outcome) => {
    const own = passages.filter((one) => one.outcome === outcome && newest - timeOf(one.lastAt) <= AT_REST_MS);
    return own.length === 0 ? [] : [{ ...passageGroup(own), key: outcome }];
  });
  const crossed = passages.filter(({ outcome }) => CROSSED.has(outcome));
  return [...groupPassages(crossed, most - AT_REST.length), ...rest];
}

/** Passages of one portal as at most `most` lines. */
export function groupPassages(passages: readonly PassageJson[], most: number): readonly PassageGroup[] {
  const groups: PassageJson[][] = [];
  const open = new Map<string, PassageJson[]>();
  for (const passage of [...passages].sort((a, b) => timeOf(atOf(b)) - timeOf(atOf(a)))) {
    const key = `${passage.outcome} ${passage.group?.id ?? ''}`;
    const last = open.get(key);
    const isTogether =
      last !== undefined &&
      (passage.group !== null || timeOf(atOf(last.at(-1)!)) - timeOf(atOf(passage)) <= TOGETHER_MS);
    if (isTogether) {
      last.push(passage);
      continue;
    }
    if (groups.length === most) break;
    const group = [passage];
    groups.push(group);
    open.set(key, group);
  }
  return groups.map((group) => passageGroup(group));
}

/** When it crossed, else when it was last read. */
const atOf = ({ crossedAt, lastAt }: PassageJson): string => crossedAt ?? lastAt;

function passageGroup(group: readonly PassageJson[]): PassageGroup {
  const first = group[0]!;
  const probabilities = group.map(({ probability }) => probability);
  return {
    key: `${first.group?.id ?? first.id} ${first.outcome}`,
    outcome: first.outcome,
    at: atOf(first),
    tags: group.length,
    skus: distinct(group.map(({ sku }) => sku)),
    leastProbability: Math.min(...probabilities),
    mostProbability: Math.max(...probabilities),
    leading: commonest(group.map(({ leading }) => leading)),
    first,
  };
}

export interface MovementGroup {
  readonly key: string;
  /** The newest of it. */
  readonly first: MovementJson;
  /** When the oldest of it happened. */
  readonly since: string;
  readonly movements: number;
  readonly skus: number;
  /** Undefined when none of it counts as stock. */
  readonly quantity: number | undefined;
}

/** Movements, newest first, as at most `most` lines: of one type, seen by one read point, soon after each other. */
export function groupMovements(movements: readonly MovementJson[], most: number): readonly MovementGroup[] {
  const groups: MovementJson[][] = [];
  const open = new Map<string, MovementJson[]>();
  for (const movement of movements) {
    const { happenedAt, type, from, to, readPoint, supersedes } = movement;
    const key = [type, from, to, readPoint, supersedes === null].join(' ');
    const last = open.get(key);
    if (last !== undefined && timeOf(last.at(-1)!.happenedAt) - timeOf(happenedAt) <= ONE_ERRAND_MS) {
      last.push(movement);
      continue;
    }
    if (groups.length === most) break;
    const group = [movement];
    groups.push(group);
    open.set(key, group);
  }
  return groups.map((group) => {
    const counted = group.filter(({ quantity }) => quantity !== null);
    const oldest = group.at(-1)!;
    return {
      // What joins a group comes on top, so its oldest names it.
      key: oldest.id,
      first: group[0]!,
      since: oldest.happenedAt,
      movements: group.length,
      skus: distinct(group.map(({ sku }) => sku)),
      quantity: counted.length === 0 ? undefined : counted.reduce((sum, { quantity }) => sum + quantity!, 0),
    };
  });
}

const distinct = (values: readonly (string | null)[]): number => new Set(values.filter((value) => value !== null)).size;

function commonest(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}
