// One item or container: what is claimed of it, in order of time, and what the books make of that. Its life is a fold over
// its claims, so a claim that comes late finds its place and what followed is judged anew.
import type { SitePlan } from '../config/plan.ts';
import { WORLD } from '../config/site.ts';
import { identify, type EpcIdentity } from '../wire/epc/decodeEpc.ts';
import type { DecisionRef, Discrepancy, Source, Transaction } from './effects.ts';

/** What somebody or something says of an item. Locations are ids of the site, or `world`. */
export type What =
  | { readonly kind: 'crossing'; readonly from: string; readonly to: string }
  | { readonly kind: 'presence'; readonly to: string }
  | { readonly kind: 'move'; readonly to: string }
  /** Its container went: through a portal when `from` is said, else it was found at `to`. */
  | { readonly kind: 'carry'; readonly container: string; readonly from: string | undefined; readonly to: string }
  | { readonly kind: 'identify'; readonly sku: string; readonly lot: string; readonly owner: string }
  | { readonly kind: 'status'; readonly status: string }
  | { readonly kind: 'pack'; readonly container: string }
  | { readonly kind: 'unpack' }
  /** The truck that it is on leaves. */
  | { readonly kind: 'depart'; readonly load: string }
  | { readonly kind: 'remove' }
  | { readonly kind: 'scrap'; readonly to: string }
  /** Somebody counted the place and found it there, or did not. */
  | {
      readonly kind: 'counted';
      readonly to: string;
      /** Nobody counted it: it lay there, in such a status, before the books knew. */
      readonly opening?: { readonly status: string };
    }
  | { readonly kind: 'missing'; readonly from: string }
  /** Another site says what a transfer has become: under way to us, come there, or given up. From wherever it is when it does not say. */
  | {
      readonly kind: 'transit';
      readonly from: string | undefined;
      readonly to: string;
      readonly sku: string;
      readonly lot: string;
      readonly owner: string;
    };

export interface Claim {
  /** Of its content: a claim made twice is one. */
  readonly id: string;
  readonly epc: string;
  readonly at: number;
  readonly what: What;
  readonly source: Source;
  readonly confidence: number;
  readonly readPoint: string | undefined;
  readonly decision: DecisionRef | undefined;
  readonly actor: string | undefined;
  readonly reason: string | undefined;
  /** An inbound document expected the item when this was first said: what comes later changes nothing of what it meant. */
  readonly isExpected?: boolean;
  /** The same of what a customer sends back. */
  readonly isAnnounced?: boolean;
  /** The same of a pick list. */
  readonly isPlanned?: boolean;
  /** The load that it goes out with, as was so when this was first said. */
  readonly load?: LeavingWith;
  /** It is of a transfer to another site, or goes back to its supplier: where it is for the books when it goes out. */
  readonly transit?: string;
}

export interface LeavingWith {
  readonly id: string;
  /** It was closed after the goods went out, and before that was decided. */
  readonly hasLeft: boolean;
}

export interface ItemState {
  /** A location of the site, `world`, or one of the ledger's own. */
  readonly location: string;
  /** Its quantity is in the books. */
  readonly inBooks: boolean;
  readonly sku: string | undefined;
  readonly lot: string;
  readonly owner: string;
  /** The container it is in; '' for none. */
  readonly container: string;
  /** The container that we packed it into, though it may have been seen elsewhere since. */
  readonly packedIn: string;
  readonly status: string;
  readonly since: number;
  readonly confidence: number;
  /** When it was last shipped, and what it was then; undefined when it never was, or has come back. */
  readonly shipped: { readonly at: number; readonly status: string; readonly load?: string } | undefined;
  /** It was taken from storage for somebody. */
  readonly isPicked: boolean;
  /** A picker who has scanned it carries it: until then aisles in which it is heard say nothing new. ms */
  readonly carriedUntil?: number;
  readonly lastMove: { readonly at: number; readonly to: string; readonly readPoint: string | undefined } | undefined;
  readonly transaction: string | undefined;
}

export interface Item {
  readonly epc: string;
  kind: 'item' | 'container' | 'unknown';
  /** Before the first of `claims`. */
  base: ItemState;
  /** Nothing from before this time can be put in its place any more. */
  settledTo: number;
  /** Of a container: the same of what it once held, and cannot be shown to have held any more. */
  heldTo?: number;
  /** In order; those of the last `lateMs` of its life. None when the last of them was `settledAfterMs` ago. */
  claims: Claim[];
  /** What each claim led to. */
  results: Result[];
  state: ItemState;
  /** How often a transaction of the same content was undone: the next one like it gets another id. Few ever are. */
  undone: Map<string, number> | undefined;
  /** When and by what it was last heard, for the books: not part of the fold. */
  seenAt: number;
  seenBy: string | undefined;
}

/** An item of which nothing is open: `state` is all that there is of it. */
export const restingItem = (
  epc: string,
  kind: Item['kind'],
  state: ItemState,
  { heldTo, ...times }: Pick<Item, 'settledTo' | 'seenAt' | 'seenBy'> & { readonly heldTo: number | undefined },
): Item => ({
  epc,
  kind,
  base: state,
  ...times,
  ...(heldTo === undefined ? {} : { heldTo }),
  claims: [],
  results: [],
  state,
  undone: undefined,
});

/** What one claim led to. */
export interface Result {
  readonly state: ItemState;
  readonly transaction: Transaction | undefined;
  /** What the transaction's id is made of, but for how often it was undone. */
  readonly key: string | undefined;
  readonly discrepancies: readonly Discrepancy[];
}

/** A result before it is known by its key. */
export type Judged = Omit<Result, 'key'>;

export const NEVER_SEEN: ItemState = {
  location: WORLD,
  inBooks: false,
  sku: undefined,
  lot: '',
  owner: '',
  container: '',
  packedIn: '',
  status: '',
  since: 0,
  confidence: 0,
  shipped: undefined,
  isPicked: false,
  lastMove: undefined,
  transaction: undefined,
};

export function newItem(plan: SitePlan, packOf: PackLookup, identity: EpcIdentity): Item {
  const sku =
    identity.class === 'item' || identity.class === 'other' ? skuOfTag(plan, packOf, identity.epc) : undefined;
  const state: ItemState = { ...NEVER_SEEN, sku };
  const kind = identity.class === 'container' ? 'container' : sku === undefined ? 'unknown' : 'item';
  return {
    epc: identity.epc,
    kind,
    base: state,
    settledTo: Number.NEGATIVE_INFINITY,
    claims: [],
    results: [],
    state,
    undone: undefined,
    seenAt: 0,
    seenBy: undefined,
  };
}

/** What a GTIN-14 stands for: so many base units of a SKU, by what is known of its products. */
export type PackLookup = (gtin14: string) => { readonly sku: string; readonly quantity: number } | undefined;

/**
 * The SKU of a tag: as the products of the site say, then its rules, then the tag itself. A tag is one unit in the books, so the tag of
 * a larger pack is none of the SKU that is in it.
 */
export function skuOfTag(plan: SitePlan, packOf: PackLookup, epc: string): string | undefined {
  const { gtin14 } = identify(epc);
  const pack = gtin14 === undefined ? undefined : packOf(gtin14);
  return (pack?.quantity === 1 ? pack.sku : undefined) ?? plan.skuByRule(epc, gtin14) ?? gtin14;
}

/** What a scanned GTIN-14 counts: so many base units of a product; what is no product's is one of its SKU. */
export const scannedAs = (plan: SitePlan, packOf: PackLookup, gtin14: string): NonNullable<ReturnType<PackLookup>> =>
  packOf(gtin14) ?? { sku: plan.skuByRule(undefined, gtin14) ?? gtin14, quantity: 1 };

/** What is said first at the same moment: who it is, then its own reads, then what others carry. */
export const RANK: Readonly<Record<What['kind'], number>> = {
  identify: 0,
  crossing: 1,
  presence: 2,
  move: 3,
  counted: 3,
  unpack: 4,
  pack: 5,
  status: 6,
  carry: 7,
  remove: 8,
  depart: 9,
  missing: 8,
  scrap: 8,
  transit: 9,
};

export const compareClaims = (a: Claim, b: Claim): number =>
  a.at - b.at || RANK[a.what.kind] - RANK[b.what.kind] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** When the newest thing known of it happened; -Infinity when nothing is. */
export const lastChangeOf = (item: Item | undefined): number =>
  item?.claims.at(-1)?.at ?? item?.settledTo ?? Number.NEGATIVE_INFINITY;

/** The state just before a claim of the given time and kind would be judged. */
export function stateBefore(item: Item, at: number): ItemState {
  let state = item.base;
  for (const [index, claim] of item.claims.entries()) {
    if (claim.at >= at) break;
    state = item.results[index]!.state;
  }
  return state;
}

/** The state when everything up to `at` is in. */
export function stateAt(item: Item, at: number): ItemState {
  let state = item.base;
  for (const [index, claim] of item.claims.entries()) {
    if (claim.at > at) break;
    state = item.results[index]!.state;
  }
  return state;
}
