// One announced return of a customer: its lines, and what came for each.
import { inBooks } from '../../infer/balances.ts';
import type { AnnouncedReturnEffect } from '../../infer/returnEffects.ts';
import type { AnnouncedReturnState, ReturnReason } from '../../wire/announcedReturn.ts';

export interface AnnouncedLine {
  readonly line: string;
  readonly sku: string;
  /** '' is any. */
  readonly lot: string;
  readonly because: ReturnReason;
  readonly quantity: number;
  /** Items of which so many come; none where any of the SKU will do. */
  readonly epcs: ReadonlySet<string>;
  received: number;
}

/** What one transaction brought. */
export interface Arrived {
  readonly line: string;
  readonly epc: string | undefined;
  readonly quantity: number;
}

export interface AnnouncedReturn {
  readonly id: string;
  readonly order: string | undefined;
  readonly customer: string;
  readonly owner: string;
  readonly by: string;
  /** ms */
  readonly expectedBy: number | undefined;
  readonly createdAt: number;
  changedAt: number;
  closedAt: number | undefined;
  readonly lines: readonly AnnouncedLine[];
  /** By transaction. */
  readonly arrived: Map<string, Arrived>;
  /**
   * Tag → the line that it last came for. What comes of it from so early until so late (ms, event time) is the same coming, judged anew, and of
   * the same line, also when the return is closed since.
   */
  readonly tags: Map<string, { readonly line: string; readonly from: number; readonly until: number }>;
}

/** What is still to come of a line. */
export const leftOf = ({ quantity, received }: AnnouncedLine): number => Math.max(0, inBooks(quantity - received));

export const lineOf = ({ lines }: AnnouncedReturn, line: string): AnnouncedLine | undefined =>
  lines.find((one) => one.line === line);

const sumOf = ({ lines }: AnnouncedReturn, of: (line: AnnouncedLine) => number): number =>
  inBooks(lines.reduce((sum, line) => sum + of(line), 0));

export function stateOfAnnounced(one: AnnouncedReturn): AnnouncedReturnState {
  if (one.closedAt !== undefined) return 'closed';
  return sumOf(one, leftOf) > 0 ? 'open' : 'received';
}

/** `changed`: transactions of which it is to be told what they brought. */
export const announcedEffect = (one: AnnouncedReturn, changed: Iterable<string>): AnnouncedReturnEffect => ({
  id: one.id,
  order: one.order,
  customer: one.customer,
  owner: one.owner,
  state: stateOfAnnounced(one),
  by: one.by,
  expectedBy: one.expectedBy,
  createdAt: one.createdAt,
  changedAt: one.changedAt,
  closedAt: one.closedAt,
  quantity: sumOf(one, ({ quantity }) => quantity),
  received: sumOf(one, ({ received }) => received),
  lines: one.lines.map(({ epcs, ...line }) => ({ ...line, epcs: [...epcs] })),
  arrivals: [...changed].map((transaction) => ({ transaction, brought: one.arrived.get(transaction) })),
});
