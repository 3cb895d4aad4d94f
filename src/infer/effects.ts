// What the machines make of a row: everything that the ledger will hold of it. Content only, no clock of the database;
// ids are made of the content, so a second derivation says the same.
import type { CommandOutcome } from '../wire/command.ts';
import type { SiteSource } from '../config/plan.ts';
import type { Entries } from '../wire/entries.ts';
import type { Doubt } from './doubt/doubt.ts';
import type { DoorHour } from './installation/doors.ts';
import type { Finding } from './installation/finding.ts';
import type { CartonEffect, LoadEffect, OrderEffect, PickEffect, PickErrorEffect } from './outboundEffects.ts';
import type { ProductEffect } from './productEffects.ts';
import type { JobEffect } from './jobEffects.ts';
import type { TaskEffect } from './taskEffects.ts';
import type { AdjustmentEffect } from './adjustmentEffects.ts';
import type { CountEffect } from './countEffects.ts';
import type { SnapshotEffect } from './feedEffects.ts';
import type { AppointmentEffect } from './appointmentEffects.ts';
import type { PartnerEffect, SupplierReturnEffect } from './partnerEffects.ts';
import type { AnnouncedReturnEffect } from './returnEffects.ts';
import type { NoticeEffect, TransferEffect } from './transferEffects.ts';
import type { DocumentKind, InboundState } from '../wire/inbound.ts';
import type { Leading, Outcome, Scores } from './passage.ts';

export const TRANSACTION_TYPES = [
  'receive',
  'putaway',
  'move',
  'pick',
  'pack',
  'ship',
  'transfer',
  'return',
  'count',
  'adjust',
] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];
export const SOURCES = ['read', 'scan', 'inferred', 'person', 'import'] as const;
export type Source = (typeof SOURCES)[number];

/** Where stock can be for the books: a location (also the ledger's own), a container in it, a status. '' is none. */
export interface Account {
  readonly location: string;
  readonly container: string;
  readonly status: string;
}

/** One ledger line. Quantity is positive, the accounts differ. */
export interface Posting {
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly epc: string | undefined;
  readonly quantity: number;
  readonly from: Account;
  readonly to: Account;
}

/** A decision that a transaction rests on: a passage, a presence. */
export interface DecisionRef {
  readonly id: string;
  readonly revision: number;
}

/** A movement and what it means for stock. `from` and `to` are locations of the site, or `world`. */
export interface Transaction {
  readonly id: string;
  readonly type: TransactionType;
  readonly happenedAt: number;
  readonly source: Source;
  readonly confidence: number;
  readonly epc: string | undefined;
  readonly sku: string | undefined;
  readonly lot: string;
  readonly owner: string;
  readonly quantity: number | undefined;
  readonly container: string;
  readonly from: string;
  readonly to: string;
  readonly readPoint: string | undefined;
  readonly decision: DecisionRef | undefined;
  readonly supersedes: string | undefined;
  readonly actor: string | undefined;
  readonly reason: string | undefined;
  readonly postings: readonly Posting[];
}

export type Severity = 'info' | 'warning' | 'critical';

/** The books and the physical world differ. */
export interface Discrepancy {
  readonly id: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly happenedAt: number;
  readonly epc?: string | undefined;
  readonly sku?: string | undefined;
  readonly location?: string | undefined;
  readonly readPoint?: string | undefined;
  readonly transaction?: string | undefined;
  readonly decision?: string | undefined;
  /** For a person: what differs and what to do. */
  readonly message: string;
}

export interface PassageEffect {
  readonly id: string;
  readonly revision: number;
  readonly readPoint: string;
  readonly epc: string;
  readonly sku: string | undefined;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly crossedAt: number | undefined;
  readonly outcome: Outcome;
  readonly leading: Leading;
  readonly probability: number;
  readonly group: { readonly id: string; readonly size: number } | undefined;
  readonly inferred: boolean;
  readonly decidedBy: string | undefined;
}

/** What a person said of a passage, and what the reads had said of it: the truth that calibration learns from. */
export interface Label {
  readonly outcome: Leading;
  readonly by: string;
  /** When, RFC 3339. */
  readonly at: string;
  readonly reason: string | null;
  readonly said: { readonly outcome: Outcome; readonly leading: Leading; readonly probability: number };
}

/** Why: what was weighed. */
export interface EvidenceEffect {
  readonly id: string;
  readonly revision: number;
  readonly kind: 'passage' | 'presence' | 'scan';
  readonly scores: (Scores & { readonly label?: Label }) | Readonly<Record<string, number | string>>;
  readonly reads: Entries | undefined;
}

export interface ItemEffect {
  readonly epc: string;
  readonly kind: 'item' | 'container' | 'unknown';
  readonly sku: string | undefined;
  readonly lot: string;
  readonly owner: string;
  readonly location: string;
  readonly container: string;
  readonly status: string;
  readonly since: number;
  readonly confidence: number;
  readonly seenAt: number;
  readonly seenBy: string | undefined;
  readonly transaction: string | undefined;
}

/** What an inbound document has become: its head, and the lines and tags that changed. Times in ms. */
export interface InboundEffect {
  readonly id: string;
  readonly document: DocumentKind;
  readonly revision: number;
  readonly supplier: string;
  readonly state: InboundState;
  readonly expectedFrom: number | undefined;
  readonly expectedTo: number | undefined;
  readonly door: string | undefined;
  readonly tolerance: number;
  readonly announcedAt: number;
  readonly changedAt: number;
  /** How many receipts there were, with the one that is open. */
  readonly receipts: number;
  readonly receipt:
    | { readonly openedAt: number; readonly door: string | undefined; readonly by: string | undefined }
    | undefined;
  /** What came with the receipt and is on no document, or on one of another supplier. */
  readonly noted: readonly Noted[];
  readonly lineCount: number;
  readonly quantity: number;
  readonly received: number;
  readonly lines: readonly InboundLineEffect[];
  readonly tags: readonly InboundTagEffect[];
  /** Lines and tags that it does not have any more. */
  readonly goneLines: readonly string[];
  readonly goneTags: readonly string[];
  /** Lines of receipts that were closed, or corrected since. */
  readonly closedLines: readonly ClosedLine[];
}

/** What a line came to with a receipt, when that was closed. */
export interface ClosedLine {
  readonly receipt: number;
  readonly line: string;
  readonly sku: string | undefined;
  /** What it waited for when the receipt began, and what came with it. */
  readonly expected: number;
  readonly received: number;
  readonly damaged: number;
  readonly closedAt: number;
  /** What came with it was counted otherwise since. ms */
  readonly correctedAt: number | undefined;
}

/** Something that came with a truck and was not on its documents. */
export interface Noted {
  readonly why: 'unexpected' | 'wrong-supplier';
  readonly transaction: string;
  readonly epc: string | null;
  readonly sku: string | null;
  readonly quantity: number;
  /** The document of another supplier that it is on. */
  readonly inbound: string | null;
}

/** Goods without a tag that came for a line: so much of a lot. */
export interface Batch {
  readonly lot: string;
  readonly expiry: string | null;
  readonly quantity: number;
}

export interface InboundLineEffect {
  readonly line: string;
  readonly ordinal: number;
  readonly sku: string | undefined;
  readonly lot: string;
  readonly expiry: string | undefined;
  readonly quantity: number;
  readonly order: { readonly inbound: string; readonly line?: string } | undefined;
  readonly sscc: readonly string[];
  readonly listed: number;
  readonly received: number;
  readonly unlisted: number;
  readonly damaged: number;
  readonly quality: number;
  readonly batches: readonly Batch[];
}

export interface InboundTagEffect {
  readonly epc: string;
  readonly line: string;
  readonly isListed: boolean;
  readonly status: string;
  readonly transaction: string | undefined;
}

/** A list of what is expected to cross; one without tags is withdrawn. */
export interface ListEffect {
  readonly list: string;
  readonly direction: 'in' | 'out';
  readonly door: string | undefined;
  readonly since: number;
  readonly epcs: readonly string[];
}

/** What the warehouse's plans have become. */
export interface WorkEffects {
  readonly inbounds: readonly InboundEffect[];
  readonly lists: readonly ListEffect[];
  readonly orders: readonly OrderEffect[];
  readonly picks: readonly PickEffect[];
  readonly loads: readonly LoadEffect[];
  readonly cartons: readonly CartonEffect[];
  readonly pickErrors: readonly PickErrorEffect[];
  readonly products: readonly ProductEffect[];
  readonly docked: readonly DockedEffect[];
  readonly tasks: readonly TaskEffect[];
  readonly jobs: readonly JobEffect[];
  readonly counts: readonly CountEffect[];
  readonly transfers: readonly TransferEffect[];
  readonly partners: readonly PartnerEffect[];
  readonly supplierReturns: readonly SupplierReturnEffect[];
  readonly announcedReturns: readonly AnnouncedReturnEffect[];
  readonly appointments: readonly AppointmentEffect[];
  readonly snapshots: readonly SnapshotEffect[];
  /** For the journals of other sites. */
  readonly notices: readonly NoticeEffect[];
}

/** What a transaction put away of what had come in; nothing, when it did not after all. */
export interface DockedEffect {
  readonly transaction: string;
  readonly parts: readonly {
    /** The transaction that brought it. */
    readonly arrival: string;
    readonly sku: string;
    readonly epc: string | undefined;
    readonly quantity: number;
    /** ms */
    readonly arrivedAt: number;
    readonly storedAt: number;
    readonly inbound: string | undefined;
    readonly receipt: number | undefined;
  }[];
}

/** Everything that one row changed, in order. */
export interface Effects extends WorkEffects {
  readonly adjustments: readonly AdjustmentEffect[];
  readonly site: string;
  readonly offset: number;
  readonly receivedAt: number;
  readonly transactions: readonly Transaction[];
  readonly passages: readonly PassageEffect[];
  readonly evidence: readonly EvidenceEffect[];
  readonly discrepancies: readonly Discrepancy[];
  readonly settled: readonly { readonly id: string; readonly by: string; readonly at: number; readonly how: string }[];
  readonly items: readonly ItemEffect[];
  /** Faults of the installation that opened, or closed: then with `closedAt`. */
  readonly findings: readonly Finding[];
  /** What doors heard in an hour, as far as it changed: the counts as they are now. */
  readonly doorHours: readonly DoorHour[];
  /** Items that may not be where the books have them: those of which something has changed. */
  readonly doubts: readonly Doubt[];
  readonly outcome: { readonly key: string; readonly outcome: CommandOutcome } | undefined;
  readonly configuration: { readonly source: SiteSource; readonly actor: string } | undefined;
}

/** Effects while they are being collected. */
export interface EffectsDraft {
  readonly transactions: Transaction[];
  readonly passages: PassageEffect[];
  readonly evidence: EvidenceEffect[];
  readonly discrepancies: Discrepancy[];
  readonly settled: { id: string; by: string; at: number; how: string }[];
  readonly items: Map<string, ItemEffect>;
}

export const draftEffects = (): EffectsDraft => ({
  transactions: [],
  passages: [],
  evidence: [],
  discrepancies: [],
  settled: [],
  items: new Map(),
});

/** Has anything happened that the ledger must hold? */
export const isNothing = (effects: Effects): boolean =>
  effects.transactions.length === 0 &&
  effects.passages.length === 0 &&
  effects.discrepancies.length === 0 &&
  effects.settled.length === 0 &&
  effects.items.length === 0 &&
  effects.findings.length === 0 &&
  effects.doorHours.length === 0 &&
  effects.doubts.length === 0 &&
  effects.inbounds.length === 0 &&
  effects.lists.length === 0 &&
  effects.orders.length === 0 &&
  effects.picks.length === 0 &&
  effects.loads.length === 0 &&
  effects.cartons.length === 0 &&
  effects.pickErrors.length === 0 &&
  effects.products.length === 0 &&
  effects.docked.length === 0 &&
  effects.tasks.length === 0 &&
  effects.counts.length === 0 &&
  effects.adjustments.length === 0 &&
  effects.transfers.length === 0 &&
  effects.partners.length === 0 &&
  effects.supplierReturns.length === 0 &&
  effects.announcedReturns.length === 0 &&
  effects.appointments.length === 0 &&
  effects.snapshots.length === 0 &&
  effects.notices.length === 0 &&
  effects.outcome === undefined &&
  effects.configuration === undefined;

/** Neither that nor anything beside it: such a row moves the cursor, and is not looked at again. */
export const isEmpty = (effects: Effects): boolean =>
  effects.jobs.length === 0 && effects.evidence.length === 0 && isNothing(effects);
