// What the machines ask of the warehouse's plans (src/work/), and tell them. Everything is a function of the journal up to the
// row in hand; nothing here reads the ledger or a clock.
import type { SitePlan } from '../config/plan.ts';
import type { Command } from '../wire/command.ts';
import type { CommandRow } from '../wire/row.ts';
import type { Adjustments } from './adjustments.ts';
import type { Balances, Stock } from './balances.ts';
import type { Book } from './book.ts';
import type { EffectsDraft, Transaction, WorkEffects } from './effects.ts';
import type { Claim, ItemState, LeavingWith, PackLookup } from './item.ts';
import type { Direction } from './track.ts';

/** Something that comes in: what is known of it when it does. */
export interface Goods {
  readonly epc: string | undefined;
  readonly sku: string | undefined;
  readonly lot: string;
  /** EPC of the container that it is in, for the books; '' for none. */
  readonly container: string;
  readonly readPoint: string | undefined;
  /** ms, event time. */
  readonly at: number;
}

/** A list says that a tag is to cross a portal. A prior, never evidence. */
export interface Expectation {
  readonly direction: Direction;
  /** Tags of one list are expected together. */
  readonly list: string;
}

/** A command that is decided at its place in the journal. `at` is when it says that it happened. */
export interface WorkRequest {
  readonly plan: SitePlan;
  readonly book: Book;
  readonly balances: Balances;
  readonly row: CommandRow;
  readonly at: number;
  /** The EPC of what a barcode names, when its tag was read once. */
  readonly epcOf: (identity: string) => string | undefined;
  /**
   * In how many bins of `zone.binMs` the read points that cover a location heard a tag, from one event time until before another. Only
   * what has arrived by now, and of the last `lateMs`.
   */
  readonly heardBins: (epc: string, location: string, from: number, to: number) => number;
}

/** Something that is taken from where it lies. */
export interface Lying {
  readonly epc: string | undefined;
  readonly sku: string | undefined;
  readonly lot: string;
  readonly owner: string;
  /** Where it lies, for the books. */
  readonly location: string;
  readonly status?: string;
}

/** Something that goes out. */
export interface Leaving extends Lying {
  readonly quantity: number;
  readonly readPoint: string | undefined;
  /** ms, event time. */
  readonly at: number;
}

/** Something with a tag, found at a station. */
export interface Seen {
  readonly epc: string;
  readonly location: string;
  readonly readPoint: string;
  /** ms, event time. */
  readonly at: number;
}

/** So much of it goes with this load; undefined: with none. */
export interface OnLoad {
  readonly load: LeavingWith | undefined;
  readonly quantity: number;
}

export type WorkAnswer =
  | { readonly status: 'done'; readonly claims?: readonly Claim[]; readonly detail?: Readonly<Record<string, unknown>> }
  | { readonly status: 'refused'; readonly code: string; readonly message: string };

/** The site as the plans see it when something was posted. */
export interface PlannedSite {
  readonly plan: SitePlan;
  readonly book: Book;
  readonly balances: Balances;
}

/** The same, with corrections that wait for somebody else. */
export interface TakingSite extends PlannedSite {
  readonly adjustments: Adjustments;
}

export interface Planner {
  /** What a GTIN-14 stands for by the products of the site: so many base units of a SKU. */
  readonly packOf: PackLookup;
  /** Is it on an inbound document that is open? */
  readonly isExpected: (goods: Goods) => boolean;
  /** Is it, as it is in the books, something that a customer has and announced to come back? `at` is when it comes, ms of event time. */
  readonly isAnnouncedBack: (item: ItemState & { readonly epc: string; readonly at: number }) => boolean;
  /** Is it to be picked, or was it picked, for an order? */
  readonly isPlanned: (lying: Lying) => boolean;
  /** The loads that it goes out with, part by part; at least one part. */
  readonly loadsOf: (leaving: Leaving) => readonly OnLoad[];
  /** How much of some stock without tags is on a load that is open; undefined when no such load is. */
  readonly aboardOf: (load: string, stock: Stock) => number | undefined;
  /** It was picked for a transfer to another site, or goes back to its supplier: where it is for the books once it is out. */
  readonly transitFor: (lying: Lying) => string | undefined;
  /** What comes in without a tag and is under way from another site: where it is for the books; of a SKU that a transfer brings. */
  readonly underWay: (goods: Goods) => string | undefined;
  /** The bin that goods without tags are to be picked from, if they are. '' is any lot. */
  readonly binOf: (sku: string, lot: string) => Omit<Lying, 'epc' | 'sku'> | undefined;
  /** Is the tag on a list that expects it to cross this portal at this moment of event time? */
  readonly expectationOf: (epc: string, portal: string, at: number) => Expectation | undefined;
  /** The EPC on a list of what a barcode names, though its tag was never read. */
  readonly epcOf: (identity: string) => string | undefined;
  /** A scan of a SKU without serial number at a place where goods come in: the document that waits for it, if one does. */
  readonly awaits: (goods: Goods) => boolean;
  /** The same of what a customer announced to come back: of which lot and owner it is. */
  readonly returnOf: (goods: Goods) => Pick<Lying, 'lot' | 'owner'> | undefined;
  /** Lot and expiry of what came without a tag, where a document waits for it. */
  readonly noteBatch: (goods: Goods, quantity: number, expiry: string | undefined) => void;
  /** Undefined for a command that is none of the plans' business. */
  readonly decide: (command: Command, request: WorkRequest, draft: EffectsDraft) => WorkAnswer | undefined;
  /** A person or an antenna of a station found it there. */
  readonly seen: (seen: Seen) => void;
  /** What was posted, in order: receipts, picks and shipments are counted, statuses noted, what was undone taken back. */
  readonly take: (site: TakingSite, transactions: readonly Transaction[], draft: EffectsDraft) => void;
  /** The site file changed with this row: what hangs on it is looked at anew when something is taken next. */
  readonly replanned: () => void;
  /** What has changed since it was last asked. */
  readonly told: () => WorkEffects;
  /** What is over long enough (`now`: our clock, ms) is forgotten; asked after `told`, every so many rows. */
  readonly forget: (now: number) => void;
}

/** A site without plans. */
export const NO_PLANS: Planner = {
  packOf: () => undefined,
  isExpected: () => false,
  isAnnouncedBack: () => false,
  isPlanned: () => false,
  loadsOf: ({ quantity }) => [{ load: undefined, quantity }],
  aboardOf: () => undefined,
  transitFor: () => undefined,
  underWay: () => undefined,
  binOf: () => undefined,
  expectationOf: () => undefined,
  epcOf: () => undefined,
  awaits: () => false,
  returnOf: () => undefined,
  noteBatch: () => {},
  decide: () => undefined,
  seen: () => {},
  take: () => {},
  told: () => ({
    inbounds: [],
    lists: [],
    orders: [],
    picks: [],
    loads: [],
    counts: [],
    transfers: [],
    partners: [],
    supplierReturns: [],
    announcedReturns: [],
    appointments: [],
    snapshots: [],
    notices: [],
    cartons: [],
    pickErrors: [],
    products: [],
    docked: [],
    tasks: [],
    jobs: [],
  }),
  replanned: () => {},
  forget: () => {},
};
