// What the machines of a site know of a ledger as fillLedger.ts makes one, as a snapshot: with it a service can go on from there. Items
// have settled long ago, no tag is in hearing, and one link that is not one covers what no chain does.
import { planSite } from '../../src/config/plan.ts';
import type { SiteFile } from '../../src/config/site.ts';
import { openMachine, type SiteMachine } from '../../src/derive.ts';
import { restoreBalance } from '../../src/infer/balances.ts';
import { NEVER_SEEN, type Item, type ItemState } from '../../src/infer/item.ts';
import { writeSnapshot } from '../../src/post/keepSnapshot.ts';
import { takeSnapshot } from '../../src/post/snapshot.ts';
import type { Client } from '../../src/store/database.ts';
import { locationOf, type Ledger } from './fillLedger.ts';
import { benchSite } from './traffic.ts';

/** The doors and zones of the traffic, and the bins of the ledger. */
export function ledgerSite({ site, bins }: Ledger): SiteFile {
  const { locations = [], ...rest } = benchSite(site);
  return {
    ...rest,
    kind: 'warehouse',
    timeZone: 'Europe/Brussels',
    locations: [
      ...locations,
      { id: 'DOCK', kind: 'dock' },
      { id: 'PACK', kind: 'pack' },
      ...Array.from({ length: bins }, (_, bin) => ({ id: locationOf(bin), kind: 'reserve' as const })),
    ],
  };
}

const ITEMS_AT_ONCE = 20_000;

interface ItemRow {
  readonly epc: string;
  readonly sku: string;
  readonly location: string;
  readonly since: number;
  readonly transaction_id: string;
}

/** Leaves it once; nothing when one is there. */
export async function leaveMachine(owner: Client, ledger: Ledger, say: (text: string) => void): Promise<void> {
  const { site } = ledger;
  const { rowCount } = await owner.query('select from snapshot where site = $1', [site]);
  if (rowCount === 1) return;
  say('what the machines know of it');
  await owner.query('update cursor set summed_offset = journal_offset where site = $1', [site]);
  await owner.query(
    `insert into chain select site, journal_offset, $2, sha256('a ledger of the benchmark'), now() from cursor where site = $1`,
    [site, (await countOf(owner, site)) ?? 0],
  );
  const { rows } = await owner.query<{ journal_offset: number }>(
    `insert into journal_head (site, next_offset, received_at) select site, journal_offset + 1, now() from cursor where site = $1
     on conflict (site) do update set next_offset = excluded.next_offset returning next_offset - 1 as journal_offset`,
    [site],
  );
  const machine = openMachine(planSite({ file: ledgerSite(ledger) }));
  machine.offset = rows[0]!.journal_offset;
  await takeBalances(machine, owner, site);
  for (let after = ''; ;) {
    const found = await owner.query<ItemRow>(
      `select epc, sku, location, extract(epoch from since) * 1000 as since, transaction_id from item where site = $1 and epc > $2 order by epc limit $3`,
      [site, after, ITEMS_AT_ONCE],
    );
    for (const row of found.rows) takeItem(machine, row);
    await writeSnapshot(owner, takeSnapshot(machine));
    if (found.rows.length < ITEMS_AT_ONCE) break;
    after = found.rows.at(-1)!.epc;
  }
  await owner.query('vacuum analyze snapshot_part');
}

const countOf = async (owner: Client, site: string): Promise<number | undefined> =>
  (await owner.query<{ count: number }>('select count(*) from transaction where site = $1', [site])).rows[0]?.count;

async function takeBalances(machine: SiteMachine, owner: Client, site: string): Promise<void> {
  const { balances } = machine.infer;
  const { rows } = await owner.query<{ sku: string; location: string; status: string; quantity: number }>(
    'select sku, location, status, quantity from balance where site = $1 and quantity <> 0',
    [site],
  );
  for (const { sku, location, status, quantity } of rows) {
    if (!machine.infer.plan.locations.has(location)) continue;
    const stock = { sku, lot: '', owner: '' };
    restoreBalance(balances, { ...stock, account: { location, container: '', status }, quantity });
    for (const key of balances.bySku.get(sku)!.keys()) balances.dirty.set(key, stock);
  }
}

function takeItem({ clean: { tags }, infer: { plan, book } }: SiteMachine, row: ItemRow): void {
  const { epc, sku, location, since, transaction_id: transaction } = row;
  const isHere = plan.locations.has(location);
  const state: ItemState = {
    ...NEVER_SEEN,
    location: isHere ? location : 'customer',
    inBooks: isHere,
    sku,
    status: 'available',
    since,
    confidence: 0.99,
    shipped: isHere ? undefined : { at: since, status: 'available' },
    lastMove: { at: since, to: location, readPoint: 'DOOR' },
    transaction,
  };
  const item: Item = {
    epc,
    kind: 'item',
    base: state,
    settledTo: since,
    claims: [],
    results: [],
    state,
    undone: undefined,
    seenAt: since,
    seenBy: 'DOOR',
  };
  tags.byEpc.set(epc, tags.epcs.push(epc) - 1);
  book.items.add(item);
  book.items.rest(item);
  book.dirty.add(epc);
}
