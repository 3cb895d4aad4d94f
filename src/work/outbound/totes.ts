// Totes of a cluster: each order has its own on the cart, and what is picked for it goes into no other. A tote says what is on a cart; the
// books have what was picked where the list is brought.
import type { WorkRequest } from '../../infer/planner.ts';
import { identify } from '../../wire/epc/decodeEpc.ts';
import type { OutboundCommand, PickMethod } from '../../wire/outbound.ts';
import { refused } from '../requests.ts';
import { packedOf } from './carton.ts';
import type { Outbound } from './outbound.ts';
import { isDone, type Pick, type Planned } from './pick.ts';

type Knows = { readonly book: WorkRequest['book'] };
type Refusal = ReturnType<typeof refused>;

/** What a tote is called, however it was scanned: its tag, or the text on its label. */
export function toteCode(scan: string, { book }: Knows): string {
  const text = scan.trim();
  const isTag = /^(?:[\dA-Fa-f]{2}){8,}$/.test(text) && (text.length >= 24 || book.items.has(identify(text).epc));
  if (isTag) return identify(text).epc;
  return /^\][A-Za-z]\d/.test(text) ? text.slice(3) : text;
}

/** Is something of an order in it still? The list and the order that it is in use for. */
function useOf(outbound: Outbound, tote: string): { readonly pick: string; readonly order: string } | undefined {
  for (const pick of outbound.picks.values())
    for (const [order, its] of pick.totes ?? [])
      if (its === tote && isInUse(outbound, pick, order)) return { pick: pick.id, order };
  return undefined;
}

/** Until its list is done, and what was picked is in cartons or out. */
function isInUse(outbound: Outbound, pick: Pick, id: string): boolean {
  const order = outbound.orders.get(id);
  if (order === undefined) return false;
  return !isDone(pick) || order.lines.some((line) => line.picked > packedOf(outbound, order, line.line));
}

/** What is wrong with the totes that a release names; undefined when they can be used. */
export function faultOfTotes(
  outbound: Outbound,
  method: PickMethod,
  { orders, totes = [] }: Extract<OutboundCommand, { kind: 'release' }>,
  request: WorkRequest,
): Refusal | undefined {
  if (totes.length === 0) return undefined;
  if (method !== 'cluster')
    return refused('no-totes', `totes: only a cluster has them, and this is picked by the method ${method}.`);
  const [seen, named] = [new Set<string>(), new Set<string>()];
  for (const { order, tote } of totes) {
    if (!orders.includes(order))
      return refused('bad-lines', `totes: ${order} is none of the orders that are released.`);
    const code = toteCode(tote, request);
    if (seen.has(code) || named.has(order))
      return refused(
        'bad-lines',
        `totes: ${seen.has(code) ? tote : order} is there twice; each order has a tote of its own.`,
      );
    seen.add(code);
    named.add(order);
    const use = useOf(outbound, code);
    if (use !== undefined) return inUse(tote, use);
  }
  return undefined;
}

const inUse = (tote: string, { pick, order }: { readonly pick: string; readonly order: string }): Refusal =>
  refused('tote-in-use', `tote: ${tote} has what is picked for ${order} (${pick}) in it: take an empty one.`);

/** The tote that a confirmation names, when it is the one of its order; the first that is scanned for an order is. Undefined: none is needed. */
export function toteFor(
  outbound: Outbound,
  { pick, line }: Planned,
  scan: string | undefined,
  request: WorkRequest,
): { readonly tote: string } | Refusal | undefined {
  const { totes } = pick;
  if (totes === undefined)
    return scan === undefined
      ? undefined
      : refused('no-totes', `tote: ${pick.id} is not picked into totes; leave it out.`);
  const own = totes.get(line.order);
  if (scan === undefined)
    return refused(
      'tote-needed',
      `tote: scan the tote that it goes into${own === undefined ? ` (an empty one: ${line.order} has none yet)` : `, ${own}`}.`,
    );
  const tote = toteCode(scan, request);
  if (own !== undefined)
    return own === tote
      ? { tote }
      : refused('wrong-tote', `tote: ${scan} was scanned; what is picked for ${line.order} goes into ${own}.`);
  const other = [...totes].find(([, its]) => its === tote);
  if (other !== undefined)
    return refused(
      'wrong-tote',
      `tote: ${scan} is that of ${other[0]}; ${line.order} has none yet: take an empty one.`,
    );
  const use = useOf(outbound, tote);
  return use === undefined ? { tote } : inUse(scan, use);
}
