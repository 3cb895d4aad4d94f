// What truly was done, as key figures count it: independent of what the service makes of it.

export interface LineFact {
  readonly line: string;
  readonly sku: string;
  readonly quantity: number;
}

/** What one load took of an order. */
export interface Shipment {
  readonly site: string;
  readonly load: string;
  /** When the truck left, ms. */
  at: number;
  /** How much of each line truly is with the customer. */
  readonly lines: Map<string, number>;
}

/** An order of a customer, and what left for it. */
export interface OrderFact {
  readonly site: string;
  readonly order: string;
  readonly enteredAt: number;
  readonly shipBy: number;
  readonly lines: readonly LineFact[];
  /** What left, by shipment; in the order of time. */
  readonly shipments: Shipment[];
}

/** Goods at a dock or a bin: one unit with a tag, or so much without. */
export interface Handled {
  readonly site: string;
  readonly sku: string;
  readonly lot: string;
  readonly epc?: string | undefined;
  /** The delivery that it came with. */
  readonly delivery?: string;
  readonly at: number;
  readonly quantity: number;
}

export interface Facts {
  readonly orders: Map<string, OrderFact>;
  /** Those that may go in parts. */
  readonly partial: Set<string>;
  /** Lines of pick lists from which something was taken, by site. */
  readonly pickedLines: Map<string, Set<string>>;
  /** Lines of which something else was taken first, by site and where it was noticed. */
  readonly wrongLines: Map<
    string,
    { readonly refused: Set<string>; readonly caught: Set<string>; readonly shipped: Set<string> }
  >;
  /** What came in, and what was put away of it. */
  readonly arrivals: Handled[];
  readonly stored: Handled[];
  /** Lines of receipts that were closed, and those that came as they were announced, by site. */
  readonly receiptLines: Map<string, { lines: number; exact: number }>;
  /** Records of bins that were counted, and those of them that were right, by site. */
  readonly records: Map<string, { counted: number; accurate: number }>;
}

export const openFacts = (): Facts => ({
  orders: new Map(),
  partial: new Set(),
  pickedLines: new Map(),
  wrongLines: new Map(),
  arrivals: [],
  stored: [],
  receiptLines: new Map(),
  records: new Map(),
});

export const wrongLinesOf = ({ wrongLines }: Facts, site: string) => {
  const known = wrongLines.get(site) ?? { refused: new Set(), caught: new Set(), shipped: new Set() };
  wrongLines.set(site, known);
  return known;
};

export function notePicked({ pickedLines }: Facts, site: string, pickLine: string): void {
  const known = pickedLines.get(site) ?? new Set();
  known.add(pickLine);
  pickedLines.set(site, known);
}

/** So much of what was ordered, by the first shipment and in time. */
export interface Fill {
  readonly asked: number;
  readonly filled: number;
}

/**
 * What left with the first shipment and in time, of orders that are settled by `until`: their first shipment left, or they were due. What one load
 * took is one shipment.
 */
export function fillOf({ orders }: Facts, site: string, until: number): Fill {
  let asked = 0;
  let filled = 0;
  for (const order of orders.values()) {
    if (order.site !== site) continue;
    const [first] = order.shipments;
    if (Math.min(first?.at ?? Number.POSITIVE_INFINITY, order.shipBy) > until) continue;
    for (const { line, quantity } of order.lines) {
      asked += quantity;
      if (first !== undefined && first.at <= order.shipBy) filled += Math.min(quantity, first.lines.get(line) ?? 0);
    }
  }
  return { asked, filled };
}
