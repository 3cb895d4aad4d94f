// The queue of a site as one state: every piece of work that waits for a person, made of tasks, pick lists, counts and orders as they change,
// with who has it and until when.
import type { JobEffect } from '../../infer/jobEffects.ts';
import { forgetOldest } from '../sets.ts';
import { takeAll } from '../takeAll.ts';

/** Work that is not over. */
export type Job = Omit<JobEffect, 'state'>;

export interface Queue {
  /** Open ones, by `jobKey`. */
  readonly jobs: Map<string, Job>;
  /** Who → where they worked last. */
  readonly people: Map<string, string>;
  /** For the row in hand: everything is looked at, as after a site file or of a former release, which had no queue. */
  readonly row: { isAll: boolean };
  /** Changed since it was last told. */
  readonly untold: Map<string, JobEffect>;
  /** Changed since the last snapshot. */
  readonly unsaved: Set<string>;
}

/** People whose place is remembered, the oldest forgotten first. */
const PEOPLE_MAX = 2000;

export const openQueue = (): Queue => ({
  jobs: new Map(),
  people: new Map(),
  row: { isAll: false },
  untold: new Map(),
  unsaved: new Set(),
});

export const jobKey = ({ kind, id, part }: Pick<Job, 'kind' | 'id' | 'part'>): string =>
  `${kind} ${id}${part === 0 ? '' : ` ${part}`}`;

export function noteWhere({ people }: Queue, person: string, location: string): void {
  people.delete(person); // the newest last
  people.set(person, location);
  forgetOldest(people, PEOPLE_MAX);
}

/** The work as it is now; one that is as before is not told again. */
export function putJob({ jobs, untold, unsaved }: Queue, job: Job): void {
  const key = jobKey(job);
  const before = jobs.get(key);
  if (before !== undefined && isSame(before, job)) return;
  jobs.set(key, job);
  untold.set(key, { ...job, state: 'open' });
  unsaved.add(key);
}

const isSame = ({ changedAt: _a, ...a }: Job, { changedAt: _b, ...b }: Job): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Nothing of it is left to be done, at that moment. */
export function endJob({ jobs, untold, unsaved }: Queue, key: string, at: number): void {
  const job = jobs.get(key);
  if (job === undefined) return;
  jobs.delete(key);
  untold.set(key, { ...job, claim: undefined, state: 'over', changedAt: Math.max(job.changedAt, at) });
  unsaved.add(key);
}

/** What has changed since it was last asked. */
export const jobsTold = ({ untold }: Queue): JobEffect[] => takeAll(untold, ([, job]) => job);

/** What always goes whole into a snapshot. */
export type QueueCore = Pick<Queue, 'people' | 'row'>;
export const queueCore = ({ people, row }: Queue): QueueCore => ({ people, row });

/** `core` is undefined in a snapshot of a release that had no queue: all of it is made anew. */
export function restoreQueueCore(queue: Queue, core: QueueCore | undefined): void {
  for (const [person, location] of core?.people ?? []) queue.people.set(person, location);
  queue.row.isAll = core?.row.isAll ?? true;
}

export function takeUnsavedJobs({ jobs, unsaved }: Queue): (readonly [key: string, job: Job | undefined])[] {
  const taken = [...unsaved].map((key) => [key, jobs.get(key)] as const);
  unsaved.clear();
  return taken;
}

export const restoreJob = ({ jobs }: Queue, job: Job): void => {
  jobs.set(jobKey(job), job);
};
