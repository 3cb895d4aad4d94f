// What goes out, is counted and is sent to other sites, as the API answers it.
import type { CommandAnswer } from './types.ts';

/** How far an order, or a line of it, has come. */
export interface OrderProgress {
  readonly quantity: number;
  /** Promised, wherever it lies. */
  readonly reserved: number;
  /** On a pick list, and not picked yet. */
  readonly planned: number;
  /** Picked, and not out yet. */
  readonly picked: number;
  readonly shipped: number;
  /** Promised by nothing yet. */
  readonly backordered: number;
}

/** An order of a customer as lists have it. */
export interface OrderHead extends OrderProgress {
  readonly id: string;
  readonly site: string;
  readonly customer: string;
  readonly priority: number;
  readonly shipBy: string | null;
  readonly partial: boolean;
  readonly state: 'waiting' | 'partial' | 'reserved' | 'picking' | 'picked' | 'shipped' | 'cancelled';
  readonly load: string | null;
  /** Why this site was given it; null for one that named its site. */
  readonly sourcing: string | null;
  readonly enteredAt: string;
  readonly lineCount: number;
}

export interface OrderLine extends OrderProgress {
  readonly line: string;
  readonly sku: string;
  readonly lot: string | null;
}

export interface Order extends OrderHead {
  readonly lines: readonly OrderLine[];
  readonly picks: readonly string[];
}

export interface PickLine {
  readonly line: number;
  /** Place on the way; lines of a batch with the same are taken together. */
  readonly stop: number;
  readonly order: string;
  readonly sku: string;
  readonly lot: string | null;
  readonly location: string;
  readonly quantity: number;
  readonly picked: number;
  readonly short: number;
  /** Of what was picked in a batch, what was sorted to its order. */
  readonly sorted: number;
  readonly state: 'open' | 'picked' | 'short';
}

export type PickMethod = 'line' | 'single' | 'batch' | 'cluster' | 'zone';

export interface PickHead {
  readonly id: string;
  readonly site: string;
  readonly to: string;
  readonly orders: readonly string[];
  readonly method: PickMethod;
  /** What the lists of one release have in common. */
  readonly wave: string | null;
  readonly zone: string | null;
  readonly totes: readonly { readonly order: string; readonly tote: string }[];
  readonly state: 'open' | 'done';
  readonly distanceM: number;
  readonly createdAt: string;
  readonly lineCount: number;
  readonly quantity: number;
  readonly picked: number;
  readonly short: number;
}

/** A pick list; its lines are in the order of the way. */
export interface PickList extends PickHead {
  readonly lines: readonly PickLine[];
}

/** So much of a line of an order. */
interface OfLine {
  readonly line: string;
  readonly sku: string;
  readonly lot: string | null;
  readonly quantity: number;
}

/** A carton of an order; its number is its SSCC. */
export interface Carton {
  readonly id: string;
  readonly site: string;
  readonly order: string;
  readonly bench: string;
  readonly type: string | null;
  readonly state: 'open' | 'closed' | 'shipped' | 'cancelled';
  readonly openedAt: string;
  readonly quantity: number;
  /** What it is booked as with a carrier. */
  readonly parcel: {
    readonly carrier: string;
    readonly service: string | null;
    readonly tracking: string;
    /** Until when the carrier takes it. */
    readonly leavesBy: string | null;
    readonly bookedAt: string;
  } | null;
  readonly isShort: boolean;
  readonly contents: readonly (OfLine & { readonly epcs: readonly string[] })[];
  /** Of its order, heard by the antenna of the bench and not scanned. */
  readonly seen: readonly { readonly epc: string; readonly line: string; readonly sku: string }[];
  readonly wrong: readonly { readonly epc: string; readonly sku: string }[];
  /** What its order needs that is in no carton; of it, what is picked. */
  readonly missing: readonly (OfLine & { readonly picked: number })[];
}

export interface CartonOpened extends CommandAnswer {
  readonly detail: { readonly carton: string };
}

/** So much that an order still lacks; of it, what is picked. */
export interface LoadMissing extends OfLine {
  readonly picked: number;
}

export interface LoadOrder {
  readonly order: string;
  readonly quantity: number;
  /** Picked, and not out yet. */
  readonly picked: number;
  readonly loaded: number;
  readonly short: number;
  readonly isComplete: boolean;
  readonly missing: readonly LoadMissing[];
}

/** Something went out that is not of the load, or of it at another door. */
export interface LoadAlarm {
  readonly discrepancy: string;
  readonly kind: 'wrong-load' | 'unplanned-ship';
  readonly epc: string | null;
  readonly sku: string | null;
  readonly readPoint: string | null;
  readonly happenedAt: string;
  readonly message: string;
  readonly movement: string | null;
}

/** Orders that leave together. */
export interface Load {
  readonly id: string;
  readonly site: string;
  readonly door: string | null;
  readonly carrier: string;
  readonly seals: readonly string[];
  readonly state: 'open' | 'closed';
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** Orders of which nothing is missing, and the others. */
  readonly complete: number;
  readonly short: number;
  readonly loaded: number;
  readonly missing: number;
  readonly aboard: readonly {
    readonly sku: string;
    readonly lot: string | null;
    readonly owner: string | null;
    readonly container: string | null;
    readonly quantity: number;
  }[];
  readonly alarms: readonly LoadAlarm[];
  readonly orders: readonly LoadOrder[];
}

export interface Carriers {
  readonly carriers: readonly {
    readonly id: string;
    readonly kind: 'manual' | 'manifest' | 'rest';
    readonly can: readonly ('rates' | 'label' | 'tracking' | 'void')[];
    readonly leavesBy: string | null;
    readonly services: readonly { readonly id: string; readonly leavesBy: string | null }[];
  }[];
}

/** What carriers would take for a carton, the cheapest first. */
export interface Rates {
  readonly rates: readonly {
    readonly carrier: string;
    readonly service: string;
    readonly price: number;
    readonly currency: string | null;
    readonly leavesBy: string | null;
  }[];
  readonly failed: readonly { readonly carrier: string; readonly message: string }[];
}

/** Which cartons an order is to be packed into. */
export interface Proposal {
  readonly cartons: readonly {
    readonly type: string;
    readonly length: number;
    readonly width: number;
    readonly height: number;
    readonly weight: number | null;
    readonly fill: number;
    readonly contents: readonly { readonly line: string; readonly sku: string; readonly quantity: number }[];
  }[];
  readonly loose: readonly {
    readonly line: string;
    readonly sku: string;
    readonly quantity: number;
    readonly reason: 'no-carton-types' | 'no-size' | 'not-whole' | 'too-big' | 'too-heavy' | 'too-many';
  }[];
}

/** A piece of work for one person. */
export interface Job {
  readonly site: string;
  readonly kind: 'putaway' | 'replenish' | 'relocate' | 'pick' | 'sort' | 'count' | 'pack' | 'load' | 'approve';
  /** Number of the task, pick list, plan of counts or order; of a plan the bin is `part`. */
  readonly id: string;
  readonly part: number;
  readonly state: 'open' | 'over';
  readonly from: string | null;
  readonly to: string | null;
  readonly what: string;
  readonly dueAt: string | null;
  readonly order: string | null;
  readonly claimedBy: string | null;
  readonly claimedUntil: string | null;
  readonly createdAt: string;
}

/** All work that waits, the first in front. */
export interface QueueOfWork {
  readonly jobs: readonly (Job & {
    /** Its priority with what waiting adds. */
    readonly urgency: number;
    readonly distanceM: number | null;
    readonly because: string;
  })[];
  readonly waiting: number;
}

export interface JobGiven extends CommandAnswer {
  readonly detail: { readonly job: Pick<Job, 'kind' | 'id' | 'part'> | null; readonly reason: string };
}

/** A transfer as one of its two sites has it. */
export interface Transfer {
  readonly id: string;
  readonly site: string;
  readonly direction: 'out' | 'in';
  readonly other: string;
  readonly state: 'ordered' | 'transit' | 'received' | 'closed';
  readonly createdAt: string;
  readonly inbounds: readonly string[];
  readonly lines: readonly {
    readonly sku: string;
    readonly lot: string | null;
    readonly sent: number;
    readonly received: number;
    readonly short: number;
    readonly transit: number;
  }[];
}

/** What a site has, and what is under way to it. */
export interface Holdings {
  readonly asOf: string | null;
  readonly ageS: number | null;
  readonly stock: readonly {
    readonly sku: string;
    readonly onHand: number;
    readonly transit: number;
    readonly total: number;
  }[];
}

/** A plan of counts as lists have it. */
export interface CountHead {
  readonly id: string;
  readonly site: string;
  readonly by: 'location' | 'sku' | 'abc' | 'sample' | 'discrepancy' | 'zero';
  readonly state: 'open' | 'closed' | 'cancelled';
  readonly madeBy: string;
  readonly createdAt: string;
  readonly skus: readonly string[];
  readonly taskCount: number;
  readonly done: number;
}

export interface CountLine {
  readonly sku: string | null;
  readonly lot: string | null;
  readonly status: string;
  readonly expected: number;
  readonly counted: number;
  readonly difference: number;
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
  readonly isWithin: boolean;
}

/** A bin to be counted. */
export interface CountTask {
  readonly count: string;
  readonly site: string;
  readonly task: number;
  readonly location: string;
  readonly state: 'open' | 'recount' | 'resweep' | 'approval' | 'closed' | 'cancelled';
  readonly attempts: number;
  readonly countedBy: readonly string[];
  readonly countedAt: string | null;
  readonly approvedBy: string | null;
  readonly uncertain: readonly { readonly epc: string; readonly probability: number }[];
  readonly lines: readonly CountLine[];
}

export interface Count extends CountHead {
  readonly tasks: readonly CountTask[];
}
