// Pick lists are made of what orders are promised: one for all orders of a release, or several, as its method says.
import { inBooks } from '../../infer/balances.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { OutboundCommand, PickMethod } from '../../wire/outbound.ts';
import { refused } from '../requests.ts';
import { compareRank, stockKey, waitingOf, type Order } from './order.ts';
import { unknownOrder } from './orders.ts';
import { endIfDone, touchPick, type Outbound } from './outbound.ts';
import { newList, type Pick } from './pick.ts';
import { planLines, route, type ToPlan } from './planning.ts';
import { faultOfTotes, toteCode } from './totes.ts';

type Release = Extract<OutboundCommand, { kind: 'release' }>;
type Refusal = ReturnType<typeof refused>;

/** Lines of one list; what is more is for another one. */
const LINES_MAX = 2000;
/** Of a release that makes several lists: room is left for what is put behind it. */
const WAVE_CHARACTERS_MAX = 58;

/** Where picked goods may be brought, the first kind first. */
const TO_KINDS = ['pack', 'staging-out', 'dock'] as const;

export function release(outbound: Outbound, command: Release, request: WorkRequest): WorkAnswer {
  const { plan, row, at } = request;
  const to = command.to ?? TO_KINDS.map((kind) => firstOfKind(request, kind)).find((id) => id !== undefined);
  if (to === undefined || !TO_KINDS.some((kind) => kind === plan.kindOf(to)))
    return refused(
      'unknown-location',
      `to: ${to ?? 'left out, and'} ${to === undefined ? `${plan.site} has no` : 'is no'} pack bench, staging-out or dock of ${plan.site}.`,
    );
  const orders: Order[] = [];
  for (const id of new Set(command.orders)) {
    const order = outbound.orders.get(id);
    if (order === undefined) return unknownOrder(outbound, id, request);
    const fault = faultOf(order);
    if (fault !== undefined) return fault;
    orders.push(order);
  }
  const method = command.method ?? plan.rules.pickMethod;
  const fault = faultOfTotes(outbound, method, command, request);
  if (fault !== undefined) return fault;
  const groups = grouped(orders, method, plan.rules.cartTotes);
  const isWave = method === 'zone' || groups.length > 1;
  const id = command.pick ?? nextNumber(outbound);
  if (isTaken(outbound, id))
    return refused('pick-exists', `pick: ${id} is the number of another list; take another one.`);
  if (isWave && id.length > WAVE_CHARACTERS_MAX)
    return refused(
      'pick-exists',
      `pick: ${WAVE_CHARACTERS_MAX} characters at most, where several lists are made of it.`,
    );
  if (groups.some((group) => group.reduce((sum, { lines }) => sum + lines.length, 0) > LINES_MAX))
    return refused(
      'bad-lines',
      `orders: they have more than ${LINES_MAX} lines together; release them on several lists.`,
    );
  const wave = isWave ? id : undefined;
  const lists = groups.map((group, index): Pick => {
    const pick: Pick = {
      ...newList({ id: isWave ? `${id}-${index + 1}` : id, to, by: row.actor, at, method }),
      wave,
      orders: group.map((order) => order.id),
      ...(method === 'cluster' ? { totes: totesOf(group, command, request) } : {}),
      ...(method === 'batch' ? { sortedTags: new Set<string>() } : {}),
    };
    // Of a wave by zones it only says what the lists have in common: each begins with its first line.
    if (method !== 'zone') outbound.picks.set(pick.id, pick);
    return pick;
  });
  const made = new Set(method === 'zone' ? [] : lists);
  for (const [key, all] of toPlanByStock(groups, lists))
    for (const pick of planLines(outbound, request, key, all)) made.add(pick);
  for (const pick of made) {
    route(outbound, plan, pick);
    endIfDone(pick, at);
    touchPick(outbound, pick);
  }
  for (const order of orders) order.changedAt = Math.max(order.changedAt, at);
  return { status: 'done', detail: detailOf([...made], orders, { id, to, method, wave }) };
}

const firstOfKind = ({ plan }: WorkRequest, kind: string): string | undefined =>
  [...plan.locations.values()].find((location) => location.kind === kind)?.id;

function faultOf(order: Order): Refusal | undefined {
  const { id, lines, isPartial } = order;
  if (order.endedAt !== undefined) return refused('order-ended', `${id} is over: nothing of it is to be picked.`);
  if (lines.every(({ reserved }) => reserved === 0))
    return refused('nothing-reserved', `${id} is promised nothing that is on no pick list yet: it waits for stock.`);
  const missing = inBooks(lines.reduce((sum, line) => sum + waitingOf(line), 0));
  if (isPartial || missing === 0) return undefined;
  return refused('not-whole', `${id} must go whole, and ${missing} of it still wait for stock.`);
}

/** Orders that are on one list; of a cluster so many as fit on a cart, those that go first on the first. */
function grouped(orders: readonly Order[], method: PickMethod, cartTotes: number): Order[][] {
  if (method === 'single') return orders.map((order) => [order]);
  if (method !== 'cluster') return [[...orders]];
  const ranked = [...orders].sort(compareRank);
  return Array.from({ length: Math.ceil(ranked.length / cartTotes) }, (_, cart) =>
    ranked.slice(cart * cartTotes, (cart + 1) * cartTotes),
  );
}

const isTaken = ({ picks, ended }: Outbound, id: string): boolean =>
  picks.has(id) ||
  ended.pick.has(id) ||
  ended.pick.has(`${id}-1`) ||
  [...picks.values()].some(({ wave }) => wave === id);

function nextNumber(outbound: Outbound): string {
  let id: string;
  do id = `PICK-${++outbound.numbers.picks}`;
  while (isTaken(outbound, id));
  return id;
}

function totesOf(group: readonly Order[], { totes = [] }: Release, request: WorkRequest): Map<string, string> {
  const said = totes.filter(({ order }) => group.some(({ id }) => id === order));
  return new Map(said.map(({ order, tote }) => [order, toteCode(tote, request)]));
}

function toPlanByStock(groups: readonly (readonly Order[])[], lists: readonly Pick[]): Map<string, ToPlan[]> {
  const byStock = new Map<string, ToPlan[]>();
  for (const [index, group] of groups.entries()) {
    const pick = lists[index]!;
    for (const order of group) {
      for (const line of order.lines) {
        if (line.reserved === 0) continue;
        const key = stockKey(line.sku, order.owner);
        byStock.set(key, [...(byStock.get(key) ?? []), { order, line, pick, quantity: line.reserved }]);
      }
    }
  }
  return byStock;
}

interface Made {
  readonly id: string;
  readonly to: string;
  readonly method: PickMethod;
  readonly wave: string | undefined;
}

function detailOf(made: readonly Pick[], orders: readonly Order[], { id, to, method, wave }: Made) {
  const sum = (of: (pick: Pick) => number): number => made.reduce((total, pick) => total + of(pick), 0);
  return {
    pick: made[0]?.id ?? id,
    to,
    lines: sum(({ lines }) => lines.length),
    distanceM: Math.round(sum(({ distanceM }) => distanceM) * 10) / 10,
    orders: orders.map((order) => order.id),
    ...(method === 'line' ? {} : { method }),
    ...(wave === undefined
      ? {}
      : {
          wave,
          picks: made.map((pick) => ({
            pick: pick.id,
            ...(pick.zone === undefined ? {} : { zone: pick.zone }),
            orders: pick.orders,
            lines: pick.lines.length,
          })),
        }),
  };
}
