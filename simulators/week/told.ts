// As much of what the machines make of a row as the people of the simulated week see, and as its judge compares. The machines are
// handed in: simulators know the wire, not how decisions are made.
import type { SitePlan } from '../../src/config/plan.ts';
import type { CommandOutcome } from '../../src/wire/command.ts';
import type { Row } from '../../src/wire/row.ts';
import type { TransferNotice } from '../../src/wire/transfer.ts';

/** The machines of one site (`src/derive.ts`). */
export interface WeekMachine {
  readonly take: (row: Row) => Told;
  /** When something is due though no row comes, ms. */
  readonly dueAt: (now: number) => number;
}
export type OpenWeekMachine = (plan: SitePlan) => WeekMachine;

interface Account {
  readonly location: string;
  readonly container: string;
  readonly status: string;
}

export interface ToldTransaction {
  readonly id: string;
  readonly type: string;
  readonly happenedAt: number;
  readonly epc: string | undefined;
  readonly supersedes: string | undefined;
  readonly readPoint: string | undefined;
  readonly source: string;
  readonly sku: string | undefined;
  readonly from: string;
  readonly to: string;
  readonly postings: readonly {
    readonly sku: string;
    readonly lot: string;
    readonly epc: string | undefined;
    readonly quantity: number;
    readonly from: Account;
    readonly to: Account;
  }[];
}

export interface ToldPassage {
  readonly id: string;
  readonly epc: string;
  readonly readPoint: string;
  readonly outcome: string;
  readonly crossedAt: number | undefined;
  readonly lastAt: number;
}

export interface ToldDiscrepancy {
  readonly id: string;
  readonly kind: string;
  readonly happenedAt: number;
  readonly epc?: string | undefined;
  readonly sku?: string | undefined;
  readonly location?: string | undefined;
  readonly readPoint?: string | undefined;
  readonly message: string;
}

export interface ToldItem {
  readonly epc: string;
  readonly sku: string | undefined;
  readonly location: string;
  readonly status: string;
}

export interface ToldTask {
  readonly id: string;
  readonly kind: string;
  readonly sku: string;
  readonly lot: string;
  readonly from: string;
  readonly status: string;
  readonly to: string | undefined;
  readonly wants: { readonly order: string; readonly line: string } | undefined;
  readonly quantity: number;
  readonly done: number;
  readonly gone: number;
  readonly state: string;
}

export interface ToldOrder {
  readonly id: string;
  readonly state: string;
  readonly quantity: number;
  readonly reserved: number;
  readonly planned: number;
  readonly picked: number;
  readonly shipped: number;
}

export interface ToldPickLine {
  readonly line: number;
  readonly stop: number;
  readonly order: string;
  readonly orderLine: string;
  readonly sku: string;
  readonly lot: string;
  readonly location: string;
  readonly quantity: number;
  readonly picked: number;
  readonly short: number;
  readonly state: string;
}

export interface ToldPick {
  readonly id: string;
  readonly state: string;
  readonly to: string;
  /** Those that changed. */
  readonly lines: readonly ToldPickLine[];
}

export interface ToldCount {
  readonly id: string;
  readonly tasks: readonly {
    readonly task: number;
    readonly location: string;
    readonly state: string;
    readonly firstCountedAt: number | undefined;
    readonly records: number;
    readonly accurate: number;
    readonly lines: readonly { readonly sku: string; readonly expected: number; readonly counted: number }[];
  }[];
}

export interface ToldTransfer {
  readonly id: string;
  readonly direction: string;
  readonly state: string;
  readonly inbounds: readonly string[];
  readonly lines: readonly {
    readonly sku: string;
    readonly sent: number;
    readonly received: number;
    readonly short: number;
  }[];
}

export interface Told {
  readonly transactions: readonly ToldTransaction[];
  readonly passages: readonly ToldPassage[];
  readonly discrepancies: readonly ToldDiscrepancy[];
  readonly settled: readonly { readonly id: string }[];
  readonly items: readonly ToldItem[];
  readonly doubts: readonly {
    readonly id: string;
    readonly openedAt: number;
    readonly closedAt: number | undefined;
    readonly epc: string;
    readonly location: string;
    readonly sku: string | undefined;
    readonly probability: number;
  }[];
  readonly inbounds: readonly {
    readonly id: string;
    readonly state: string;
    readonly receipt: object | undefined;
    /** Those that changed. */
    readonly lines: readonly { readonly line: string; readonly sku: string | undefined }[];
  }[];
  readonly orders: readonly ToldOrder[];
  readonly picks: readonly ToldPick[];
  readonly pickErrors: readonly {
    readonly kind: string;
    readonly order: string;
    readonly sku: string;
    readonly code: string;
    readonly at: number;
  }[];
  readonly tasks: readonly ToldTask[];
  readonly counts: readonly ToldCount[];
  readonly transfers: readonly ToldTransfer[];
  readonly notices: readonly { readonly key: string; readonly to: string; readonly command: TransferNotice }[];
  readonly outcome: { readonly key: string; readonly outcome: CommandOutcome } | undefined;
}
