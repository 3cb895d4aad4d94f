// Which work comes first for somebody: priority, then when it has to be out, then how far it is from where they are, then how long it waits.
// The site's writer gives it out by this, and lists are told in this order. Pure.
import type { SitePlan } from '../config/plan.ts';
import type { Rules } from '../config/rules.ts';
import { spotOf } from '../config/spots.ts';
import { PRIORITY_MAX } from '../wire/outbound.ts';
import { formatTime } from '../wire/time.ts';
import type { JobEffect } from './jobEffects.ts';

export type Waiting = Pick<
  JobEffect,
  'kind' | 'id' | 'part' | 'from' | 'priority' | 'dueAt' | 'order' | 'createdAt' | 'notFor' | 'claim'
>;

export interface Ranked<J extends Waiting> {
  readonly job: J;
  /** Its own, and one more for every `queueAgeMs` that it waits. */
  readonly priority: number;
  /** As the crow flies between the coordinates of the site file, m; undefined where one of them has none. */
  readonly distanceM: number | undefined;
}

/** Who asks, from where (undefined: nobody knows), and when (ms). */
export interface Asking {
  readonly person: string | undefined;
  readonly location: string | undefined;
  readonly at: number;
}

/** Work that the person may take, the first in front: neither somebody else's, nor what they must leave to somebody else. */
export function rankJobs<J extends Waiting>(jobs: Iterable<J>, plan: SitePlan, asking: Asking): Ranked<J>[] {
  const { person, location, at } = asking;
  const { queueAgeMs, queueDueMs } = plan.rules;
  const here = location === undefined ? undefined : spotOf(plan, location);
  const ranked: Ranked<J>[] = [];
  for (const job of jobs) {
    const isOthers = job.claim !== undefined && job.claim.until > at && job.claim.by !== person;
    if (isOthers || (person !== undefined && job.notFor.includes(person))) continue;
    const there = job.from === undefined ? undefined : spotOf(plan, job.from);
    ranked.push({
      job,
      priority: Math.min(PRIORITY_MAX, job.priority + Math.max(0, Math.floor((at - job.createdAt) / queueAgeMs))),
      distanceM:
        job.from !== undefined && job.from === location
          ? 0
          : here && there && Math.hypot(here.x - there.x, here.y - there.y),
    });
  }
  return ranked.sort((a, b) => RULES.reduce((order, { compare }) => order || compare(a, b, queueDueMs), 0));
}

interface Rule {
  readonly compare: (a: Ranked<Waiting>, b: Ranked<Waiting>, queueDueMs: Rules['queueDueMs']) => number;
  /** Why `a` comes before `b`, when this rule says so. */
  readonly because: (a: Ranked<Waiting>, b: Ranked<Waiting>, location: string | undefined) => string;
}

const slotOf = ({ job }: Ranked<Waiting>, queueDueMs: number): number =>
  job.dueAt === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(job.dueAt / queueDueMs);
const metresOf = ({ distanceM }: Ranked<Waiting>): number => distanceM ?? Number.MAX_SAFE_INTEGER;
const nameOf = ({ job: { kind, id, part } }: Ranked<Waiting>): string =>
  `${kind} ${id} ${String(part).padStart(6, '0')}`;
const metresText = (m: number | undefined): string => (m === undefined ? 'nobody knows how far' : `${Math.round(m)} m`);

const RULES: readonly Rule[] = [
  {
    compare: (a, b) => b.priority - a.priority,
    because: (a, b) =>
      `Priority ${a.priority}${a.job.order === undefined ? '' : ` (order ${a.job.order})`}; what comes next has ${b.priority}.`,
  },
  {
    compare: (a, b, queueDueMs) => slotOf(a, queueDueMs) - slotOf(b, queueDueMs),
    because: (a, b) =>
      `To leave by ${formatTime(a.job.dueAt!)}; what comes next ${b.job.dueAt === undefined ? 'has no time' : `by ${formatTime(b.job.dueAt)}`}.`,
  },
  {
    compare: (a, b) => metresOf(a) - metresOf(b),
    because: (a, b, location) =>
      `Of what is as urgent it is the nearest to ${location}: ${metresText(a.distanceM)}; the next one: ${metresText(b.distanceM)}.`,
  },
  {
    compare: (a, b) => a.job.createdAt - b.job.createdAt,
    because: () => 'Of what is as urgent and as near it waits longest.',
  },
  {
    compare: (a, b) => (nameOf(a) < nameOf(b) ? -1 : 1),
    because: () => 'What comes next is as urgent, as near and as old: it was taken by its number.',
  },
];

/** Why the first comes before the second, in words for a person. */
export function becauseOf(
  [first, second]: readonly (Ranked<Waiting> | undefined)[],
  { rules }: SitePlan,
  { location }: Pick<Asking, 'location'>,
): string {
  if (first === undefined) return 'Nothing waits that they may do.';
  if (second === undefined) return 'Nothing else waits that they may do.';
  const rule = RULES.find(({ compare }) => compare(first, second, rules.queueDueMs) < 0);
  return rule!.because(first, second, location);
}
