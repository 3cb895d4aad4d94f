// A file of purchase orders, or of ship notices: each row a line.
import type { WorkRequest } from '../../infer/planner.ts';
import { DOCUMENTS, type InboundCommand } from '../../wire/inbound.ts';
import { faultOfInbound } from '../documents.ts';
import { withPartner } from '../partners/decide.ts';
import type { WorkState } from '../work.ts';
import { dayIn, neededText, numberIn, textIn, timeIn, wordIn, type Cells } from './cells.ts';
import { lineNumber, type Reading } from './documentRows.ts';
import { goodsOf } from './orderRows.ts';

export type Announcement = Extract<InboundCommand, { kind: 'announce' }>;

const LINES_MAX = 1000;

export const inboundReading = (work: WorkState, request: WorkRequest): Reading<Announcement> => ({
  number: 'inbound',
  head: ['supplier', 'document', 'expected_from', 'expected_to', 'door', 'tolerance'],
  linesMax: LINES_MAX,
  documentOf: (id, rows) => inboundOf(work, request, id, rows),
  faultOf: (document, before) => faultOfInbound(work, document, request, before),
});

function inboundOf(
  work: WorkState,
  request: WorkRequest,
  inbound: string,
  rows: readonly Cells[],
): Announcement | undefined {
  const [first] = rows as [Cells];
  const supplier = neededText(first, 'supplier');
  const document = wordIn(first, 'document', DOCUMENTS) ?? 'order';
  const [expectedFrom, expectedTo] = [timeIn(first, 'expected_from'), timeIn(first, 'expected_to')];
  const door = textIn(first, 'door');
  const tolerance = numberIn(first, 'tolerance', { isAboveZero: false, max: 1 });
  const lines = rows.flatMap((cells, index) => {
    const goods = goodsOf(cells, work, request);
    const line = lineNumber(cells, index);
    const expiry = dayIn(cells, 'expiry');
    if (goods === undefined || line === undefined) return [];
    return [{ line, ...goods, ...(expiry === undefined ? {} : { expiry }) }];
  });
  if (supplier === undefined || rows.some(({ faults }) => faults.length > 0)) return undefined;
  const said: Announcement = {
    kind: 'announce',
    inbound,
    document,
    supplier,
    ...(expectedFrom === undefined ? {} : { expectedFrom }),
    ...(expectedTo === undefined ? {} : { expectedTo }),
    ...(door === undefined ? {} : { door }),
    ...(tolerance === undefined ? {} : { tolerance }),
    lines,
  };
  return withPartner(work.partners, said) as Announcement;
}
