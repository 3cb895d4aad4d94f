// An inbound document while something of it may still come: its lines, what arrived for each, and the receipt that is open.
import { inBooks } from '../infer/balances.ts';
import type { Batch, ClosedLine, InboundEffect, InboundLineEffect, InboundTagEffect, Noted } from '../infer/effects.ts';
import type { DocumentKind, InboundState } from '../wire/inbound.ts';

export interface Line {
  readonly line: string;
  readonly ordinal: number;
  readonly sku: string | undefined;
  readonly lot: string;
  readonly expiry: string | undefined;
  readonly quantity: number;
  /** What it counts: items, or the logistic units themselves when it names nothing else. */
  readonly counts: 'items' | 'units';
  readonly epcs: ReadonlySet<string>;
  readonly sscc: ReadonlySet<string>;
  readonly order: { readonly inbound: string; readonly line?: string } | undefined;
  /** What came for this line itself. */
  received: number;
  /** Of it, with a tag that the list does not name although there is one. */
  unlisted: number;
  damaged: number;
  quality: number;
  /** Lines of ship notices that serve this one, and what came for each. */
  readonly through: Map<string, number>;
  /** Untagged goods by lot and expiry, as they were said or scanned. */
  readonly batches: Map<string, Batch>;
  /** The discrepancies that say that some of it is short, or so much over; settled when that is so no more. */
  short: string | undefined;
  over: { readonly discrepancy: string; readonly quantity: number } | undefined;
}

/** What one transaction brought. */
export interface Arrival {
  readonly line: string;
  readonly epc: string | undefined;
  readonly quantity: number;
  /** With which receipt of the document it came. */
  readonly receipt: number;
  /** As it is now: `damaged` and `quality` are counted. */
  readonly status: string;
}

export interface Receipt {
  readonly openedAt: number;
  readonly door: string | undefined;
  /** Who opened it; undefined when goods did by coming. */
  readonly by: string | undefined;
}

export interface Inbound {
  readonly id: string;
  readonly document: DocumentKind;
  /** Of a transfer: where it is for the books until it comes. */
  transit?: string;
  revision: number;
  supplier: string;
  expectedFrom: number | undefined;
  expectedTo: number | undefined;
  door: string | undefined;
  tolerance: number;
  readonly announcedAt: number;
  changedAt: number;
  isCancelled: boolean;
  /** From when on nobody waits for it any more: received whole, or cancelled. */
  endedAt: number | undefined;
  lines: Line[];
  /** Listed tag → its line. */
  listed: ReadonlyMap<string, string>;
  receipts: number;
  receipt: Receipt | undefined;
  noted: Noted[];
  /** By transaction. */
  readonly arrivals: Map<string, Arrival>;
  /** Tag → the transaction that brought it. */
  readonly tags: Map<string, string>;
  /** Since when each listed tag is expected, and until when it may be taken as still to come. ms, event time. */
  readonly since: Map<string, number>;
  readonly until: Map<string, number>;
  /** What lines came to with receipts that are closed, by `closedKey`. A former release kept none. */
  readonly closed?: Map<string, ClosedLine>;
}

export const closedKey = (receipt: number, line: string): string => `${receipt} ${line}`;

/** Under which a line of a notice stands in `through`. Ids have no space. */
export const throughKey = ({ id }: Inbound, { line }: Line): string => `${id} ${line}`;

export const receivedOf = (line: Line): number => {
  let sum = line.received;
  for (const quantity of line.through.values()) sum += quantity;
  return inBooks(sum);
};

export const overOf = (line: Line): number => Math.max(0, inBooks(receivedOf(line) - line.quantity));
export const remainingOf = (line: Line): number => Math.max(0, inBooks(line.quantity - receivedOf(line)));
/** Less, or more, than this many is no difference. */
export const slackOf = ({ tolerance }: Inbound, { quantity }: Line): number => tolerance * quantity;
export const isWhole = (inbound: Inbound, line: Line): boolean => remainingOf(line) <= slackOf(inbound, line);
export const isComplete = (inbound: Inbound): boolean => inbound.lines.every((line) => isWhole(inbound, line));

export function stateOf(inbound: Inbound): InboundState {
  if (inbound.receipt !== undefined) return 'receiving';
  if (inbound.isCancelled) return 'cancelled';
  if (isComplete(inbound)) return 'received';
  return inbound.receipts > 0 || inbound.lines.some((line) => receivedOf(line) > 0) ? 'partial' : 'expected';
}

/** Does the line list tags, and not this one? */
export const isUnlisted = ({ epcs }: Line, epc: string | undefined): boolean =>
  epc !== undefined && epcs.size > 0 && !epcs.has(epc);

export const listedOf = (lines: readonly Line[]): ReadonlyMap<string, string> =>
  new Map(lines.flatMap(({ line, epcs }) => [...epcs].map((epc) => [epc, line] as const)));

export const lineOf = ({ lines }: Inbound, line: string): Line | undefined => lines.find((one) => one.line === line);

export function effectOf(
  inbound: Inbound,
  changed: {
    readonly lines: ReadonlySet<string>;
    readonly tags: ReadonlySet<string>;
    readonly closed: ReadonlySet<string>;
  },
): InboundEffect {
  const lines = inbound.lines.filter(({ line }) => changed.lines.has(line));
  const tags: InboundTagEffect[] = [];
  const goneTags: string[] = [];
  for (const epc of changed.tags) {
    const tag = tagEffect(inbound, epc);
    if (tag === undefined) goneTags.push(epc);
    else tags.push(tag);
  }
  return {
    id: inbound.id,
    document: inbound.document,
    revision: inbound.revision,
    supplier: inbound.supplier,
    state: stateOf(inbound),
    expectedFrom: inbound.expectedFrom,
    expectedTo: inbound.expectedTo,
    door: inbound.door,
    tolerance: inbound.tolerance,
    announcedAt: inbound.announcedAt,
    changedAt: inbound.changedAt,
    receipts: inbound.receipts,
    receipt: inbound.receipt,
    noted: [...inbound.noted],
    lineCount: inbound.lines.length,
    quantity: inBooks(inbound.lines.reduce((sum, { quantity }) => sum + quantity, 0)),
    received: inBooks(inbound.lines.reduce((sum, line) => sum + receivedOf(line), 0)),
    lines: lines.map((line) => lineEffect(line)),
    tags,
    goneLines: [...changed.lines].filter((line) => lineOf(inbound, line) === undefined),
    goneTags,
    closedLines: [...changed.closed].flatMap((key) => inbound.closed?.get(key) ?? []),
  };
}

const lineEffect = (line: Line): InboundLineEffect => ({
  line: line.line,
  ordinal: line.ordinal,
  sku: line.sku,
  lot: line.lot,
  expiry: line.expiry,
  quantity: line.quantity,
  order: line.order,
  sscc: [...line.sscc],
  listed: line.epcs.size,
  received: receivedOf(line),
  unlisted: line.unlisted,
  damaged: line.damaged,
  quality: line.quality,
  batches: [...line.batches.values()],
});

function tagEffect(inbound: Inbound, epc: string): InboundTagEffect | undefined {
  const transaction = inbound.tags.get(epc);
  const arrival = transaction === undefined ? undefined : inbound.arrivals.get(transaction);
  const listedOn = inbound.listed.get(epc);
  const line = listedOn ?? arrival?.line;
  if (line === undefined) return undefined;
  return { epc, line, isListed: listedOn !== undefined, status: arrival?.status ?? '', transaction };
}
