// A file of orders of customers: each row a line.
import type { WorkRequest } from '../../infer/planner.ts';
import { PRIORITY_MAX, type OutboundCommand } from '../../wire/outbound.ts';
import { faultOfOrder, ORDERS_MAX } from '../outbound/orders.ts';
import { withPartner } from '../partners/decide.ts';
import { productOf } from '../products.ts';
import { refused } from '../requests.ts';
import type { WorkState } from '../work.ts';
import { neededText, numberIn, quantityIn, textIn, timeIn, wrong, yesIn, type Cells } from './cells.ts';
import { lineNumber, type Reading } from './documentRows.ts';
import { inUnits } from './stockRow.ts';

export type OrderCommand = Extract<OutboundCommand, { kind: 'order' }>;

const LINES_MAX = 500;

export const orderReading = (work: WorkState, request: WorkRequest): Reading<OrderCommand> => ({
  number: 'order',
  head: ['customer', 'ship_to', 'ship_by', 'priority', 'partial', 'owner'],
  linesMax: LINES_MAX,
  documentOf: (id, rows) => orderOf(work, request, id, rows),
  faultOf: (document, before) =>
    work.outbound.orders.size + before >= ORDERS_MAX
      ? refused('too-many-orders', `${ORDERS_MAX} orders are open: cancel those that nobody waits for.`)
      : faultOfOrder(work.outbound, document),
});

function orderOf(
  work: WorkState,
  request: WorkRequest,
  order: string,
  rows: readonly Cells[],
): OrderCommand | undefined {
  const [first] = rows as [Cells];
  const customer = neededText(first, 'customer');
  const [shipTo, shipBy, owner] = [textIn(first, 'ship_to', 300), timeIn(first, 'ship_by'), textIn(first, 'owner')];
  const priority = numberIn(first, 'priority', { isAboveZero: false, max: PRIORITY_MAX });
  if (priority !== undefined && !Number.isInteger(priority))
    wrong(first, 'priority', 'bad-number', `${priority} is no whole number.`);
  const partial = yesIn(first, 'partial');
  const lines = rows.flatMap((cells, index) => {
    const goods = goodsOf(cells, work, request);
    const line = lineNumber(cells, index);
    return goods === undefined || line === undefined ? [] : [{ line, ...goods }];
  });
  if (customer === undefined || rows.some(({ faults }) => faults.length > 0)) return undefined;
  const said: OrderCommand = {
    kind: 'order',
    order,
    customer,
    ...(shipTo === undefined ? {} : { shipTo }),
    ...(shipBy === undefined ? {} : { shipBy }),
    ...(owner === undefined ? {} : { owner }),
    ...(priority === undefined ? {} : { priority }),
    ...(partial === undefined ? {} : { partial }),
    lines,
  };
  return withPartner(work.partners, said) as OrderCommand;
}

/** SKU, quantity in base units and lot of a line. Where products are known, others are told. */
export function goodsOf(
  cells: Cells,
  { products }: WorkState,
  { plan }: WorkRequest,
): { readonly sku: string; readonly quantity: number; readonly lot?: string } | undefined {
  const sku = neededText(cells, 'sku');
  const product = sku === undefined ? undefined : productOf(products, sku);
  if (sku !== undefined && product === undefined && products.bySku.size > 0)
    wrong(cells, 'sku', 'unknown-product', `${sku} is no product of ${plan.site}: import its products first.`);
  const lot = textIn(cells, 'lot');
  if (neededText(cells, 'quantity') === undefined) return undefined;
  const quantity = inUnits(cells, quantityIn(cells, 'quantity'), product);
  if (sku === undefined || quantity === undefined) return undefined;
  return { sku, quantity, ...(lot === undefined ? {} : { lot }) };
}
