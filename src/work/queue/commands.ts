// What people ask of the queue: the next piece of work, which is theirs from then on, and that somebody else may do it instead. What one
// has nobody else works at meanwhile.
import { becauseOf, rankJobs, type Ranked } from '../../infer/jobRank.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { Command } from '../../wire/command.ts';
import type { QueueCommand } from '../../wire/queue.ts';
import { TASK_KINDS } from '../../wire/task.ts';
import { formatTime } from '../../wire/time.ts';
import { refused } from '../requests.ts';
import { touchTask } from '../tasks/tasks.ts';
import type { WorkState } from '../work.ts';
import { jobKey, noteWhere, putJob, type Job } from './queue.ts';

type Of<K extends QueueCommand['kind']> = Extract<QueueCommand, { kind: K }>;

/** The name under which whoever says none is known. */
const NOBODY = 'api';

/** Decides a command about the queue; undefined for any other. */
export function decideQueue(work: WorkState, command: Command, request: WorkRequest): WorkAnswer | undefined {
  switch (command.kind) {
    case 'next-job':
      return next(work, command, request);
    case 'release-job':
      return release(work, command, request);
    default:
      return undefined;
  }
}

function next(work: WorkState, { kinds, location: said }: Of<'next-job'>, request: WorkRequest): WorkAnswer {
  const { queue } = work;
  const { plan, row, at } = request;
  const person = row.actor;
  if (person === NOBODY)
    return refused('who-asks', 'Say in X-Operator who asks: what is next is theirs, and nobody else’s.');
  if (said !== undefined && !plan.locations.has(said))
    return refused('unknown-location', `location: ${said} is no location of ${plan.site}.`);
  if (said !== undefined) noteWhere(queue, person, said);
  const location = queue.people.get(person);
  const asking = { person, location, at };
  const jobs = [...queue.jobs.values()].filter(({ kind }) => kinds === undefined || kinds.includes(kind));
  const ranked = rankJobs(jobs, plan, asking);
  const waiting = ranked.length;
  const own = ranked.find(({ job }) => hasIt(job, person, at));
  if (own !== undefined)
    return { status: 'done', detail: detailOf(own, own.job.claim!.until, waiting, 'It is theirs already.') };
  const [first] = ranked;
  if (first === undefined)
    return { status: 'done', detail: { job: null, reason: becauseOf([], plan, asking), waiting } };
  const until = at + plan.rules.taskClaimMs;
  claim(work, first.job, { by: person, until });
  return { status: 'done', detail: detailOf(first, until, waiting, becauseOf(ranked, plan, asking)) };
}

const hasIt = ({ claim: held }: Job, person: string, at: number): boolean =>
  held !== undefined && held.until > at && held.by === person;

const isTaskKind = (kind: Job['kind']): boolean => (TASK_KINDS as readonly string[]).includes(kind);

function claim({ tasks, queue }: WorkState, job: Job, held: Job['claim']): void {
  const task = isTaskKind(job.kind) ? tasks.byId.get(job.id) : undefined;
  if (task !== undefined) {
    task.claim = held;
    touchTask(tasks, task);
  }
  putJob(queue, { ...job, claim: held, changedAt: Math.max(job.changedAt, tasks.clock.at) });
}

function detailOf({ job, priority, distanceM }: Ranked<Job>, until: number, waiting: number, reason: string) {
  const { kind, id, part, from, to, what, dueAt, order } = job;
  return {
    job: { kind, id, part, from: from ?? null, to: to ?? null, what, order: order ?? null },
    priority,
    dueAt: dueAt === undefined ? null : formatTime(dueAt),
    distanceM: distanceM === undefined ? null : Math.round(distanceM * 10) / 10,
    until: formatTime(until),
    reason,
    waiting,
  };
}

function release(work: WorkState, { job: kind, id, part = 0 }: Of<'release-job'>, request: WorkRequest): WorkAnswer {
  const { row, at, plan } = request;
  const job = work.queue.jobs.get(jobKey({ kind, id, part }));
  if (job === undefined) return refused('unknown-job', `Nothing of ${kind} ${id} waits at ${plan.site}.`);
  const held = job.claim;
  if (held === undefined || held.until <= at) return refused('not-claimed', `Nobody has ${kind} ${id}.`);
  if (held.by !== row.actor)
    return refused('task-claimed', `${held.by} has ${kind} ${id} until ${formatTime(held.until)}.`);
  claim(work, job, undefined);
  return { status: 'done', detail: { job: { kind, id, part } } };
}

/** The work that a command is done for; undefined when it is none of a list, a bin or an order. */
function keyOf(command: Command): string | undefined {
  switch (command.kind) {
    case 'confirm-pick':
    case 'short-pick':
      return jobKey({ kind: 'pick', id: command.pick, part: 0 });
    case 'sort-pick':
      return jobKey({ kind: 'sort', id: command.pick, part: 0 });
    case 'count-bin':
    case 'sweep-bin':
      return jobKey({ kind: 'count', id: command.count, part: command.task });
    case 'approve-count':
      return jobKey({ kind: 'approve', id: command.count, part: command.task });
    case 'close-load':
      return jobKey({ kind: 'load', id: command.load, part: 0 });
    case 'open-carton':
      return jobKey({ kind: 'pack', id: command.order, part: 0 });
    default:
      return undefined;
  }
}

/** Why the work is somebody else's; undefined when it is not. */
export function refusedByQueue(
  { queue }: WorkState,
  command: Command,
  { row, at }: WorkRequest,
): WorkAnswer | undefined {
  const job = queue.jobs.get(keyOf(command) ?? '');
  if (job?.claim === undefined || job.claim.until <= at || job.claim.by === row.actor) return undefined;
  const { by, until } = job.claim;
  return refused('task-claimed', `${by} has ${job.kind} ${job.id} until ${formatTime(until)}: ask for what is next.`);
}

/** Who did something is where it was done, and has what they are doing for as long again. */
export function noteWork(work: WorkState, command: Command, { plan, row, at }: WorkRequest): void {
  const { queue, outbound, counts } = work;
  if (row.actor === NOBODY) return;
  const where = placeOf();
  if (where !== undefined && plan.locations.has(where)) noteWhere(queue, row.actor, where);
  const job = queue.jobs.get(keyOf(command) ?? '');
  if (job !== undefined && hasIt(job, row.actor, at))
    claim(work, job, { by: row.actor, until: Math.max(job.claim!.until, at + plan.rules.taskClaimMs) });

  function placeOf(): string | undefined {
    switch (command.kind) {
      case 'confirm-pick':
      case 'short-pick':
        return outbound.picks.get(command.pick)?.lines.find(({ line }) => line === command.line)?.location;
      case 'sort-pick':
        return outbound.picks.get(command.pick)?.to;
      case 'confirm-task':
        return command.scan.trim().replace(/^\][A-Za-z]\d/, '');
      case 'count-bin':
      case 'sweep-bin':
        return counts.plans.get(command.count)?.tasks[command.task - 1]?.location;
      case 'pack-item':
      case 'close-carton':
        return outbound.cartons.get(command.carton)?.bench;
      default:
        return undefined;
    }
  }
}

/** What is asked of the queue, or done for work of it, by whoever may. */
export function throughQueue(
  work: WorkState,
  command: Command,
  request: WorkRequest,
  decide: () => WorkAnswer | undefined,
): WorkAnswer | undefined {
  const refusal = refusedByQueue(work, command, request);
  if (refusal !== undefined) return refusal;
  const answer = decide();
  if (answer?.status === 'done') noteWork(work, command, request);
  return answer;
}
