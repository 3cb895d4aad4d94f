// An import is decided row by row, each after those before it. A dry run is the import on a copy, or with nothing posted: its verdicts
// are those that the import has at the same place.
import type { EffectsDraft } from '../../infer/effects.ts';
import type { Claim } from '../../infer/item.ts';
import { assert } from '../../kit/faults.ts';
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { ImportCommand, RowVerdict } from '../../wire/import.ts';
import { enterProduct } from '../productCommands.ts';
import { copyProducts, type Products } from '../products.ts';
import { announce } from '../documents.ts';
import { enter } from '../outbound/orders.ts';
import { learnExpiry } from '../outbound/supply.ts';
import { enterPartner } from '../partners/decide.ts';
import { copyPartners } from '../partners/partners.ts';
import type { WorkState } from '../work.ts';
import { openCells, wrong, type Cells } from './cells.ts';
import { readDocuments } from './documentRows.ts';
import { inboundReading } from './inboundRows.ts';
import { orderReading } from './orderRows.ts';
import { partnerOfRow } from './partnerRow.ts';
import { productOfRow } from './productRow.ts';
import { stockOfRow, type OpeningStock, type StockSaid } from './stockRow.ts';

export function decideImport(
  work: WorkState,
  command: ImportCommand,
  request: WorkRequest,
  draft: EffectsDraft,
): WorkAnswer {
  const { what, dryRun, rows } = command;
  const { verdicts, claims } = takeRows(work, command, request, draft);
  const refused = verdicts.filter(({ verdict }) => verdict === 'refused').length;
  return {
    status: 'done',
    claims,
    detail: { kind: what, dryRun, rows: rows.length, taken: rows.length - refused, refused, verdicts },
  };
}

interface Taken {
  readonly verdicts: readonly RowVerdict[];
  readonly claims: readonly Claim[];
}

function takeRows(work: WorkState, command: ImportCommand, request: WorkRequest, draft: EffectsDraft): Taken {
  const alone = (verdicts: readonly RowVerdict[]): Taken => ({ verdicts, claims: [] });
  switch (command.what) {
    case 'products':
      return alone(takeProducts(work, command, request));
    case 'partners':
      return alone(takePartners(work, command, request));
    case 'stock':
      return takeStock(work, command, request, draft);
    case 'orders': {
      const { documents, verdicts } = readDocuments(command.rows, work, request, orderReading(work, request));
      for (const document of command.dryRun ? [] : documents)
        expectDone(enter(work.outbound, document, request, draft));
      return alone(verdicts);
    }
    case 'inbounds': {
      const { documents, verdicts } = readDocuments(command.rows, work, request, inboundReading(work, request));
      const answers = (command.dryRun ? [] : documents).map((one) => announce(work, one, request, draft));
      return { verdicts, claims: answers.flatMap((answer) => expectDone(answer)) };
    }
  }
}

/** What was found good is taken: it was asked the same. */
function expectDone(answer: WorkAnswer): readonly Claim[] {
  assert(answer.status === 'done', 'A document without faults is taken.', answer);
  return answer.claims ?? [];
}

const refusal = ({ row, faults }: Cells): RowVerdict => ({ line: row.line, verdict: 'refused', faults });

function takeProducts(work: WorkState, { dryRun, rows }: ImportCommand, { plan, at }: WorkRequest): RowVerdict[] {
  const products: Products = dryRun ? copyProducts(work.products) : work.products;
  const lines = new Map<string, number>();
  return rows.map((row): RowVerdict => {
    const cells = openCells(row);
    const sku = row.cells['sku']?.trim() ?? '';
    const before = lines.get(sku);
    if (before !== undefined) wrong(cells, 'sku', 'duplicate', `Line ${before} is about ${sku} already.`);
    const said = productOfRow(cells, products, plan);
    if (said === undefined) return refusal(cells);
    lines.set(sku, row.line);
    return { line: row.line, verdict: enterProduct(products, said, at).what };
  });
}

function takePartners(work: WorkState, { dryRun, rows }: ImportCommand, { at }: WorkRequest): RowVerdict[] {
  const partners = dryRun ? copyPartners(work.partners) : work.partners;
  const lines = new Map<string, number>();
  return rows.map((row): RowVerdict => {
    const cells = openCells(row);
    const key = `${row.cells['kind']?.trim().toLowerCase() ?? ''} ${row.cells['partner']?.trim() ?? ''}`;
    const before = lines.get(key);
    if (before !== undefined) wrong(cells, 'partner', 'duplicate', `Line ${before} is about the ${key} already.`);
    const said = partnerOfRow(cells, partners);
    if (said === undefined) return refusal(cells);
    lines.set(key, row.line);
    return { line: row.line, verdict: enterPartner(partners, said, at).what };
  });
}

function takeStock(work: WorkState, { dryRun, rows }: ImportCommand, request: WorkRequest, draft: EffectsDraft): Taken {
  const said: StockSaid = { lines: new Map(), expiries: new Map() };
  const booked: OpeningStock[] = [];
  const verdicts = rows.map((row): RowVerdict => {
    const cells = openCells(row);
    const stock = stockOfRow(cells, work, request, said);
    if (stock === undefined) return refusal(cells);
    booked.push(stock);
    return { line: row.line, verdict: 'booked' };
  });
  if (dryRun) return { verdicts, claims: [] };
  for (const { transaction, sku, lot, expiry } of booked) {
    if (transaction !== undefined) draft.transactions.push(transaction);
    learnExpiry(work.outbound, sku, lot, expiry);
  }
  return { verdicts, claims: booked.flatMap(({ claims }) => claims) };
}
