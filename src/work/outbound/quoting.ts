// How much of an order would be promised if it came now. Nothing is kept of the question.
import { inBooks } from '../../infer/balances.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { OrderDocument } from '../../wire/outbound.ts';
import { stockKey } from './order.ts';
import { faultOfOrder } from './orders.ts';
import type { Around, Outbound } from './outbound.ts';
import { freeFor, freeOf, takeFree, type Free } from './supply.ts';

export interface Promisable {
  readonly line: string;
  readonly sku: string;
  readonly asked: number;
  readonly promisable: number;
}

/** What is free for each line, one after the other: as it would be given to an order that comes now. */
export function promisable(
  outbound: Outbound,
  around: Around,
  { owner = '', lines }: Pick<OrderDocument, 'owner' | 'lines'>,
): Promisable[] {
  const frees = new Map<string, Free>();
  return lines.map(({ line, sku, lot = '', quantity: asked }) => {
    const key = stockKey(sku, owner);
    const free = frees.get(key) ?? freeOf(outbound, around, key);
    frees.set(key, free);
    const much = Math.min(asked, freeFor(free, lot));
    takeFree(free, lot, much);
    return { line, sku, asked, promisable: much };
  });
}

export function quote(outbound: Outbound, command: OrderDocument, request: WorkRequest): WorkAnswer {
  const fault = faultOfOrder(outbound, command);
  if (fault !== undefined) return fault;
  const lines = promisable(outbound, request, command);
  const sum = (of: (line: Promisable) => number): number => inBooks(lines.reduce((total, line) => total + of(line), 0));
  return {
    status: 'done',
    detail: {
      order: command.order,
      site: request.plan.site,
      asked: sum(({ asked }) => asked),
      promisable: sum((line) => line.promisable),
      lines: lines.map(({ line, promisable: much }) => ({ line, promisable: much })),
    },
  };
}
