// Is the ledger what the journal says (promise P3)? Balances are summed anew from the postings; everything else is derived
// anew from the journal into a scratch schema and compared, row by row. And is it what was posted then? The hash chain says so.
// Nothing of the service is touched.
import { planSite } from '../config/plan.ts';
import { deriveRow, openMachine } from '../derive.ts';
import type { Effects } from '../infer/effects.ts';
import { DECIDER } from '../infer/infer.ts';
import type { Journal } from '../intake/journal.ts';
import { conflict } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { migrate } from '../store/migrate.ts';
import { openClient, DEFAULT_SCHEMA, type Client } from '../store/database.ts';
import type { KeptHead } from './keptHeads.ts';
import { cursorOf, postEffects } from './ledger.ts';
import { BASE_SNAPSHOT, BASE_TABLES, loadMachine, snapshotHead } from './keepSnapshot.ts';
import { compare, verifySums } from './verifySums.ts';
import { verifyChain, verifyFunctions, type LedgerHead } from './verifyChain.ts';

export interface Difference {
  readonly site: string;
  readonly what: string;
  readonly missing: number;
  readonly unexpected: number;
  /** The first few, for a person to begin with. */
  readonly examples: readonly string[];
}

export interface Verification {
  readonly site: string;
  /** Rows after `from` up to `to` were derived anew. */
  readonly from: number;
  readonly to: number;
  readonly transactions: number;
  /** Of the hash chain over everything posted up to `to`, also before `from`; null when nothing was. */
  readonly head: LedgerHead | null;
  readonly differences: readonly Difference[];
}

const SCRATCH = 'tallygate_verify';
const READ_ROWS = 2000;
const POST_ROWS = 2000;
/** Whole tables are compared: with a large ledger that is longer than any statement of the service may take. */
const STATEMENT_MAX_MS = 6 * 3_600_000;

/** Tables that only ever get more: compared up to the cursor. */
const APPENDED: Readonly<Record<string, string>> = {
  transaction: `site, id, happened_at, journal_offset, ordinal, type, source, confidence, epc, sku, lot, owner, quantity, container,
    from_location, to_location, read_point, decision, decision_revision, supersedes, actor, reason`,
  posting: `site, transaction_id, line, happened_at, sku, lot, owner, epc, quantity, from_location, from_container, from_status, to_location,
    to_container, to_status`,
  notice: 'site, key, to_site, journal_offset, command',
  command_outcome: 'site, key, journal_offset, outcome',
};

/** Tables that hold the present: copied at one instant, together with the cursor, and compared with that copy. */
const PRESENT: Readonly<Record<string, string>> = {
  balance: 'site, sku, location, container, lot, owner, status, quantity',
  item: 'site, epc, kind, sku, lot, owner, location, container, status, since, confidence, transaction_id',
  passage: `site, id, revision, read_point, epc, sku, first_at, last_at, crossed_at, outcome, leading_outcome, probability, group_id, group_size,
    decided_by`,
  discrepancy: 'site, id, kind, severity, happened_at, epc, sku, location, read_point, transaction_id, message, state',
  finding: `site, id, kind, severity, read_point, reader, antenna, other, since, opened_at, closed_at, certainty, evidence, seen, advice`,
  door_hour: 'site, read_point, hour, tags, reads, other_tags, other_reads, passages, crossed, stray',
  doubt: `site, id, epc, sku, location, zone, probability, opened_at, closed_at, ended, heard_at, silent_hours, answers, sweeps, short_picks,
    steps, journal_offset`,
  inbound: `site, inbound, document, revision, supplier, state, expected_from, expected_to, door, tolerance, announced_at, changed_at, receipts,
    receipt_opened_at, receipt_door, receipt_by, noted, line_count, quantity, received, journal_offset`,
  inbound_line: `site, inbound, line, ordinal, sku, lot, expiry, quantity, order_inbound, order_line, sscc, listed, received, unlisted, damaged,
    quality, batches`,
  docked: 'site, transaction_id, arrival, sku, epc, quantity, arrived_at, stored_at, inbound, receipt',
  receipt_line:
    'site, inbound, receipt, line, sku, supplier, expected, received, damaged, tolerance, closed_at, corrected_at',
  inbound_tag: 'site, inbound, epc, line, is_listed, status, transaction_id',
  crossing_list: 'site, list, direction, door, since, epcs, journal_offset',
  customer_order: `site, order_id, revision, customer, owner, priority, ship_by, is_partial, state, load_id, entered_at, changed_at, line_count,
    quantity, reserved, planned, picked, shipped, lacked_stock, ship_to, sourcing, journal_offset`,
  order_shipment: 'site, order_id, transaction_id, pick, line, epc, quantity, load_id, happened_at',
  order_line: 'site, order_id, line, ordinal, sku, lot, quantity, reserved, planned, picked, shipped, packed',
  pick_list: `site, pick, to_location, orders, method, wave, zone, totes, state, made_by, distance_m, created_at, changed_at, line_count,
    quantity, picked, short, journal_offset`,
  pick_line:
    'site, pick, line, stop, order_id, order_line, sku, lot, owner, location, container, quantity, picked, short, sorted, was_picked, state',
  carton: `site, sscc, epc, order_id, bench, carton_type, state, packed_by, opened_at, closed_at, changed_at, quantity, weight_g, is_short,
    contents, seen, wrong, parcel, journal_offset`,
  pick_error:
    'site, id, kind, pick, line, order_id, sku, found, quantity, code, message, noted_by, happened_at, journal_offset',
  outbound_load: 'site, load_id, door, carrier, state, opened_at, closed_at, changed_at, orders, seals, journal_offset',
  task: `site, task, kind, sku, lot, owner, from_location, container, status, to_location, rule, reason, quantity, done, gone, state, claimed_by,
    claimed_until, created_at, changed_at, order_id, order_line, journal_offset`,
  job: `site, kind, id, part, from_location, to_location, what, priority, due_at, order_id, not_for, claimed_by, claimed_until, state,
    created_at, changed_at, journal_offset`,
  product: `site, sku, revision, name, base_unit, packs, length_mm, width_mm, height_mm, weight_g, unit_cost, currency, tracking, expires, hazard,
    temperature, velocity, rotation, fixed_bin, pick_minimum, pick_maximum, changed_at, journal_offset`,
  count_plan: 'site, count_id, by_what, state, made_by, created_at, changed_at, skus, task_count, done, journal_offset',
  count_task: `site, count_id, task, location, state, attempts, counted_by, first_counted_at, counted_at, closed_at, approved_by, records,
    accurate, lines, uncertain, journal_offset`,
  transfer:
    'site, direction, other_site, transfer_id, state, created_at, changed_at, closed_at, lines, inbounds, journal_offset',
  partner: 'site, kind, partner_id, revision, name, address, tolerance, changed_at, journal_offset',
  dropped: 'site, kind, id, journal_offset',
  supplier_return: `site, return_id, supplier, inbound, authorisation, owner, state, made_by, created_at, changed_at, closed_at, quantity, sent,
    lines, journal_offset`,
  announced_return: `site, return_id, order_id, customer, owner, state, made_by, expected_by, created_at, changed_at, closed_at, quantity,
    received, lines, journal_offset`,
  announced_return_arrival: 'site, transaction_id, return_id, line, quantity, journal_offset',
  appointment: `site, appointment_id, door, direction, from_at, to_at, inbound, load_id, carrier, note, state, made_by, arrived_at, left_at,
    changed_at, journal_offset`,
  feed_snapshot: 'site, as_of, taken_at, told_by, line_count, arrived, adjusted, journal_offset',
  adjustment: `site, id, kind, epc, sku, lot, owner, location, status, quantity, code, reason, asked_by, happened_at, state, decided_by,
    decided_at, journal_offset`,
};

/**
 * Verifies one site. `url` must be of a role that may create schemas; `kept` are heads of its chain that must be links of it still.
 * Throws a conflict when another release derived the site last: its decisions can only be made again by itself.
 */
export async function verifySite(
  url: string,
  site: string,
  journal: Journal,
  log: Logger,
  kept: readonly KeptHead[] = [],
): Promise<Verification> {
  const scratch = `${SCRATCH}_${process.pid}`;
  const patient = { url, name: 'tallygate verify', role: 'owner', answerWithinMs: STATEMENT_MAX_MS } as const;
  const main = await openClient(patient);
  const owner = await openClient({ ...patient, schema: scratch });
  try {
    await main.query('set statement_timeout = 0');
    await expectOurs(main, site);
    await owner.query(`drop schema if exists ${scratch} cascade`);
    await migrate(owner, log.child({}, { level: 'warn' }), scratch);
    await owner.query('set statement_timeout = 0');
    const to = await copyPresent(main, scratch, site);
    const from = await beginAt(main, owner, scratch, site);
    const writer = await openClient({ url, name: 'tallygate verify', schema: scratch });
    try {
      await deriveAnew(main, writer, journal, site, from, to);
    } finally {
      await writer.end();
    }
    const chain = await verifyChain(main, site, { to, kept });
    const differences = [
      ...(await verifyFunctions(main, site, scratch)),
      ...chain.differences,
      ...(await verifySums(main, site)),
      ...(await compareTables(owner, scratch, site, from, to)),
    ];
    const { rows } = await owner.query<{ count: number }>('select count(*) from transaction where site = $1', [site]);
    return { site, from, to, transactions: rows[0]!.count, head: chain.head, differences };
  } finally {
    await owner.query(`drop schema if exists ${scratch} cascade`).catch(() => {});
    await owner.end();
    await main.end();
  }
}

async function expectOurs(main: Client, site: string): Promise<void> {
  const head = await snapshotHead(main, site);
  if (head === undefined || head.decider === DECIDER) return;
  throw conflict(
    'other-release',
    `Site ${site} was last derived by another release (decider ${head.decider}; this one has ${DECIDER}). ` +
      'Start this release once: it goes on from there, and verify begins there. What was posted before is verified by the release that posted it.',
  );
}

/** One instant: the cursor and the present of everything that changes. */
async function copyPresent(main: Client, scratch: string, site: string): Promise<number> {
  await main.query('begin isolation level repeatable read');
  try {
    const { rows } = await main.query<{ journal_offset: number }>('select journal_offset from cursor where site = $1', [
      site,
    ]);
    for (const table of Object.keys(PRESENT)) {
      await main.query(
        `create table ${scratch}.main_${table} as select * from ${DEFAULT_SCHEMA}.${table} where site = '${site.replaceAll("'", "''")}'`,
      );
    }
    await main.query('commit');
    return rows[0]?.journal_offset ?? 0;
  } catch (error) {
    await main.query('rollback').catch(() => {});
    throw error;
  }
}

/** Where the journal begins: at its first row, or at the base that was kept when older rows were dropped. */
async function beginAt(main: Client, owner: Client, scratch: string, site: string): Promise<number> {
  const { rows } = await main.query<{ journal_offset: number }>(
    'select journal_offset from snapshot_base where site = $1',
    [site],
  );
  const base = rows[0]?.journal_offset;
  if (base === undefined) return 0;
  await owner.query(`insert into cursor (site, journal_offset) values ($1, $2)`, [site, base]);
  for (const table of BASE_TABLES) {
    await owner.query(`insert into ${scratch}.${table} select * from ${DEFAULT_SCHEMA}.base_${table} where site = $1`, [
      site,
    ]);
  }
  return base;
}

async function deriveAnew(
  main: Client,
  writer: Client,
  journal: Journal,
  site: string,
  from: number,
  to: number,
): Promise<void> {
  const machine = from === 0 ? openMachine(planSite({ file: { site } })) : await loadMachine(main, site, BASE_SNAPSHOT);
  let posted = await cursorOf(writer, site);
  const months = new Set<string>();
  let waiting: Effects[] = [];
  const post = async (): Promise<void> => {
    const last = waiting.at(-1)?.offset;
    if (last === undefined) return;
    await postEffects(writer, { site, from: posted, to: last, effects: waiting }, months, false);
    posted = last;
    waiting = [];
  };
  for (let after = machine.offset; after < to;) {
    const rows = await journal.read(site, after, Math.min(READ_ROWS, to - after));
    if (rows.length === 0) break;
    for (const row of rows) waiting.push(deriveRow(machine, row));
    after = rows.at(-1)!.offset;
    if (waiting.length >= POST_ROWS) await post();
  }
  await post();
}

async function compareTables(
  owner: Client,
  scratch: string,
  site: string,
  from: number,
  to: number,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const [table, columns] of Object.entries(APPENDED)) {
    const byOffset =
      table === 'posting'
        ? `and transaction_id in (select id from %.transaction where site = $1 and journal_offset > $2 and journal_offset <= $3)`
        : 'and journal_offset > $2 and journal_offset <= $3';
    const of = (schema: string): string =>
      `select ${columns} from ${schema}.${table} where site = $1 ${byOffset.replace('%', schema)}`;
    found.push(...(await compare(owner, site, table, of(DEFAULT_SCHEMA), of(scratch), [site, from, to])));
  }
  for (const [table, columns] of Object.entries(PRESENT)) {
    const zeroes = table === 'balance' ? 'and quantity <> 0' : '';
    const of = (name: string): string => `select ${columns} from ${scratch}.${name} where site = $1 ${zeroes}`;
    found.push(...(await compare(owner, site, table, of(`main_${table}`), of(table), [site])));
  }
  return found;
}
