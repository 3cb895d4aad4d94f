// What is taken with one confirmation: a line of a pick list, or of a batch all lines of it for the same stock in the same bin. Pure.
import { isWithin, type SitePlan } from '../../config/plan.ts';
import { inBooks } from '../../infer/balances.ts';
import { compareRank } from './order.ts';
import type { Outbound } from './outbound.ts';
import { openOf, type Pick, type PickLine, type Planned } from './pick.ts';
import { binKey } from './supply.ts';

/** So much of a line. */
export interface Part {
  readonly line: PickLine;
  readonly quantity: number;
}

/** Lines of a batch with the same are one stop. */
export const stopKey = (line: PickLine): string => binKey(line.sku, line.owner, line);

/** Lines with something left to take that are taken together with this one, the order that goes first in front. */
export function linesAtStop({ orders }: Outbound, { pick, line }: Planned): PickLine[] {
  if (pick.method !== 'batch') return openOf(line) > 0 ? [line] : [];
  const key = stopKey(line);
  return pick.lines
    .filter((one) => openOf(one) > 0 && stopKey(one) === key)
    .sort((a, b) => {
      const [first, second] = [orders.get(a.order), orders.get(b.order)];
      return (first === undefined || second === undefined ? 0 : compareRank(first, second)) || a.line - b.line;
    });
}

/** How much is left to be taken there with one confirmation. */
export const openAtStop = (outbound: Outbound, planned: Planned): number =>
  inBooks(linesAtStop(outbound, planned).reduce((sum, line) => sum + openOf(line), 0));

/** A quantity divided over the lines that it is taken for; the highest, or the lowest, rank first. */
export function takenTogether(
  outbound: Outbound,
  planned: Planned,
  quantity: number,
  first: 'highest' | 'lowest',
): Part[] {
  const lines = linesAtStop(outbound, planned);
  const parts: Part[] = [];
  let rest = quantity;
  for (const line of first === 'highest' ? lines : lines.toReversed()) {
    const part = Math.min(rest, openOf(line));
    if (part === 0) break;
    rest = inBooks(rest - part);
    parts.push({ line, quantity: part });
  }
  return parts;
}

/** Numbers the stops of lines that are in the order of the way: each line is one, or of a batch all that are taken together. */
export function stopsOf(pick: Pick, lines: readonly PickLine[]): number[] {
  let stop = 0;
  let before: string | undefined;
  return lines.map((line) => {
    const key = pick.method === 'batch' ? stopKey(line) : undefined;
    if (key === undefined || key !== before) stop++;
    before = key;
    return stop;
  });
}

/**
 * Can what the books have at `location` be what a list takes from `bin`? An antenna over a zone says no more than the zone of what lies in its
 * bins; and what the list takes from a zone may have been heard, or scanned, in a bin of it since.
 */
export const mayBeAt = (plan: SitePlan, location: string, bin: string): boolean =>
  isWithin(plan, bin, location) || isWithin(plan, location, bin);
