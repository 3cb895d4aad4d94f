// Key figures of the week as they truly were: what the service must come to by its own records.
import { fillOf, wrongLinesOf, type Facts, type Handled } from './facts.ts';
import { HOUR_MS } from './times.ts';

interface Share {
  readonly asked: number;
  readonly filled: number;
}

export interface TrueFigures {
  readonly picking: {
    readonly lines: number;
    readonly refused: number;
    readonly caught: number;
    readonly shippedWrong: number;
  };
  /** Units that left with the first shipment and in time, of what was ordered. */
  readonly fill: Share;
  /** Lines of receipts that came as they were announced. */
  readonly suppliers: Share;
  /** Records that were right when they were counted. */
  readonly records: { readonly counted: number; readonly accurate: number };
}

/** Of a site, until then (ms). */
export function trueFigures(facts: Facts, site: string, until: number): TrueFigures {
  const { refused, caught, shipped } = wrongLinesOf(facts, site);
  const { lines, exact } = facts.receiptLines.get(site) ?? { lines: 0, exact: 0 };
  return {
    picking: {
      lines: facts.pickedLines.get(site)?.size ?? 0,
      refused: refused.size,
      caught: caught.size,
      shippedWrong: shipped.size,
    },
    fill: fillOf(facts, site, until),
    suppliers: { asked: lines, filled: exact },
    records: facts.records.get(site) ?? { counted: 0, accurate: 0 },
  };
}

/** Hours from the first arrival of each delivery to the last of it that was put away until then; of those of which something was. In order. */
export function dockHours({ arrivals, stored }: Facts, site: string, until: number): number[] {
  const byDelivery = new Map<string, { first: number; last: number }>();
  const ofDelivery = new Map<string, string>();
  const keyOf = ({ epc, sku, lot }: Handled): string => epc ?? `${sku} ${lot}`;
  const own = arrivals.filter((one) => one.site === site && one.delivery !== undefined && one.delivery !== '');
  for (const arrival of own) {
    const { delivery = '', at } = arrival;
    const known = byDelivery.get(delivery);
    byDelivery.set(delivery, { first: Math.min(known?.first ?? at, at), last: 0 });
    if (arrival.epc !== undefined) ofDelivery.set(arrival.epc, delivery);
  }
  // Goods without tags are put away in the order in which they came.
  const plain = new Map<string, { readonly delivery: string; left: number }[]>();
  for (const arrival of own) {
    if (arrival.epc !== undefined) continue;
    const waiting = plain.get(keyOf(arrival)) ?? [];
    waiting.push({ delivery: arrival.delivery!, left: arrival.quantity });
    plain.set(keyOf(arrival), waiting);
  }
  const put = (delivery: string | undefined, at: number): void => {
    const known = byDelivery.get(delivery ?? '');
    if (known !== undefined) known.last = Math.max(known.last, at);
  };
  for (const one of stored.filter((each) => each.site === site && each.at < until)) {
    // What comes back and is put away again is of no delivery.
    if (one.epc !== undefined) put(ofDelivery.get(one.epc), one.at);
    ofDelivery.delete(one.epc ?? '');
    let rest = one.epc === undefined ? one.quantity : 0;
    for (const waiting of plain.get(keyOf(one)) ?? []) {
      const taken = Math.min(rest, waiting.left);
      if (taken === 0) continue;
      waiting.left -= taken;
      rest -= taken;
      put(waiting.delivery, one.at);
    }
  }
  return [...byDelivery.values()]
    .filter(({ last }) => last > 0)
    .map(({ first, last }) => (last - first) / HOUR_MS)
    .sort((a, b) => a - b);
}
