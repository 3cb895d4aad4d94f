// A bin counted by reading its tags: by the antennas of its zone, or a handheld. What was not read is not absent: how likely it is missing
// follows from how often that tag is read there otherwise, or how many of its neighbours were read now. Pure.
//
// Bayes: P(missing | unread) = q / (q + (1 - q) m), where q is how often a tag is not where the books have it (`missingBefore`), and m how
// often a sweep does not read one that is. Sweeps multiply.
import type { EffectsDraft } from '../../infer/effects.ts';
import { stateAt } from '../../infer/item.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { CountCommandOf } from '../../wire/counting.ts';
import { identify } from '../../wire/epc/decodeEpc.ts';
import { parseTime } from '../../wire/time.ts';
import { refused } from '../requests.ts';
import { binAsOf } from './bin.ts';
import type { Count, Task } from './count.ts';
import { touchCount } from './counts.ts';
import { takeAttempt, type WithCounts } from './deciding.ts';

const SWEEP_MS = 60_000;
/** Bins of time in which a tag could have been read before: with fewer nothing is known of it. */
const KNOWN_BINS = 6;
/** However often it was read: somebody may stand in front of it. */
const MISS_LEAST = 1e-4;

export function sweepBin(
  work: WithCounts,
  count: Count,
  task: Task,
  command: CountCommandOf<'sweep-bin'>,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { plan, row } = request;
  const at = Math.min(request.at, row.receivedAt);
  const from = command.from === undefined ? at - SWEEP_MS : parseTime(command.from);
  if (Number.isNaN(from)) return refused('bad-time', `from: ${command.from} is no RFC 3339 time with a zone.`);
  if (from >= at) return refused('bad-time', 'from: a sweep begins before it ends.');
  if (from < row.receivedAt - plan.rules.lateMs)
    return refused('too-early', `from: reads are kept for ${plan.rules.lateMs / 1000} s; sweep the bin again.`);
  const expected = [...binAsOf(request, count, task, at).tags.keys()];
  const heard = expected.filter((epc) => request.heardBins(epc, task.location, from, at) > 0);
  const handheld = (command.epcs ?? []).map((epc) => identify(epc).epc);
  const absent = new Set((command.absent ?? []).map((epc) => identify(epc).epc));
  const stranger = [...absent].find((epc) => !expected.includes(epc));
  if (stranger !== undefined)
    return refused('not-expected', `absent: the books do not have ${stranger} at ${task.location}.`);
  if (expected.length > 0 && heard.length + handheld.length + absent.size === 0)
    return refused(
      'nothing-heard',
      `Nothing at ${task.location} was read: look at its antennas, or read its tags with a handheld.`,
    );
  const read = new Map(task.sweeping?.read);
  for (const epc of [...heard, ...handheld]) read.set(epc, at);
  const unread = missesOf(task, { expected, heard, read, from, at }, request);
  task.sweeping = { by: [...new Set([...(task.sweeping?.by ?? []), row.actor])], read, unread };
  const uncertain = [...unread]
    .filter(([epc]) => !absent.has(epc))
    .map(([epc, miss]) => ({ epc, probability: missingOf(miss, plan.rules.count.missingBefore) }))
    .filter(({ probability }) => probability < plan.rules.count.missingAt);
  if (uncertain.length > 0) {
    task.state = 'resweep';
    task.uncertain = uncertain;
    touchCount(work.counts, count, [task], at);
    return {
      status: 'done',
      detail: { count: count.id, task: task.task, state: task.state, read: read.size, uncertain },
    };
  }
  const tags = [...read].filter(([epc, when]) => !hasLeft(request, epc, task.location, when)).map(([epc]) => epc);
  return takeAttempt(work, count, task, { by: row.actor, at, plain: undefined, tags, how: 'sweep' }, request, draft);
}

interface Swept {
  readonly expected: readonly string[];
  readonly heard: readonly string[];
  readonly read: ReadonlyMap<string, number>;
  readonly from: number;
  readonly at: number;
}

/** Of each tag that no sweep has read: how often that happens though it is there. */
function missesOf(
  { location, sweeping }: Task,
  { expected, heard, read, from, at }: Swept,
  { book, plan, heardBins }: WorkRequest,
): Map<string, number> {
  const { binMs } = plan.rules.zone;
  const bins = Math.max(1, Math.round((at - from) / binMs));
  const readNow = expected.filter((epc) => read.has(epc)).length;
  // Laplace's rule of succession over its neighbours.
  const usual = 1 - (readNow + 1) / (expected.length + 2);
  const misses = new Map<string, number>();
  for (const epc of expected) {
    if (read.has(epc)) continue;
    const since = Math.max(at - plan.rules.lateMs, book.items.get(epc)!.state.since);
    const before = Math.floor((from - since) / binMs);
    const heardBefore = heard.length > 0 && before >= KNOWN_BINS ? heardBins(epc, location, since, from) : 0;
    // Half a bin of each kind before any was looked at (Jeffreys): a zone that hears others hears this one as often as it did.
    const own = heardBefore > 0 ? (1 - Math.min(1, (heardBefore + 0.5) / (before + 1))) ** bins : usual;
    misses.set(epc, Math.max(MISS_LEAST, own) * (sweeping?.unread.get(epc) ?? 1));
  }
  return misses;
}

const missingOf = (miss: number, before: number): number =>
  Math.round((before / (before + (1 - before) * miss)) * 10_000) / 10_000;

/** It was there when it was read, and has moved on since for the books. */
function hasLeft({ book, at }: WorkRequest, epc: string, location: string, readAt: number): boolean {
  const item = book.items.get(epc);
  return item !== undefined && stateAt(item, readAt).location === location && stateAt(item, at).location !== location;
}
