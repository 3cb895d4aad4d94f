// Lines of an inbound document as they are said, and as the machine keeps them.
import { inBooks } from '../infer/balances.ts';
import { skuOfTag } from '../infer/item.ts';
import type { WorkAnswer, WorkRequest } from '../infer/planner.ts';
import { identify } from '../wire/epc/decodeEpc.ts';
import { EPCS_MAX, type DocumentKind, type InboundDocument, type InboundLine } from '../wire/inbound.ts';
import { lineOf, type Inbound, type Line } from './inbound.ts';
import { isKnownDoor, refused, refusedDay, timeOf } from './requests.ts';

/** Lines as the machine keeps them, or why they make no sense. `before` is what they are amended from. */
export function linesOf(command: InboundDocument, { plan, book }: WorkRequest, before?: Inbound): Line[] | WorkAnswer {
  for (const field of ['expectedFrom', 'expectedTo'] as const) {
    if (Number.isNaN(timeOf(command[field])))
      return refused('bad-time', `${field}: ${command[field]} is no RFC 3339 time with a zone.`);
  }
  const [from, to] = [timeOf(command.expectedFrom), timeOf(command.expectedTo)];
  if (from !== undefined && to !== undefined && to < from)
    return refused('bad-time', 'expectedTo: it must not be before expectedFrom.');
  if (!isKnownDoor(plan, command.door))
    return refused('unknown-door', `door: ${command.door} is no portal of ${plan.site}.`);
  const lines: Line[] = [];
  const listed = new Set<string>();
  for (const [ordinal, said] of command.lines.entries()) {
    const line = lineOfSaid(said, ordinal, { plan, book }, command.document, before && lineOf(before, said.line));
    if ('status' in line) return line;
    if (lines.some((other) => other.line === line.line))
      return refused('bad-lines', `lines: ${line.line} is there twice.`);
    for (const epc of line.epcs) {
      if (listed.has(epc)) return refused('bad-lines', `lines: ${epc} is listed twice; an item is of one line.`);
      listed.add(epc);
    }
    lines.push(line);
  }
  if (listed.size > EPCS_MAX)
    return refused('bad-lines', `lines: more than ${EPCS_MAX} EPCs; announce them in several documents.`);
  return lines;
}

function lineOfSaid(
  { line, quantity, lot = '', expiry, epcs: said = [], sscc = [], order, ...more }: InboundLine,
  ordinal: number,
  { plan, book }: Pick<WorkRequest, 'plan' | 'book'>,
  document: DocumentKind,
  before: Line | undefined,
): Line | Extract<WorkAnswer, { status: 'refused' }> {
  const badDay = refusedDay(`lines: the expiry of ${line}`, expiry);
  if (badDay !== undefined) return badDay;
  const epcs = new Set(said.map((epc) => identify(epc).epc));
  const first = epcs.values().next().value;
  const sku = more.sku ?? (first === undefined ? undefined : skuOfTag(plan, book.packOf, first));
  if (order !== undefined && document === 'order')
    return refused('bad-lines', `lines: ${line} serves ${order.inbound}, as only lines of a ship notice can.`);
  const counts = sku === undefined && epcs.size === 0 ? 'units' : 'items';
  if (counts === 'units' && sscc.length === 0)
    return refused('bad-lines', `lines: ${line} names neither a SKU nor EPCs nor SSCCs.`);
  const many = quantity ?? (epcs.size > 0 ? epcs.size : sscc.length);
  if (many === 0) return refused('bad-lines', `lines: say the quantity of ${line}, or the EPCs.`);
  if (inBooks(many) !== many)
    return refused(
      'bad-quantity',
      `lines: the quantity of ${line} is finer than 0.0001, which the books do not tell apart.`,
    );
  const fixed = { line, ordinal, sku, lot, expiry, quantity: many, counts, epcs, sscc: new Set(sscc), order } as const;
  const { received = 0, damaged = 0, quality = 0, short, over } = before ?? {};
  const kept = { through: before?.through ?? new Map(), batches: before?.batches ?? new Map() };
  return { ...fixed, received, unlisted: 0, damaged, quality, short, over, ...kept };
}
