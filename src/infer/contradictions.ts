// A list expects a tag to cross one way, and it was decided to have crossed the other: told while the truck is still there, and
// taken back with the decision. The decision stands.
import type { AreaChange } from './area.ts';
import type { SitePlan } from '../config/plan.ts';
import { contentId } from '../kit/ids.ts';
import type { Book } from './book.ts';
import type { EffectsDraft } from './effects.ts';
import type { ExpectationLookup } from './fold.ts';
import { stateBefore } from './item.ts';
import { directionOf, type Decision } from './passage.ts';

interface Around {
  readonly plan: SitePlan;
  readonly book: Book;
  readonly expectationOf: ExpectationLookup;
}

/** Adds to the draft what decisions that came or went contradict; the book has taken them in by now. */
export function tellContradictions(
  { plan, book, expectationOf }: Around,
  { withdrawn, decided }: AreaChange,
  draft: EffectsDraft,
  epcOf: (tag: number) => string,
): void {
  const idOf = ({ tag, portal, crossedAt }: Decision): string =>
    contentId('discrepancy', plan.site, 'wrong-way', plan.readPoints[portal]!.id, epcOf(tag), crossedAt!);
  const told = new Set<string>();
  for (const decision of decided) {
    const direction = directionOf(decision.outcome);
    if (direction === undefined) continue;
    const at = decision.crossedAt!;
    const { id: readPoint } = plan.readPoints[decision.portal]!;
    const expected = expectationOf(decision.tag, readPoint, at);
    if (expected === undefined || expected.direction === direction) continue;
    const epc = epcOf(decision.tag);
    // What is already where it was expected to go may come back.
    const item = book.items.get(epc);
    const isInside = item !== undefined && plan.locations.has(stateBefore(item, at).location);
    if (isInside === (expected.direction === 'in')) continue;
    const id = idOf(decision);
    told.add(id);
    draft.discrepancies.push({
      id,
      kind: 'wrong-way',
      severity: 'warning',
      happenedAt: at,
      epc,
      readPoint,
      message: `It went ${direction} although ${expected.list.replace(/^inbound:/, '')} expects it ${expected.direction}: look before the truck leaves.`,
    });
  }
  for (const decision of withdrawn) {
    if (directionOf(decision.outcome) === undefined || told.has(idOf(decision))) continue;
    // Whether it was told is not remembered, and what was expected then may not be any more: settling what is not open changes nothing.
    const how = 'later reads changed the decision';
    draft.settled.push({ id: idOf(decision), by: 'tallygate', at: decision.crossedAt!, how });
  }
}
