// Products, imports of them, and tasks with them, as the API answers.

/** A product as lists have it; size, weight and cost are of a base unit. */
export interface Product {
  readonly sku: string;
  readonly site: string;
  readonly name: string;
  readonly baseUnit: string;
  readonly packs: readonly { readonly unit: string; readonly quantity: number; readonly gtin?: string }[];
  readonly lengthMm: number | null;
  readonly widthMm: number | null;
  readonly heightMm: number | null;
  readonly weightG: number | null;
  readonly unitCost: number | null;
  readonly currency: string | null;
  readonly tracking: 'none' | 'lot' | 'serial';
  readonly expires: boolean;
  readonly hazard: string | null;
  readonly temperature: string | null;
  readonly velocity: string | null;
  readonly rotation: 'fefo' | 'fifo' | 'lifo' | 'nearest' | null;
  readonly fixedBin: string | null;
  readonly pickMinimum: number | null;
  readonly pickMaximum: number | null;
}

/** Goods that are to be brought to a bin. */
export interface Task {
  readonly id: string;
  readonly site: string;
  readonly kind: 'putaway' | 'replenish' | 'relocate';
  readonly state: 'open' | 'done' | 'gone';
  readonly sku: string;
  readonly lot: string | null;
  readonly from: string;
  /** Null while no bin may take it. */
  readonly to: string | null;
  readonly reason: string;
  /** The order that it is brought to at once. */
  readonly order: string | null;
  readonly quantity: number;
  readonly done: number;
  readonly left: number;
  readonly claimedBy: string | null;
  readonly claimedUntil: string | null;
  readonly createdAt: string;
}

/** What became of an imported file, row by row. */
export interface ImportAnswer {
  readonly kind: string;
  readonly dryRun: boolean;
  readonly rows: number;
  readonly taken: number;
  readonly refused: number;
  readonly verdicts: readonly {
    readonly line: number;
    readonly verdict: string;
    readonly faults?: readonly { readonly field: string; readonly code: string; readonly message: string }[];
  }[];
}

export type Velocity = 'A' | 'B' | 'C';

/** What is picked how often, and which bins it had better lie in. */
export interface Slotting {
  readonly from: string;
  readonly to: string;
  readonly lines: number;
  readonly skus: readonly {
    readonly sku: string;
    readonly name: string;
    readonly lines: number;
    readonly units: number;
    readonly class: Velocity;
    readonly velocity: string | null;
  }[];
  readonly moves: readonly SlottingMove[];
}

export interface SlottingMove {
  readonly sku: string;
  readonly lot: string | null;
  readonly owner: string | null;
  readonly quantity: number;
  readonly from: string;
  readonly to: string;
  readonly class: Velocity;
  readonly savesM: number | null;
  readonly reason: string;
}
