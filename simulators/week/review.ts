// Who looks at what the doors left undecided and at what they told falsely: a person who was there.
import type { ToldPassage } from './told.ts';
import type { House } from './house.ts';
import type { Week } from './week.ts';

const REVIEWER = 'rob';
/** A passage that was told and a journey that was are the same within this. */
const SAME_MS = 6000;

/** What truly became of the tag then, at that door. */
function truthOf({ journeys }: House, { epc, readPoint, crossedAt, lastAt }: ToldPassage): 'in' | 'out' | 'stayed' {
  const when = crossedAt ?? lastAt;
  const journey = journeys.find(
    (one) => one.epc === epc && one.door === readPoint && Math.abs(one.at - when) <= SAME_MS,
  );
  return journey?.direction ?? 'stayed';
}

/** Decides passages that are undecided, and takes back those of which an alarm says that something left which did not. */
export function review(week: Week, house: House): void {
  const { site } = house;
  const { books } = week.plant.site(site);
  const undecided = [...books.passages.values()].filter(({ outcome }) => outcome === 'undecided');
  for (const passage of undecided) {
    const outcome = truthOf(house, passage);
    week.undecided.add(passage.id);
    week.say(site, REVIEWER, { kind: 'decide', passage: passage.id, outcome }, 'overtaken', 'unknown-passage');
  }
  const crossed = [...books.passages.values()].filter(({ outcome }) => outcome === 'in' || outcome === 'out');
  for (const passage of crossed) {
    const truly = truthOf(house, passage);
    if (truly === passage.outcome) continue;
    const isTold = [...books.discrepancies.values()].some(
      ({ id, epc }) => epc === passage.epc && !books.settled.has(id),
    );
    if (isTold)
      week.say(site, REVIEWER, { kind: 'decide', passage: passage.id, outcome: truly }, 'overtaken', 'unknown-passage');
  }
  gradeFalselyReturned(week, house);
}

/** What the books had outside and is found here comes back to them as returned; who knows that it never left says so. */
function gradeFalselyReturned({ plant, truth, say }: Week, { site }: House): void {
  const { books } = plant.site(site);
  for (const { epc, status, location } of books.items.values()) {
    const { spot } = truth.units.get(epc) ?? {};
    if (status !== 'returned' || spot?.site !== site || spot.status !== 'available' || spot.location !== location)
      continue;
    say(site, REVIEWER, { kind: 'hold', epc, status: 'available', code: 'correction', reason: 'it never left' });
  }
}
