// Where snapshots are kept. Written in one transaction, so one is there as a whole or not at all. Recovery loads the last one
// and reads the journal on; `verify` begins at the base.
import { planSite } from '../config/plan.ts';
import { openMachine, type SiteMachine } from '../derive.ts';
import { DECIDER } from '../infer/infer.ts';
import { conflict, defect } from '../kit/faults.ts';
import { atomically, type Queryable } from '../store/database.ts';
import { endRestoring, restorePart } from './restoreSnapshot.ts';
import { PARTS, SHAPE, type Snapshot } from './snapshot.ts';

/** Writes a snapshot, whole or not at all. Throws a conflict, and writes nothing, when a later one is kept. */
export async function writeSnapshot(client: Queryable, snapshot: Snapshot): Promise<void> {
  const { site, offset, parts } = snapshot;
  await atomically(client, async () => {
    await putHead(client, site, offset);
    for (const some of statementsOf(parts.flatMap(inPieces))) {
      const kept = some.filter(({ content }) => content !== undefined);
      const gone = some.filter(({ content }) => content === undefined);
      await client.query({
        name: 'put-snapshot-parts',
        text: `insert into snapshot_part (site, part, key, content)
               select $1, u.part, u.key, u.content from unnest($2::text[], $3::text[], $4::bytea[]) as u (part, key, content)
               on conflict (site, part, key) do update set content = excluded.content`,
        values: [site, kept.map(({ part }) => part), kept.map(({ key }) => key), kept.map(({ content }) => content)],
      });
      if (gone.length === 0) continue;
      await client.query({
        name: 'drop-snapshot-parts',
        text: 'delete from snapshot_part p using unnest($2::text[], $3::text[]) as u (part, key) where (p.site, p.part, p.key) = ($1, u.part, u.key)',
        values: [site, gone.map(({ part }) => part), gone.map(({ key }) => key)],
      });
    }
    await client.query({
      name: 'drop-core-pieces',
      text: "delete from snapshot_part where site = $1 and part = 'core' and key > $2",
      values: [site, keyOfPiece(piecesOf(parts.find(({ part }) => part === 'core')?.content) - 1)],
    });
    await client.query(
      `insert into decider_since (site, journal_offset, decider)
       select $1, case when exists (select from decider_since where site = $1) then $2::bigint else 0 end, $3::integer
       where $3 is distinct from (select decider from decider_since where site = $1 order by journal_offset desc limit 1)`,
      [site, offset, DECIDER],
    );
  });
}

/**
 * A process may get the lock of its site back after another one derived it meanwhile. What it then holds is older than what is kept,
 * and only what changed of it: put over the other's parts it would be a state that never was.
 */
async function putHead(client: Queryable, site: string, offset: number): Promise<void> {
  const { rowCount } = await client.query(
    `insert into snapshot (site, journal_offset, refill_offset, decider, shape) values ($1, $2, $2, $3, $4)
     on conflict (site) do update set journal_offset = excluded.journal_offset, refill_offset = excluded.refill_offset,
       decider = excluded.decider, shape = excluded.shape, taken_at = now()
     where snapshot.journal_offset <= excluded.journal_offset`,
    [site, offset, DECIDER, SHAPE],
  );
  if (rowCount === 0)
    throw conflict(
      'snapshot-moved',
      `A later snapshot than offset ${offset} is kept of ${site}: another process has derived it meanwhile.`,
    );
}

const PARTS_A_STATEMENT = 1000;
/** Small ones, most of them. */
const PARTS_READ_AT_ONCE = 4000;
/** A text in hexadecimal is twice as long, and no text has more than 512 MiB: of a busy site the core alone has as much. */
export const PIECE_BYTES = 16_777_216;
const PIECES_READ_AT_ONCE = 2;

type Part = Snapshot['parts'][number];

const piecesOf = (content: Buffer | undefined): number => Math.max(1, Math.ceil((content?.length ?? 0) / PIECE_BYTES));
/** The first has the key of the whole, which most are. */
const keyOfPiece = (piece: number): string => (piece === 0 ? '' : String(piece).padStart(6, '0'));

/** The core may be large, and is kept in pieces; all other parts are of one tag, item or document. */
function inPieces(part: Part): readonly Part[] {
  const { content } = part;
  if (part.part !== 'core' || content === undefined) return [part];
  return Array.from({ length: piecesOf(content) }, (_, piece) => ({
    ...part,
    key: keyOfPiece(piece),
    content: content.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES),
  }));
}

/** As many as one statement may have, and bytes. */
function* statementsOf(parts: readonly Part[]): Generator<readonly Part[]> {
  let some: Part[] = [];
  let bytes = 0;
  for (const part of parts) {
    const more = part.content?.length ?? 0;
    if (some.length === PARTS_A_STATEMENT || (some.length > 0 && bytes + more > PIECE_BYTES)) {
      yield some;
      some = [];
      bytes = 0;
    }
    some.push(part);
    bytes += more;
  }
  if (some.length > 0) yield some;
}

/**
 * Keeps the last snapshot, and the present tables as they are at its offset, as the base that `verify` begins at. False when
 * the ledger has gone on since the snapshot was taken, or it is older than `offset`: then it is tried again with the next.
 */
export async function keepBase(client: Queryable, site: string, offset: number): Promise<boolean> {
  return atomically(client, async () => {
    const { rows } = await client.query<{ base: number | null; snapshot: number | null; cursor: number }>(
      `select (select journal_offset from snapshot_base where site = $1) as base,
              (select journal_offset from snapshot where site = $1) as snapshot,
              (select journal_offset from cursor where site = $1) as cursor`,
      [site],
    );
    const { base, snapshot, cursor } = rows[0]!;
    if (base !== null && base >= offset) return true;
    if (snapshot === null || snapshot < offset || snapshot !== cursor) return false;
    await client.query('delete from snapshot_base_part where site = $1', [site]);
    await client.query(
      'insert into snapshot_base_part select site, part, key, content from snapshot_part where site = $1',
      [site],
    );
    for (const table of BASE_TABLES) {
      await client.query(`delete from base_${table} where site = $1`, [site]);
      await client.query(`insert into base_${table} select * from ${table} where site = $1`, [site]);
    }
    await client.query(
      `insert into snapshot_base (site, journal_offset, decider, shape) select site, journal_offset, decider, shape from snapshot where site = $1
       on conflict (site) do update
       set journal_offset = excluded.journal_offset, decider = excluded.decider, shape = excluded.shape, taken_at = now()`,
      [site],
    );
    return true;
  });
}

/** Is there a base of at least this offset? Written by whoever derives the site. */
export async function hasBase(on: Queryable, site: string, offset: number): Promise<boolean> {
  const { rowCount } = await on.query('select 1 from snapshot_base where site = $1 and journal_offset >= $2', [
    site,
    offset,
  ]);
  return rowCount === 1;
}

/** Tables of the present whose rows at the base are kept with it. */
export const BASE_TABLES = [
  'balance',
  'item',
  'passage',
  'discrepancy',
  'inbound',
  'inbound_line',
  'inbound_tag',
  'docked',
  'receipt_line',
  'crossing_list',
  'customer_order',
  'order_line',
  'order_shipment',
  'pick_list',
  'pick_line',
  'outbound_load',
  'carton',
  'pick_error',
  'product',
  'task',
  'job',
  'count_plan',
  'count_task',
  'adjustment',
  'transfer',
  'partner',
  'dropped',
  'supplier_return',
  'announced_return',
  'announced_return_arrival',
  'appointment',
  'feed_snapshot',
  'finding',
  'door_hour',
  'doubt',
] as const;

export interface SnapshotHead {
  readonly offset: number;
  readonly decider: number;
  readonly shape: number;
}

/** What is kept of a site; undefined when nothing is. */
export async function snapshotHead(
  client: Queryable,
  site: string,
  tables: SnapshotTables = LAST_SNAPSHOT,
): Promise<SnapshotHead | undefined> {
  const { rows } = await client.query<{ journal_offset: number; decider: number; shape: number }>(
    `select journal_offset, decider, shape from ${tables.head} where site = $1`,
    [site],
  );
  const [row] = rows;
  return row && { offset: row.journal_offset, decider: row.decider, shape: row.shape };
}

/** The machines as a snapshot left them; new ones when there is none. Whose decider it was is for the caller to ask. */
export async function loadMachine(
  client: Queryable,
  site: string,
  tables: SnapshotTables = LAST_SNAPSHOT,
): Promise<SiteMachine> {
  const head = await snapshotHead(client, site, tables);
  const machine = openMachine(planSite({ file: { site } }));
  if (head === undefined) return machine;
  for (const part of PARTS) {
    if (part === 'core') restorePart(machine, part, '', await coreOf(client, site, tables), head.shape);
    else
      for await (const some of partsOf(client, site, part, tables))
        for (const { key, content } of some) restorePart(machine, part, key, content, head.shape);
  }
  endRestoring(machine, head.offset);
  return machine;
}

/** Where a snapshot is kept: the last one, or the base that `verify` begins at when older journal has been dropped. */
export interface SnapshotTables {
  readonly head: 'snapshot' | 'snapshot_base';
  readonly parts: 'snapshot_part' | 'snapshot_base_part';
}
export const LAST_SNAPSHOT: SnapshotTables = { head: 'snapshot', parts: 'snapshot_part' };
export const BASE_SNAPSHOT: SnapshotTables = { head: 'snapshot_base', parts: 'snapshot_base_part' };

interface KeptPart {
  readonly key: string;
  readonly content: Buffer;
}

/** By their keys, so many at once; while one lot is taken in the next one is read. */
async function* partsOf(
  client: Queryable,
  site: string,
  part: (typeof PARTS)[number],
  tables: SnapshotTables,
  limit = PARTS_READ_AT_ONCE,
): AsyncGenerator<readonly KeptPart[]> {
  const after = (key: string | undefined): Promise<readonly KeptPart[]> => {
    const reading = client
      .query<{ key: string; content: Buffer }>(
        `select key, content from ${tables.parts} where site = $1 and part = $2 and ($3::text is null or key > $3) order by key limit $4`,
        [site, part, key ?? null, limit],
      )
      .then(({ rows }) => rows);
    reading.catch(() => {}); // told to who takes it
    return reading;
  };
  for (let next: Promise<readonly KeptPart[]> | undefined = after(undefined); next !== undefined;) {
    const some: readonly KeptPart[] = await next;
    next = some.length < limit ? undefined : after(some.at(-1)!.key);
    yield some;
  }
}

/** The pieces of the core together. */
async function coreOf(client: Queryable, site: string, tables: SnapshotTables): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const some of partsOf(client, site, 'core', tables, PIECES_READ_AT_ONCE))
    for (const { content } of some) pieces.push(content);
  if (pieces.length === 0) throw defect('snapshot-core', `The snapshot of ${site} in ${tables.parts} has no core.`);
  return Buffer.concat(pieces);
}
