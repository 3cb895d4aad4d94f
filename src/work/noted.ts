// What comes with a truck and is not on its documents: noted on the receipt while the truck is still there.
import type { SitePlan } from '../config/plan.ts';
import type { EffectsDraft } from '../infer/effects.ts';
import { contentId } from '../kit/ids.ts';
import type { Inbound } from './inbound.ts';
import { touch, type Waiting, type WorkState } from './work.ts';

/** What came with one receipt and is not on its documents: so much is listed. */
const NOTED_MAX = 200;

export const settle = (draft: EffectsDraft, id: string, at: number, how: string): void =>
  void draft.settled.push({ id, by: 'tallygate', at, how });

/** Whose truck stands at the door: the receipts that are open there, the last one first. */
const receiptsAt = (work: WorkState, door: string | undefined): Inbound[] =>
  door === undefined
    ? []
    : [...work.inbounds.values()]
        .filter(({ receipt }) => receipt?.door === door)
        .sort((a, b) => b.receipt!.openedAt - a.receipt!.openedAt || (a.id < b.id ? -1 : 1));

/** It is on no document, and came with the truck at the door: the receipt opened there last says so. */
export function noteUnexpected(work: WorkState, { transaction, epc, sku, quantity, readPoint }: Waiting): void {
  const [inbound] = receiptsAt(work, readPoint);
  if (inbound === undefined) return;
  note(work, inbound, { why: 'unexpected', transaction, epc: epc ?? null, sku: sku ?? null, quantity, inbound: null });
}

/** Somebody said whose truck stands at the door, and this is of another supplier. */
export function noteWrongSupplier(
  work: WorkState,
  plan: SitePlan,
  inbound: Inbound,
  goods: Waiting,
  draft: EffectsDraft,
): void {
  const there = receiptsAt(work, goods.readPoint).filter(({ receipt }) => receipt!.by !== undefined);
  const truck = there[0];
  if (truck === undefined || there.some(({ supplier }) => supplier === inbound.supplier)) return;
  const { transaction, epc, sku, quantity, at, readPoint } = goods;
  const noted = { why: 'wrong-supplier', epc: epc ?? null, sku: sku ?? null, quantity, inbound: inbound.id } as const;
  note(work, truck, { ...noted, transaction });
  draft.discrepancies.push({
    id: wrongSupplierId(plan.site, transaction),
    kind: 'wrong-supplier',
    severity: 'warning',
    happenedAt: at,
    epc,
    sku,
    readPoint,
    transaction,
    message: `It is of ${inbound.id} (${inbound.supplier}), but the truck at ${readPoint} is of ${truck.supplier}: ask the driver.`,
  });
}

const wrongSupplierId = (site: string, transaction: string): string =>
  contentId('discrepancy', site, 'wrong-supplier', transaction);

function note(work: WorkState, inbound: Inbound, noted: Inbound['noted'][number]): void {
  if (inbound.noted.length >= NOTED_MAX || inbound.noted.some((one) => one.transaction === noted.transaction)) return;
  inbound.noted.push(noted);
  touch(work, inbound);
}

/** It was taken back, or a document was found for it. */
export function forgetNoted(
  work: WorkState,
  plan: SitePlan,
  transaction: string,
  at: number,
  draft: EffectsDraft,
): void {
  for (const inbound of work.inbounds.values()) {
    const noted = inbound.noted.find((one) => one.transaction === transaction);
    if (noted === undefined) continue;
    inbound.noted = inbound.noted.filter((one) => one !== noted);
    touch(work, inbound);
    if (noted.why === 'wrong-supplier')
      settle(draft, wrongSupplierId(plan.site, transaction), at, 'it did not come in after all');
  }
}
