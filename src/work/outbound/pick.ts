// A pick list: what is to be taken from which bin for which order, in the order of the way.
import { inBooks } from '../../infer/balances.ts';
import type { PickEffect, PickLineEffect } from '../../infer/outboundEffects.ts';
import type { PickLineState, PickMethod } from '../../wire/outbound.ts';

/** So much of a lot, from one bin (and container in it), for one line of an order; of what has tags, any item of that bin. */
export interface PickLine {
  readonly line: number;
  /** Place in the route, from 1. */
  stop: number;
  readonly order: string;
  readonly orderLine: string;
  readonly sku: string;
  readonly lot: string;
  readonly owner: string;
  readonly location: string;
  readonly container: string;
  readonly quantity: number;
  picked: number;
  /** Of it, what was not there, or is taken elsewhere, or is not wanted any more. */
  short: number;
  /** Of what was picked in a batch, what was sorted to its order; a former release kept none. */
  sorted?: number;
  /** Something was taken for it and brought back since: picked is picked, also when it must be picked again. */
  wasPicked?: true;
}

export interface Pick {
  readonly id: string;
  /** Where it is brought. */
  readonly to: string;
  readonly orders: string[];
  /** How it is picked; a former release had only `line`. */
  readonly method?: PickMethod;
  /** What the lists of one release have in common; undefined where that made one list. */
  readonly wave?: string | undefined;
  /** Where it is picked, of a wave by zones. */
  readonly zone?: string | undefined;
  /** Of a cluster: order → its tote. */
  readonly totes?: Map<string, string>;
  /** Of a batch: tags that were sorted. */
  readonly sortedTags?: Set<string>;
  readonly by: string;
  readonly createdAt: number;
  changedAt: number;
  distanceM: number;
  endedAt: number | undefined;
  readonly lines: PickLine[];
}

/** A list without lines, made at `at`, ms. */
export const newList = (
  of: { readonly [K in 'id' | 'to' | 'by' | 'method']: Pick[K] } & { readonly at: number },
): Pick => {
  const { at, ...said } = of;
  return { ...said, orders: [], createdAt: at, changedAt: at, distanceM: 0, endedAt: undefined, lines: [] };
};

/** One line of a list, with the list. */
export interface Planned {
  readonly pick: Pick;
  readonly line: PickLine;
}

/** What is still to be taken. */
export const openOf = ({ quantity, picked, short }: PickLine): number =>
  Math.max(0, inBooks(quantity - picked - short));

export const isDone = ({ lines }: Pick): boolean => lines.every((line) => openOf(line) === 0);

const lineState = (line: PickLine): PickLineState => (openOf(line) > 0 ? 'open' : line.short > 0 ? 'short' : 'picked');

export const methodOf = ({ method = 'line' }: Pick): PickMethod => method;

export function pickEffect(pick: Pick, changed: ReadonlySet<number>): PickEffect {
  const sum = (of: (line: PickLine) => number): number =>
    inBooks(pick.lines.reduce((total, line) => total + of(line), 0));
  return {
    id: pick.id,
    to: pick.to,
    orders: pick.orders,
    method: methodOf(pick),
    wave: pick.wave,
    zone: pick.zone,
    totes: [...(pick.totes ?? [])].map(([order, tote]) => ({ order, tote })),
    state: isDone(pick) ? 'done' : 'open',
    by: pick.by,
    distanceM: pick.distanceM,
    createdAt: pick.createdAt,
    changedAt: pick.changedAt,
    lineCount: pick.lines.length,
    quantity: sum(({ quantity }) => quantity),
    picked: sum(({ picked }) => picked),
    short: sum(({ short }) => short),
    lines: pick.lines.filter(({ line }) => changed.has(line)).map((line) => lineEffect(line)),
  };
}

const lineEffect = (line: PickLine): PickLineEffect => ({
  ...line,
  sorted: line.sorted ?? 0,
  wasPicked: line.picked > 0 || line.wasPicked === true,
  state: lineState(line),
});

/** What was picked of a line is not picked any more: nor is it sorted. */
export function unsort(pick: Pick, line: PickLine, epc: string | undefined): void {
  if (pick.method !== 'batch') return;
  if (epc !== undefined && pick.sortedTags!.delete(epc)) line.sorted = inBooks(line.sorted! - 1);
  line.sorted = Math.min(line.sorted ?? 0, line.picked);
}
