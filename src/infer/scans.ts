// Scans by people at stations. A code that names one thing puts that thing at the station's location; a location's label
// says where the next scans of that scanner are; a SKU without serial number settles with the tag that is there.
import type { SitePlan } from '../config/plan.ts';
import { contentId } from '../kit/ids.ts';
import { identityOf, printedOf } from '../wire/epc/digitalLink.ts';
import { parseScan } from '../wire/barcode/parseScan.ts';
import type { Scan } from '../wire/entries.ts';
import type { Book } from './book.ts';
import type { EffectsDraft } from './effects.ts';
import { epcCalled, openIdentities, type Identities } from './identities.ts';
import type { Claim } from './item.ts';
import type { Balances } from './balances.ts';
import type { Planner } from './planner.ts';
import { fault, scanId, type Place } from './scan.ts';
import { takeSku } from './skuScans.ts';

export interface Scans {
  /** What everything that was ever read is called in a barcode. */
  readonly identities: Identities;
  /** Scanner → the location whose label it scanned last. */
  readonly places: Map<string, { readonly location: string; readonly at: number }>;
  /** Station → what its antenna found there lately. */
  readonly found: Map<string, readonly Found[]>;
  /** Station → scans of a SKU that wait for the tag of what was scanned. */
  readonly waiting: Map<string, readonly Waiting[]>;
  /** The last scans, by content, oldest first: one that is sent again is the same scan. */
  readonly taken: Set<string>;
}

export interface Found {
  readonly sku: string;
  readonly at: number;
}

interface Waiting extends Found {
  readonly discrepancy: string;
}

export const openScans = (): Scans => ({
  identities: openIdentities(),
  places: new Map(),
  found: new Map(),
  waiting: new Map(),
  taken: new Set(),
});

/** Scans remembered; an older one that is sent again counts again. */
const TAKEN_MAX = 4096;
/** A location's label holds for the scans that follow within this time. */
const PLACE_HOLDS_MS = 300_000;
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
      const epc =
        identity === undefined ? undefined : (epcCalled(scans.identities, identity) ?? planner.epcOf(identity));
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
