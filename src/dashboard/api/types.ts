// What the routes answer, as the page uses it. Movements and passages are the wire's own types; the rest says what
// /openapi.json says.
import type { AlertJson } from '../../wire/alert.ts';
import type { MovementJson, PassageJson } from '../../wire/movement.ts';
import type { WhyJson } from '../../wire/why.ts';

export type { MovementJson, PassageJson, WhyJson };

export interface Page<T> {
  readonly items: readonly T[];
  /** Cursor of the next page; null on the last. */
  readonly next: string | null;
}

export const OUTCOMES = ['in', 'out', 'turned_back', 'stayed', 'stray', 'undecided'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type DecidedOutcome = Exclude<Outcome, 'undecided'>;

export const MOVEMENT_TYPES = [
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

export interface Location {
  readonly id: string;
  readonly kind: string;
  /** The location around it. */
  readonly in: string | null;
}

export interface Antenna {
  readonly reader: string;
  readonly antenna: number;
  readonly side: string | null;
}

export interface ReadPoint {
  readonly id: string;
  readonly kind: string;
  readonly outside: string | null;
  readonly inside: string | null;
  readonly location: string | null;
  readonly antennas: readonly Antenna[];
}

export interface Site {
  readonly site: string;
  readonly name: string;
  readonly kind: string;
  /** People practise here: nothing of it is real. */
  readonly training: boolean;
  readonly timeZone: string;
  /** Of reasons that corrections may have. */
  readonly adjustmentCodes: readonly string[];
  readonly locations: readonly Location[];
  readonly readPoints: readonly ReadPoint[];
}

export interface Balance {
  readonly site: string;
  readonly sku: string;
  readonly location: string;
  readonly container: string | null;
  readonly lot: string | null;
  readonly owner: string | null;
  readonly status: string | null;
  readonly quantity: number;
}

export type Alert = AlertJson;

export interface AlertWithHistory {
  readonly alert: Alert;
  readonly history: readonly {
    readonly revision: number;
    readonly at: string;
    readonly change: string;
    readonly actor: string;
    readonly note: string | null;
  }[];
}

export interface Discrepancy {
  readonly id: string;
  readonly site: string;
  readonly kind: string;
  readonly severity: string;
  readonly state: string;
  readonly message: string;
  readonly happenedAt: string;
  readonly recordedAt: string;
  readonly epc: string | null;
  readonly sku: string | null;
  readonly location: string | null;
  readonly readPoint: string | null;
  readonly movement: string | null;
  readonly settledAt: string | null;
  readonly settledBy: string | null;
  readonly settlement: string | null;
}

/** What may not be where the books have it: an item with a tag, or stock without (`epc` null). */
export interface Phantom {
  readonly id: string;
  readonly site: string;
  readonly state: 'open' | 'closed';
  readonly epc: string | null;
  readonly sku: string | null;
  readonly quantity: number;
  readonly location: string;
  readonly zone: string | null;
  readonly probability: number;
  readonly why: string;
  readonly heardAt: string | null;
  readonly closedAt: string | null;
  readonly end: string | null;
}

/** A place to look at, for what is doubted there. */
export interface PhantomCheck {
  readonly location: string;
  readonly items: number;
  readonly expectedMissing: number;
  readonly records: number;
  readonly recordsWrong: number;
  readonly suggestion: string;
  /** A plan to count it, as it is posted. */
  readonly count: { readonly site: string; readonly by: 'location'; readonly locations: readonly string[] };
  /** By which plan it waits to be counted already. */
  readonly waits: { readonly count: string; readonly task: number } | null;
}

export interface Quarantined {
  readonly id: number;
  readonly site: string | null;
  readonly gateway: string | null;
  readonly topic: string;
  readonly epoch: string | null;
  readonly seq: number | null;
  readonly code: string;
  readonly reason: string;
  readonly receivedAt: string;
  readonly lastAt: string;
  readonly times: number;
  readonly length: number;
  readonly sha256: string;
  readonly preview: string;
  readonly state: string;
}

export interface ReplayAnswer {
  readonly status: 'replayed' | 'still-rejected';
  readonly site: string | null;
  readonly offset: number | null;
  readonly rejected: readonly { readonly code: string; readonly message: string }[];
}

export interface Gap {
  readonly site: string;
  readonly gateway: string;
  readonly epoch: string | null;
  readonly state: string;
  readonly fromSeq: number | null;
  readonly toSeq: number | null;
  readonly lost: number;
  readonly fromAt: string | null;
  readonly toAt: string | null;
  readonly noticedAt: string | null;
}

export interface Gateway {
  readonly site: string;
  readonly gateway: string;
  readonly online: boolean | null;
  readonly lastEnvelopeAt: string | null;
  readonly statusAt: string | null;
  readonly status: unknown;
}

/** A fault of the installation. */
export interface Finding {
  readonly id: string;
  readonly site: string;
  readonly kind: string;
  readonly severity: string;
  readonly state: string;
  readonly readPoint: string;
  readonly reader: string | null;
  readonly antenna: number | null;
  readonly other: string | null;
  readonly since: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly certainty: number;
  readonly evidence: Readonly<Record<string, number>>;
  readonly seen: string;
  readonly advice: string;
}

export interface DoorSpan {
  readonly tags: number;
  readonly reads: number;
  readonly otherTags: number;
  readonly otherReads: number;
  readonly strayTagShare: number | null;
  readonly strayReadShare: number | null;
  readonly passages: number;
  readonly crossed: number;
  readonly stray: number;
}

export interface Door {
  readonly readPoint: string;
  readonly lastHour: DoorSpan;
  readonly lastDay: DoorSpan;
  readonly lastWeek: DoorSpan;
}

export interface Installation {
  readonly site: string;
  readonly findings: readonly Finding[];
  readonly doors: readonly Door[];
}

export interface Item {
  readonly epc: string;
  readonly site: string;
  readonly kind: string;
  readonly sku: string | null;
  readonly lot: string | null;
  readonly owner: string | null;
  readonly location: string;
  readonly account: string;
  readonly container: string | null;
  readonly status: string | null;
  readonly since: string;
  readonly confidence: number;
  readonly lastSeenAt: string | null;
  readonly lastSeenBy: string | null;
  readonly movement: string | null;
  readonly identity: {
    readonly scheme: string | null;
    readonly gtin: string | null;
    readonly serial: string | null;
    readonly sscc: string | null;
    readonly uri: string | null;
  };
}

export interface Read {
  readonly reader: string;
  readonly antenna?: number;
  readonly epc: string;
  readonly rssiDbm?: number;
  readonly seenAt: string;
  readonly count?: number;
}

export interface Posting {
  readonly line: number;
  readonly sku: string;
  readonly quantity: number;
  readonly from: Readonly<Record<string, string>>;
  readonly to: Readonly<Record<string, string>>;
}

export interface Evidence {
  readonly movement: MovementJson;
  readonly decision: {
    readonly id: string;
    readonly kind: string;
    readonly revision: number;
    readonly scores: Readonly<Record<string, unknown>>;
  } | null;
  readonly why: WhyJson | null;
  readonly passage: PassageJson | null;
  readonly reads: readonly Read[];
  readonly postings: readonly Posting[];
  readonly person: { readonly actor: string; readonly reason: string | null } | null;
  readonly journal: { readonly offset: number };
  readonly supersededBy: string | null;
}

/** Of a passage, also of one that moved nothing. */
export interface PassageEvidence {
  readonly passage: PassageJson;
  readonly revision: number;
  readonly why: WhyJson;
  readonly scores: Readonly<Record<string, unknown>>;
  readonly reads: readonly Read[];
}

export interface Readiness {
  readonly status: string;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
}

/** An inbound document as lists have it. */
export interface InboundHead {
  readonly id: string;
  readonly site: string;
  readonly document: 'order' | 'notice';
  readonly supplier: string;
  readonly state: 'expected' | 'receiving' | 'partial' | 'received' | 'cancelled';
  readonly expectedFrom: string | null;
  readonly expectedTo: string | null;
  readonly door: string | null;
  /** Share of a line by which more or less is no difference. */
  readonly tolerance: number;
  readonly announcedAt: string;
  readonly changedAt: string;
  readonly receipts: number;
  readonly receipt: { readonly openedAt: string; readonly door: string | null; readonly by: string | null } | null;
  readonly noted: readonly Noted[];
  readonly lineCount: number;
  readonly quantity: number;
  readonly received: number;
}

/** What came with a truck and is not on its documents. */
export interface Noted {
  readonly why: 'unexpected' | 'wrong-supplier';
  readonly epc: string | null;
  readonly sku: string | null;
  readonly quantity: number;
  readonly inbound: string | null;
  readonly movement: string;
}

export interface InboundLine {
  readonly line: string;
  readonly sku: string | null;
  readonly lot: string | null;
  readonly expiry: string | null;
  readonly quantity: number;
  readonly received: number;
  readonly short: number;
  readonly over: number;
  readonly unlisted: number;
  readonly damaged: number;
  readonly quality: number;
  readonly listed: number;
  readonly order: { readonly inbound: string; readonly line: string | null } | null;
}

export interface Inbound extends InboundHead {
  readonly lines: readonly InboundLine[];
}

export interface InboundTag {
  readonly epc: string;
  readonly line: string;
  readonly state: 'missing' | 'received' | 'unlisted';
  readonly status: string | null;
  readonly movement: string | null;
}

export interface CommandAnswer {
  readonly status: 'done';
  readonly transactions: readonly string[];
  readonly key: string;
  /** What else there is to say of it. */
  readonly detail?: object;
}

/** What one antenna read within the last second. */
export interface Reading {
  readonly readPoint: string | null;
  readonly reader: string;
  readonly antenna: number;
  readonly side: string | null;
  readonly reads: number;
  readonly tags: number;
  readonly bestDbm: number | null;
}
