// The ledger as a stream: what the rows of a site's journal led to, in their order, page by page. A page always ends with
// the last effect of a row, so its end is a place from which one can go on.
import type { Pool } from '../store/database.ts';
import { announcedReturnJson, type AnnouncedReturnRow } from './announcedReturnJson.ts';
import { countTaskJson, type CountTaskRow } from './countJson.ts';
import { discrepancyJson, type DiscrepancyRow } from './discrepancies.ts';
import { inboundJson, type InboundRow } from './inboundJson.ts';
import { linesOf } from './inbounds.ts';
import { cartonsWhole, type CartonRow } from './cartonJson.ts';
import type { LoadRow } from './loadJson.ts';
import type { OrderRow, PickRow } from './orderJson.ts';
import { loadsWhole, ordersWhole, picksWhole } from './orderParts.ts';
import { findingJson, type FindingRow } from './installation.ts';
import { hasMoved, MovementColumns, movementJson, type MovementRow } from './movements.ts';
import { defaultRules } from '../config/rules.ts';
import { appointmentJson, type AppointmentRow } from './appointmentJson.ts';
import { partnerJson, supplierReturnJson, type PartnerRow, type SupplierReturnRow } from './partnerJson.ts';
import { productJson, type ProductRow } from './productJson.ts';
import { transferJson, type TransferRow } from './transferJson.ts';
import { PassageColumns, passageJson, type PassageRow } from './passages.ts';
import { phantomJson, type DoubtRow } from './phantomJson.ts';
import { jobJson, type JobRow } from './jobJson.ts';
import { taskJson, type TaskRow } from './taskJson.ts';
import { NO_LOCATION, type BalanceRow } from './balanceRow.ts';
import { balanceJson } from './stock.ts';

export const LIVE_TYPES = [
  'movement',
  'passage',
  'stock',
  'discrepancy',
  'inbound',
  'order',
  'pick',
  'load',
  'task',
  'job',
  'carton',
  'count',
  'transfer',
  'return',
  'announcement',
  'appointment',
  'product',
  'partner',
  'dropped',
  'finding',
  'phantom',
  'alert',
  'reads',
] as const;
export type LiveType = (typeof LIVE_TYPES)[number];

export interface LiveEvent {
  readonly type: LiveType;
  /** Row of the journal that led to it; undefined for what is not in the ledger. */
  readonly offset: number | undefined;
  readonly data: object;
}

/** A product or partner that is known no more. */
interface DroppedRow {
  readonly kind: string;
  readonly id: string;
  readonly journal_offset: number;
}

export interface LivePage {
  readonly site: string;
  /** Everything up to this row of the journal has been told with it; undefined for what is not in the ledger. */
  readonly through: number | undefined;
  readonly events: readonly LiveEvent[];
}

/** Rows of a kind on a page, and as many more as belong to the same row of the journal. */
const PAGE_ROWS = 500;

/** Everything after one offset and up to another; the last page ends at `to`, also when nothing happened. */
export async function* pagesOf(pool: Pool, site: string, after: number, to: number): AsyncGenerator<LivePage> {
  for (let from = after; from < to;) {
    const page = await readPage(pool, site, from, to);
    yield page;
    from = page.through;
  }
}

async function readPage(
  pool: Pool,
  site: string,
  after: number,
  to: number,
): Promise<LivePage & { readonly through: number }> {
  const lists: (readonly { readonly journal_offset: number }[])[] = [];
  const read = async <Row extends { readonly journal_offset: number }>(name: string, columns: string, from: string) => {
    const { rows } = await pool.query<Row>({
      name,
      text: `select ${columns} from ${from} t where t.site = $1 and t.journal_offset > $2 and t.journal_offset <= $3
               order by t.journal_offset fetch first ${PAGE_ROWS} rows with ties`,
      values: [site, after, to],
    });
    lists.push(rows);
    return rows;
  };
  const [
    movements,
    passages,
    discrepancies,
    findings,
    doubts,
    inbounds,
    orders,
    picks,
    loads,
    tasks,
    jobs,
    cartons,
    counts,
    transfers,
    returns,
    announced,
    appointments,
    products,
    partners,
    dropped,
  ] = await Promise.all([
    read<MovementRow & { ordinal: number }>('live-movements', `${MovementColumns}, t.ordinal`, 'transaction'),
    read<PassageRow & { journal_offset: number }>(
      'live-passages',
      `${PassageColumns.replaceAll('p.', 't.')}, t.journal_offset`,
      'passage',
    ),
    read<DiscrepancyRow & { journal_offset: number }>('live-discrepancies', 't.*', 'discrepancy'),
    read<FindingRow & { journal_offset: number }>('live-findings', 't.*', 'finding'),
    read<DoubtRow & { journal_offset: number }>('live-doubts', 't.*', 'doubt'),
    read<InboundRow>('live-inbounds', 't.*', 'inbound'),
    read<OrderRow>('live-orders', 't.*', 'customer_order'),
    read<PickRow>('live-picks', 't.*', 'pick_list'),
    read<LoadRow>('live-loads', 't.*', 'outbound_load'),
    read<TaskRow>('live-tasks', 't.*', 'task'),
    read<JobRow>('live-jobs', 't.*', 'job'),
    read<CartonRow>('live-cartons', 't.*', 'carton'),
    read<CountTaskRow>('live-counts', 't.*', 'count_task'),
    read<TransferRow>('live-transfers', 't.*', 'transfer'),
    read<SupplierReturnRow>('live-returns', 't.*', 'supplier_return'),
    read<AnnouncedReturnRow>('live-announced-returns', 't.*', 'announced_return'),
    read<AppointmentRow>('live-appointments', 't.*', 'appointment'),
    read<ProductRow>('live-products', 't.*', 'product'),
    read<PartnerRow>('live-partners', 't.*', 'partner'),
    read<DroppedRow>('live-dropped', 't.*', 'dropped'),
  ]);
  // A list that was cut ends the page; the others may go on behind it.
  const through = Math.min(
    to,
    ...lists.filter((rows) => rows.length >= PAGE_ROWS).map((rows) => rows.at(-1)!.journal_offset),
  );
  const moved = movements
    .filter((row) => row.journal_offset <= through)
    .sort((a, b) => a.journal_offset - b.journal_offset || a.ordinal - b.ordinal);
  const lines = await linesOf(
    pool,
    site,
    inbounds.map(({ inbound }) => inbound),
  );
  const [orderJsons, pickJsons, loadJsons, cartonJsons] = await Promise.all([
    ordersWhole(pool, site, orders),
    picksWhole(pool, site, picks),
    loadsWhole(pool, loads),
    cartonsWhole(pool, cartons),
  ]);
  const events: LiveEvent[] = [
    ...passages.map((row) => ({ type: 'passage' as const, offset: row.journal_offset, data: passageJson(row) })),
    ...moved
      .filter(hasMoved)
      .map((row) => ({ type: 'movement' as const, offset: row.journal_offset, data: movementJson(row) })),
    ...discrepancies.map((row) => ({
      type: 'discrepancy' as const,
      offset: row.journal_offset,
      data: discrepancyJson(row),
    })),
    ...findings.map((row) => ({ type: 'finding' as const, offset: row.journal_offset, data: findingJson(row) })),
    ...doubts.map((row) => ({ type: 'phantom' as const, offset: row.journal_offset, data: phantomJson(row) })),
    ...inbounds.map((row) => ({
      type: 'inbound' as const,
      offset: row.journal_offset,
      data: inboundJson(row, lines.get(row.inbound) ?? []),
    })),
    ...told('order', orders, orderJsons),
    ...told('pick', picks, pickJsons),
    ...told('load', loads, loadJsons),
    // Who listens looks at the end of a claim itself.
    ...told(
      'task',
      tasks,
      tasks.map((row) => taskJson(row, 0)),
    ),
    ...told(
      'job',
      jobs,
      jobs.map((row) => jobJson(row, 0)),
    ),
    ...told('carton', cartons, cartonJsons),
    ...told(
      'count',
      counts,
      counts.map((row) => countTaskJson(row)),
    ),
    ...told(
      'transfer',
      transfers,
      transfers.map((row) => transferJson(row)),
    ),
    ...told(
      'announcement',
      announced,
      announced.map((row) => announcedReturnJson(row)),
    ),
    ...told(
      'return',
      returns,
      returns.map((row) => supplierReturnJson(row)),
    ),
    // As it was when it changed; who wants to know how late it is now asks.
    ...told(
      'appointment',
      appointments,
      appointments.map((row) => appointmentJson(row, row.changed_at, defaultRules.appointmentGraceMs)),
    ),
    ...told(
      'product',
      products,
      products.map((row) => productJson(row)),
    ),
    ...told(
      'partner',
      partners,
      partners.map((row) => partnerJson(row)),
    ),
    ...told(
      'dropped',
      dropped,
      dropped.map(({ kind, id }) => ({ site, kind, id })),
    ),
  ];
  const balances = await balancesOf(pool, site, moved);
  return {
    site,
    through,
    events: [
      ...events.filter(({ offset }) => offset! <= through).sort((a, b) => a.offset! - b.offset!),
      ...balances.map((row) => ({ type: 'stock' as const, offset: through, data: balanceJson(row) })),
    ],
  };
}

const told = (
  type: LiveType,
  rows: readonly { readonly journal_offset: number }[],
  data: readonly object[],
): LiveEvent[] => rows.map((row, index) => ({ type, offset: row.journal_offset, data: data[index]! }));

/** The balances that these movements changed, as they are now; 0 where nothing is left. */
async function balancesOf(pool: Pool, site: string, movements: readonly MovementRow[]): Promise<readonly BalanceRow[]> {
  if (movements.length === 0) return [];
  const times = movements.map((row) => row.happened_at);
  const { rows } = await pool.query<BalanceRow>({
    name: 'live-stock',
    text: `select distinct b.* from posting p
           cross join lateral (values (p.from_location, p.from_container, p.from_status), (p.to_location, p.to_container, p.to_status))
                as a (location, container, status)
           join balance b using (site, sku, location, container, lot, owner, status)
           where p.site = $1 and p.transaction_id = any ($2) and p.happened_at between to_timestamp($3 / 1000.0) and to_timestamp($4 / 1000.0)
             and b.location !~ $5`,
    values: [site, movements.map(({ id }) => id), Math.min(...times) - 1, Math.max(...times) + 1, NO_LOCATION],
  });
  return rows;
}
