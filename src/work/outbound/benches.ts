// What antennas and scanners of a bench find there while a carton is packed: of its order, it counts as in it when the carton is closed;
// of no carton that is open there, it is told while it still is at the bench.
import type { EffectsDraft } from '../../infer/effects.ts';
import type { Seen } from '../../infer/planner.ts';
import { contentId } from '../../kit/ids.ts';
import { settle } from '../noted.ts';
import { forgetOldest } from '../sets.ts';
import { isOpenCarton, touchCarton, type Carton } from './carton.ts';
import type { Around, Outbound } from './outbound.ts';
import { noteCaught } from './pickErrors.ts';
import { takenOf } from './picked.ts';

/** Tags at benches that are remembered, the oldest forgotten first. */
const HEARD_MAX = 5000;

/** It is at a bench, as far as anybody knows. */
export function noteSeen(outbound: Outbound, { epc, location, readPoint, at }: Seen): void {
  const before = outbound.heard.get(epc);
  if (before !== undefined) outbound.benches.add(before.location);
  outbound.heard.delete(epc); // the newest last
  outbound.heard.set(epc, { location, readPoint, at });
  forgetOldest(outbound.heard, HEARD_MAX);
  outbound.benches.add(location);
}

/** It went somewhere else. */
export function noteGone(outbound: Outbound, epc: string, to: string): void {
  const heard = outbound.heard.get(epc);
  if (heard === undefined) return;
  outbound.benches.add(heard.location);
  if (heard.location !== to) outbound.heard.delete(epc);
}

/** Looks at the benches where something changed. */
export function lookAtBenches(outbound: Outbound, around: Around, draft: EffectsDraft): void {
  const benches = new Set(outbound.benches);
  outbound.benches.clear();
  if (benches.size === 0 || outbound.cartons.size === 0) return;
  for (const carton of outbound.cartons.values()) {
    if (!benches.has(carton.bench) || isOpenCarton(carton)) continue;
    carton.seen.clear();
    for (const epc of carton.wrong.keys()) notWrong(outbound, carton, epc, around.at, draft);
  }
  for (const bench of benches) {
    const open = [...outbound.cartons.values()]
      .filter((carton) => carton.bench === bench && isOpenCarton(carton))
      .sort((a, b) => b.openedAt - a.openedAt || (a.sscc < b.sscc ? 1 : -1));
    if (open.length > 0) lookAt(outbound, around, bench, open, draft);
  }
}

function lookAt(outbound: Outbound, around: Around, bench: string, open: readonly Carton[], draft: EffectsDraft): void {
  const seen = new Map(open.map((carton) => [carton, new Map<string, { line: string; sku: string }>()]));
  const wrong = new Map<string, string>();
  for (const [epc, { location, at }] of outbound.heard) {
    const { state, kind } = around.book.items.get(epc) ?? {};
    if (location !== bench || state?.sku === undefined || kind === 'container') continue;
    if (outbound.index.packedIn.has(epc)) continue;
    const taken = takenOf(outbound, epc);
    const own = open.find(({ order }) => order === taken?.order.id);
    if (own !== undefined) seen.get(own)!.set(epc, { line: taken!.taken.line, sku: state.sku });
    else if (at >= open[0]!.openedAt && !open.some(({ beside }) => beside.has(epc))) wrong.set(epc, state.sku);
  }
  for (const [carton, now] of seen) {
    if (isSame(carton.seen, now)) continue;
    carton.seen.clear();
    for (const [epc, one] of now) carton.seen.set(epc, one);
    touchCarton(outbound, carton);
  }
  for (const carton of open)
    for (const epc of carton.wrong.keys()) if (!wrong.has(epc)) notWrong(outbound, carton, epc, around.at, draft);
  for (const [epc, sku] of wrong)
    if (!open.some((carton) => carton.wrong.has(epc))) isWrong(outbound, around, open[0]!, epc, sku, draft);
}

const isSame = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean =>
  a.size === b.size && [...b.keys()].every((epc) => a.has(epc));

function isWrong(
  outbound: Outbound,
  { plan }: Around,
  carton: Carton,
  epc: string,
  sku: string,
  draft: EffectsDraft,
): void {
  const { at, readPoint } = outbound.heard.get(epc)!;
  const { sscc, order } = carton;
  const other = takenOf(outbound, epc)?.order.id;
  const discrepancy = contentId('discrepancy', plan.site, 'wrong-in-carton', sscc, epc, at);
  const message = `${epc} (${sku}) is at the bench with carton ${sscc} of ${order}, and was picked for ${other ?? 'nobody'}: take it out, or say that it lies beside it.`;
  carton.wrong.set(epc, { sku, discrepancy });
  touchCarton(outbound, carton);
  draft.discrepancies.push({
    id: discrepancy,
    kind: 'wrong-in-carton',
    severity: 'warning',
    happenedAt: at,
    epc,
    sku,
    location: carton.bench,
    readPoint,
    message,
  });
  const id = contentId('pick-error', plan.site, discrepancy);
  noteCaught(outbound, carton, { id, found: sku, code: 'wrong-in-carton', message, by: undefined, at });
}

function notWrong(outbound: Outbound, carton: Carton, epc: string, at: number, draft: EffectsDraft): void {
  const { discrepancy } = carton.wrong.get(epc)!;
  carton.wrong.delete(epc);
  settle(draft, discrepancy, Math.max(at, carton.changedAt), 'it is not with the carton any more');
  touchCarton(outbound, carton);
}
