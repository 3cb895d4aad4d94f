// Lists of what is to cross: of inbound documents, inward, and such as are said by themselves, either way. A prior for what
// readers hear, never more (promise P9). By event time, so that reads that come late are judged by what was expected then.
import type { Expectation, WorkAnswer, WorkRequest } from '../infer/planner.ts';
import type { InboundCommand } from '../wire/inbound.ts';
import { identify } from '../wire/epc/decodeEpc.ts';
import { isKnownDoor, refused } from './requests.ts';
import { indexList, unindexList, type CrossingList, type WorkState } from './work.ts';

/** Is the tag expected to cross this portal at this moment? A list that was said by itself goes before a document. */
export function expectationOf(work: WorkState, epc: string, portal: string, at: number): Expectation | undefined {
  const { listsByEpc, byEpc } = work.index;
  for (const list of sorted(listsByEpc.get(epc))) {
    const version = work.lists.get(list)!.find(({ since, until }) => since <= at && at < until);
    if (version?.epcs.has(epc) !== true || !isThrough(version.door, portal)) continue;
    return { direction: version.direction, list };
  }
  for (const id of sorted(byEpc.get(epc))) {
    const { since, until, door } = work.inbounds.get(id)!;
    const from = since.get(epc);
    if (from === undefined || at < from || at >= (until.get(epc) ?? Number.POSITIVE_INFINITY)) continue;
    if (isThrough(door, portal)) return { direction: 'in', list: `inbound:${id}` };
  }
  return undefined;
}

/** Always in the same order, whatever order they were said in. */
const sorted = (ids: ReadonlySet<string> | undefined): readonly string[] =>
  ids === undefined ? NONE : [...ids].sort();
const NONE: readonly string[] = [];

const isThrough = (door: string | undefined, portal: string): boolean => door === undefined || door === portal;

/** Lists that are kept. One more is refused, unless a withdrawn one, kept for reads that come late, can be forgotten for it. */
const LISTS_MAX = 10_000;
/** What was said of a list lately; what was said before is forgotten, also for reads that come late. */
const VERSIONS_MAX = 16;

const isSaid = (versions: readonly CrossingList[]): boolean => versions.at(-1)?.until === Number.POSITIVE_INFINITY;

/** Forgets the list that was said first of those that are withdrawn; false when all are still in force. */
function forgetWithdrawn(work: WorkState): boolean {
  for (const [list, versions] of work.lists) {
    if (isSaid(versions)) continue;
    unindexList(work, list, versions);
    return work.lists.delete(list);
  }
  return false;
}

/** Says a list, or says it anew; without tags it is withdrawn. */
export function decideList(
  work: WorkState,
  command: Extract<InboundCommand, { kind: 'expect' }>,
  { plan, at }: WorkRequest,
): WorkAnswer {
  const { list, direction, door } = command;
  if (!isKnownDoor(plan, door)) return refused('unknown-door', `door: ${door} is no portal of ${plan.site}.`);
  const before = work.lists.get(list) ?? [];
  const isKnown = isSaid(before);
  if (!isKnown && command.epcs.length === 0) return refused('unknown-list', `There is no list ${list} to withdraw.`);
  if (before.length === 0 && work.lists.size >= LISTS_MAX && !forgetWithdrawn(work))
    return refused('too-many-lists', `${LISTS_MAX} lists are kept already: withdraw those that are done with.`);
  const epcs = new Set(command.epcs.map((epc) => identify(epc).epc));
  const until = epcs.size === 0 ? at : Number.POSITIVE_INFINITY;
  const version: CrossingList = { list, direction, door, since: at, epcs, until };
  const closed = before.slice(1 - VERSIONS_MAX).map((one) => ({ ...one, until: Math.min(one.until, at) }));
  unindexList(work, list, before);
  work.lists.set(list, [...closed, version]);
  indexList(work, list, work.lists.get(list)!);
  work.untoldLists.add(list);
  return { status: 'done', detail: { list, expected: epcs.size } };
}
