// A plan of counts: which bins, for what reason. A bin that waits to be counted already is left out.
import { isWithin, type SitePlan } from '../../config/plan.ts';
import type { SiteLocation } from '../../config/site.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import { contentId } from '../../kit/ids.ts';
import { TASKS_MAX, type CountCommandOf } from '../../wire/counting.ts';
import { isStorage } from '../outbound/supply.ts';
import { refused } from '../requests.ts';
import { isOpen, type Count, type Task } from './count.ts';
import { indexCount, touchCount, type Counts } from './counts.ts';

type PlanCount = CountCommandOf<'plan-count'>;

/** Plans with bins that wait; one more is refused. */
const OPEN_MAX = 500;
const SAMPLE_DEFAULT = 10;
const DAY_MS = 86_400_000;

export function planCount(
  counts: Counts,
  command: PlanCount,
  shortAt: ReadonlySet<string>,
  request: WorkRequest,
): WorkAnswer {
  const { plan, at, row } = request;
  if (command.count !== undefined && (counts.plans.has(command.count) || counts.ended.has(command.count)))
    return refused('count-exists', `count: ${command.count} was planned before; take another number.`);
  const unknown = command.locations?.find((location) => !plan.locations.has(location));
  if (unknown !== undefined)
    return refused('unknown-location', `locations: ${unknown} is not a location of ${plan.site}.`);
  if (command.by === 'location' && command.locations === undefined)
    return refused('incomplete', 'locations: say which are to be counted.');
  if (command.by === 'sku' && command.skus === undefined)
    return refused('incomplete', 'skus: say which are to be counted.');
  if ([...counts.plans.values()].filter(({ endedAt }) => endedAt === undefined).length >= OPEN_MAX)
    return refused('too-many-counts', `${OPEN_MAX} plans are open: count or cancel those first.`);
  const seed = command.seed ?? Number.parseInt(contentId('seed', row.site, row.key).slice(0, 8), 16);
  const wanted = chosen(counts, command, shortAt, seed, request);
  const free = wanted.filter((location) => !counts.openAt.has(location));
  if (free.length === 0)
    return refused(
      'nothing',
      wanted.length === 0
        ? `by: no bin is to be counted by ${command.by}.`
        : `by: the ${wanted.length} bins of it wait to be counted already.`,
    );
  if (free.length > TASKS_MAX)
    return refused(
      'too-many-bins',
      `locations: ${free.length} bins are more than the ${TASKS_MAX} of a plan; name fewer.`,
    );
  const count: Count = {
    id: command.count ?? ownNumber(counts),
    by: command.by,
    madeBy: row.actor,
    createdAt: at,
    changedAt: at,
    skus: command.by === 'sku' ? command.skus! : [],
    tasks: free.map((location, index) => taskOf(index + 1, location, row.receivedAt)),
    isCancelled: false,
    endedAt: undefined,
  };
  counts.plans.set(count.id, count);
  indexCount(counts, count);
  touchCount(counts, count, count.tasks, at);
  const detail = { count: count.id, tasks: free.length, skipped: wanted.length - free.length };
  return { status: 'done', detail: command.by === 'sample' ? { ...detail, seed } : detail };
}

export function cancelCount(counts: Counts, count: Count, { at }: WorkRequest): WorkAnswer {
  const open = count.tasks.filter((task) => isOpen(task));
  if (open.length === 0) return refused('count-ended', `${count.id} has nothing left to count.`);
  for (const task of open) task.state = 'cancelled';
  count.isCancelled = true;
  touchCount(counts, count, open, at);
  return { status: 'done', detail: { count: count.id, cancelled: open.length } };
}

function ownNumber(counts: Counts): string {
  for (;;) {
    const id = `COUNT-${++counts.numbers.plans}`;
    if (!counts.plans.has(id) && !counts.ended.has(id)) return id;
  }
}

const taskOf = (task: number, location: string, madeAt: number): Task => ({
  task,
  location,
  madeAt,
  state: 'open',
  attempts: [],
  sweeping: undefined,
  moved: [],
  lines: [],
  uncertain: [],
  records: 0,
  accurate: 0,
  closedAt: undefined,
  approvedBy: undefined,
});

/** The bins, in the order of the site file; a sample in the order in which it was drawn. */
function chosen(
  counts: Counts,
  command: PlanCount,
  shortAt: ReadonlySet<string>,
  seed: number,
  request: WorkRequest,
): string[] {
  const { plan } = request;
  const { locations, by } = command;
  const isNamed = (location: string): boolean =>
    locations === undefined || locations.some((outer) => isWithin(plan, location, outer));
  const named = [...plan.locations.values()].filter(({ id }) => isNamed(id));
  const idsOf = (of: readonly SiteLocation[]): string[] => of.map(({ id }) => id);
  const stored = named.filter(({ id }) => isStorage(plan, id));
  const stocked = stockedBins(request, by === 'sku' ? command.skus : undefined);
  switch (by) {
    case 'location':
      return idsOf(named.filter(({ id }) => locations!.includes(id) || stocked.has(id)));
    case 'sku':
      return idsOf(named.filter(({ id }) => stocked.has(id)));
    case 'abc':
      return idsOf(stored.filter((location) => isDue(counts, plan, location, command.class, request.at)));
    case 'sample':
      return drawn(idsOf(stored.filter(({ id }) => stocked.has(id))), command.size ?? SAMPLE_DEFAULT, seed);
    case 'discrepancy': {
      const marked = new Set([...counts.marks.values()].map(({ location }) => location));
      return idsOf(named.filter(({ id }) => marked.has(id) || shortAt.has(id)));
    }
    case 'zero': {
      const outer = new Set([...plan.locations.values()].map((location) => location.in));
      return idsOf(stored.filter(({ id }) => !stocked.has(id) && !outer.has(id)));
    }
  }
}

/** Where the books have anything, of these SKUs or of any. */
function stockedBins({ balances }: WorkRequest, skus: readonly string[] | undefined): Set<string> {
  const found = new Set<string>();
  for (const [sku, accounts] of balances.bySku) {
    if (skus !== undefined && !skus.includes(sku)) continue;
    for (const { account } of accounts.values()) found.add(account.location);
  }
  return found;
}

/** A bin of a class is due when its last count is so many days ago, or there was none. */
function isDue(
  { lastCounted }: Counts,
  { rules }: SitePlan,
  location: SiteLocation,
  only: string | undefined,
  at: number,
): boolean {
  const { everyDaysA, everyDaysB, everyDaysC } = rules.count;
  const days = { A: everyDaysA, B: everyDaysB, C: everyDaysC }[location.class ?? ''];
  if (days === undefined || (only !== undefined && only !== location.class)) return false;
  return at - (lastCounted.get(location.id)?.at ?? Number.NEGATIVE_INFINITY) >= days * DAY_MS;
}

/** So many of them by lot: a Fisher-Yates shuffle by a generator (mulberry32) that begins with the seed. */
function drawn(bins: string[], size: number, seed: number): string[] {
  let state = seed >>> 0;
  const next = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
  for (let left = bins.length - 1; left > 0; left--) {
    const other = next(left + 1);
    [bins[left], bins[other]] = [bins[other]!, bins[left]!];
  }
  return bins.slice(0, size);
}
