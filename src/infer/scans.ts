// Scans by people at stations. A code that names one thing puts that thing at the station's location; a location's label
// says where the next scans of that scanner are; a SKU without serial number settles with the tag that is there.
import type { SitePlan } from '../config/plan.ts';
import { WORLD } from '../config/site.ts';
import { contentId } from '../kit/ids.ts';
import { identityOf, printedOf } from '../wire/epc/digitalLink.ts';
import { decodeEpc } from '../wire/epc/decodeEpc.ts';
import { parseScan } from '../wire/barcode/parseScan.ts';
import type { Scan } from '../wire/entries.ts';
import type { Book } from './book.ts';
import type { Discrepancy, EffectsDraft, Transaction } from './effects.ts';
import { NEVER_SEEN, type Claim } from './item.ts';
import { balancesOf, type Balance, type Balances } from './balances.ts';
import { meaningOf } from './meaning.ts';
import { plainTransaction } from './plainStock.ts';
import type { Planner } from './planner.ts';
import { SUPPLIER } from './transactions.ts';

export interface Scans {
  /** Identity (Digital Link path) → EPC, of everything that was ever read. */
  readonly byIdentity: Map<string, string>;
  /** Scanner → the location whose label it scanned last. */
  readonly places: Map<string, { readonly location: string; readonly at: number }>;
  /** Station → what its antenna found there lately. */
  readonly found: Map<string, readonly Found[]>;
  /** Station → scans of a SKU that wait for the tag of what was scanned. */
  readonly waiting: Map<string, readonly Waiting[]>;
  /** The last scans, by content, oldest first: one that is sent again is the same scan. */
  readonly taken: Set<string>;
}

interface Found {
  readonly sku: string;
  readonly at: number;
}

interface Waiting extends Found {
  readonly discrepancy: string;
}

export const openScans = (): Scans => ({
  byIdentity: new Map(),
  places: new Map(),
  found: new Map(),
  waiting: new Map(),
  taken: new Set(),
});

/** Scans remembered; an older one that is sent again counts again. */
const TAKEN_MAX = 4096;
/** A location's label holds for the scans that follow within this time. */
const PLACE_HOLDS_MS = 300_000;
/** A tag of the SKU seen at the station within this time is the one that was scanned. */
const SEEN_TOGETHER_MS = 300_000;

/** Remembers what a tag is called in a barcode. Of two tags that are called the same the lower EPC stands for both. */
export function learnIdentity(scans: Scans, epc: string): void {
  const decoded = decodeEpc(epc);
  if (decoded.kind !== 'gs1') return;
  const identity = identityOf(decoded);
  if (identity === undefined) return;
  const known = scans.byIdentity.get(identity);
  if (known === undefined || epc < known) scans.byIdentity.set(identity, epc);
}

const isSeenTogether = (a: Found, b: Found): boolean => a.sku === b.sku && Math.abs(a.at - b.at) <= SEEN_TOGETHER_MS;

/** The antenna of a station found something: a scan of the same SKU there is the same thing. One that waited is settled. */
export function noteFound(scans: Scans, readPoint: string, found: Found, draft: EffectsDraft): void {
  const lately = (scans.found.get(readPoint) ?? []).filter((other) => found.at - other.at <= SEEN_TOGETHER_MS);
  scans.found.set(readPoint, [...lately, found]);
  const waiting = scans.waiting.get(readPoint) ?? [];
  const settled = waiting.find((scan) => isSeenTogether(scan, found));
  if (settled === undefined) return;
  const how = 'the tag of what was scanned was found there';
  draft.settled.push({ id: settled.discrepancy, by: 'tallygate', at: Math.max(found.at, settled.at), how });
  scans.waiting.set(
    readPoint,
    waiting.filter((scan) => scan !== settled),
  );
}

/** False for a scan that was taken before. */
function isNew(scans: Scans, id: string): boolean {
  if (scans.taken.has(id)) return false;
  scans.taken.add(id);
  for (const oldest of scans.taken) {
    if (scans.taken.size <= TAKEN_MAX) break;
    scans.taken.delete(oldest);
  }
  return true;
}

/** What a scan may ask of the site. */
export interface ScanContext {
  readonly scans: Scans;
  readonly book: Book;
  readonly balances: Balances;
  readonly plan: SitePlan;
  readonly planner: Planner;
}

/** What one scan means: claims about things with a name of their own, transactions about stock without. */
export function takeScan(around: ScanContext, scan: Scan, draft: EffectsDraft): Claim[] {
  const { scans, plan, planner } = around;
  const station = plan.stationOf(scan.device);
  if (station === undefined || !isNew(scans, scanId(plan, station.id, scan))) return [];
  const label = locationOfLabel(plan, scan.data);
  if (label !== undefined) {
    scans.places.set(scan.device, { location: label, at: scan.at });
    return [];
  }
  const place = scans.places.get(scan.device);
  const location =
    place !== undefined && scan.at - place.at <= PLACE_HOLDS_MS && scan.at >= place.at
      ? place.location
      : station.location;
  const parsed = parseScan(scan.data, scan.at);
  const at = { scan, location, readPoint: station.id };
  switch (parsed.kind) {
    case 'gs1': {
      const identity = identityOf(parsed);
      const epc = identity === undefined ? undefined : (scans.byIdentity.get(identity) ?? planner.epcOf(identity));
      if (epc !== undefined) return [presenceOf(plan, at, epc)];
      if (identity !== undefined)
        draft.discrepancies.push(
          fault(
            plan,
            at,
            'unknown-scan',
            `${printedOf(identity)} was scanned but never read: its tag is missing, or it was never received here.`,
          ),
        );
      else if (parsed.quantity === 0)
        draft.discrepancies.push(fault(plan, at, 'bad-scan', 'The code says a quantity of 0: count what is there.'));
      else if (parsed.gtin14 !== undefined) takeSku(around, at, parsed.gtin14, parsed.quantity ?? 1, parsed, draft);
      return [];
    }
    case 'gtin':
      takeSku(around, at, parsed.gtin14, 1, {}, draft);
      return [];
    case 'text':
      draft.discrepancies.push(
        fault(
          plan,
          at,
          'unknown-scan',
          `${JSON.stringify(parsed.text.slice(0, 80))} is no GS1 code and no location of this site.`,
        ),
      );
      return [];
    case 'bad':
      draft.discrepancies.push(fault(plan, at, 'bad-scan', `The code cannot be used: ${parsed.reason}`));
      return [];
  }
}

const scanId = (plan: SitePlan, readPoint: string, { device, at, data }: Scan): string =>
  contentId('scan', plan.site, readPoint, device, at, data);

interface Place {
  readonly scan: Scan;
  readonly location: string;
  readonly readPoint: string;
}

/** A location's own label, with or without an AIM prefix. */
function locationOfLabel(plan: SitePlan, data: string): string | undefined {
  const bare = /^\][A-Za-z][0-9]/.test(data) ? data.slice(3) : data;
  return plan.locations.has(bare) ? bare : undefined;
}

const presenceOf = (plan: SitePlan, { scan, location, readPoint }: Place, epc: string): Claim => ({
  id: contentId('scan', plan.site, readPoint, epc, scan.at),
  epc,
  at: scan.at,
  what: { kind: 'presence', to: location },
  source: 'scan',
  confidence: 1,
  readPoint,
  decision: undefined,
  actor: scan.operator,
  reason: undefined,
});

/** A SKU without serial number: it claims one of the items that have one; else stock without serial numbers moves. */
function takeSku(
  { scans, book, balances, plan, planner }: ScanContext,
  at: Place,
  gtin14: string,
  quantity: number,
  { lot = '', expiry }: { readonly lot?: string | undefined; readonly expiry?: string | undefined },
  draft: EffectsDraft,
): void {
  const sku = plan.skuByRule(undefined, gtin14) ?? gtin14;
  const { scan, location, readPoint } = at;
  if (isSerialised(book, sku)) {
    claimOne(scans, balances, plan, at, sku, draft);
    return;
  }
  const goods = { epc: undefined, sku, lot, container: '', readPoint, at: scan.at };
  if (isWhereGoodsComeIn(plan, location) && planner.awaits(goods)) {
    draft.transactions.push(receiptOf(plan, at, sku, quantity, lot));
    planner.noteBatch(goods, quantity, expiry);
    return;
  }
  const from = richestPlace(balances, plan, sku, lot, location);
  if (from === undefined) {
    const message = `${sku} was scanned at ${location}, but the books have none of it elsewhere: receive it first, or count.`;
    draft.discrepancies.push(fault(plan, at, 'unmatched-scan', message, sku));
    return;
  }
  const state = { ...NEVER_SEEN, sku, inBooks: true, location: from.account.location, status: from.account.status };
  const meaning = meaningOf({ plan, state, from: from.account.location, to: location, at: scan.at, isCrossing: false });
  const transaction = plainTransaction({
    id: scanId(plan, readPoint, scan),
    type: meaning.type,
    at: scan.at,
    source: 'scan',
    sku,
    lot: from.lot,
    owner: from.owner,
    quantity,
    from: from.account.location,
    to: location,
    accounts: { from: from.account, to: { location, container: '', status: meaning.status ?? from.account.status } },
    readPoint,
    actor: scan.operator,
  });
  draft.transactions.push(transaction);
}

const isWhereGoodsComeIn = (plan: SitePlan, location: string): boolean =>
  ['dock', 'staging-in'].includes(plan.kindOf(location) ?? '');

/** Goods without a tag, scanned where they come in, of a SKU that an inbound document waits for: they have come. */
function receiptOf(plan: SitePlan, place: Place, sku: string, quantity: number, lot: string): Transaction {
  const { scan, location, readPoint } = place;
  return plainTransaction({
    id: scanId(plan, readPoint, scan),
    type: 'receive',
    at: scan.at,
    source: 'scan',
    sku,
    lot,
    owner: '',
    quantity,
    from: WORLD,
    to: location,
    accounts: {
      from: { location: SUPPLIER, container: '', status: '' },
      to: { location, container: '', status: 'receiving' },
    },
    readPoint,
    actor: scan.operator,
  });
}

/** One of the items of the SKU is there: the books say so, its tag was found there, or will be. Nothing is posted for it. */
function claimOne(
  scans: Scans,
  balances: Balances,
  plan: SitePlan,
  place: Place,
  sku: string,
  draft: EffectsDraft,
): void {
  const { scan, location, readPoint } = place;
  const claimed = { sku, at: scan.at };
  const isThere = balancesOf(balances, sku).some(
    ({ account, quantity }) => account.location === location && quantity > 0,
  );
  if (isThere || scans.found.get(readPoint)?.some((found) => isSeenTogether(found, claimed)) === true) return;
  const message = `${sku} was scanned at ${location}, but none of its tags has been read there within five minutes: read or replace the tag.`;
  const discrepancy = fault(plan, place, 'unmatched-scan', message, sku);
  draft.discrepancies.push(discrepancy);
  const lately = (scans.waiting.get(readPoint) ?? []).filter((other) => scan.at - other.at <= SEEN_TOGETHER_MS);
  scans.waiting.set(readPoint, [...lately, { ...claimed, discrepancy: discrepancy.id }]);
}

const isSerialised = (book: Book, sku: string): boolean => (book.serialised.get(sku) ?? 0) > 0;

/** Where the books have most of it, other than here: that is where it was taken from. */
function richestPlace(balances: Balances, plan: SitePlan, sku: string, lot: string, here: string): Balance | undefined {
  return balancesOf(balances, sku)
    .filter(
      (balance) =>
        balance.quantity > 0 &&
        balance.account.location !== here &&
        (lot === '' || balance.lot === lot) &&
        plan.kindOf(balance.account.location) !== undefined,
    )
    .sort((a, b) => b.quantity - a.quantity || (a.account.location < b.account.location ? -1 : 1))[0];
}

function fault(
  plan: SitePlan,
  { scan, location, readPoint }: Place,
  kind: string,
  message: string,
  sku?: string,
): Discrepancy {
  return {
    id: contentId('discrepancy', plan.site, kind, readPoint, scan.at, scan.data),
    kind,
    severity: 'info',
    happenedAt: scan.at,
    location,
    readPoint,
    sku,
    message,
  };
}
