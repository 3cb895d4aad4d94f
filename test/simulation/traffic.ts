// What the gateways of the simulated site have to say: goods that come in, lie about, are carried on and leave again, in a few
// dozen envelopes. A small pool of such mornings, so that what an undisturbed one leads to is found out once.
import { random, type Random } from '../../simulators/random.ts';
import type { SiteSource } from '../../src/config/plan.ts';
import { crossing, epcOf, lying, readEntries, smallSite, type ReadSpec } from '../support/sites.ts';
import { SITE } from './store.ts';

/** On a boundary of event time. */
export const STARTED_AT = Date.UTC(2026, 10, 23, 6);
export const TRAFFIC_MS = 70_000;
export const MORNINGS = 8;
export const SOURCE: SiteSource = { file: smallSite(SITE) };

const ENVELOPE_MS = 2000;
/** An envelope leaves the reader's buffer so long after its last read, at most. */
const PROMPT_MS = 300;
const GATEWAYS: Readonly<Record<string, readonly string[]>> = {
  'gw-1': ['door', 'over-a'],
  'gw-2': ['over-b', 'over-r'],
};

/** Fields of an envelope behind its head, and when the gateway has them, ms from the start. */
export interface Said {
  readonly at: number;
  readonly body: string;
}

export function morning(number: number): ReadonlyMap<string, readonly Said[]> {
  const chance = random(number, 'morning');
  // What crosses a door is weighed for milliseconds: most mornings have one tag that does.
  const others = number % 4 === 0 ? lot(11, 1, 20_000, chance) : found(11, 3, 9000, chance);
  const reads = [...lot(1, number % 4 === 1 ? 2 : 1, 4000, chance), ...others];
  return new Map(
    Object.entries(GATEWAYS).map(([gateway, readers]) => {
      const own = reads.filter(({ reader }) => readers.includes(reader!)).sort((a, b) => a.at - b.at);
      return [gateway, [...inEnvelopes(own, chance)]] as const;
    }),
  );
}

/** Some tags through the door, into one aisle, perhaps on into another, perhaps out again. */
function lot(serial: number, tags: number, from: number, chance: Random): ReadSpec[] {
  const epcs = Array.from({ length: tags }, (_, index) => epcOf(serial + index));
  const at = STARTED_AT + from;
  const aisles = chance.shuffled(['over-a', 'over-b', 'over-r']);
  const reads = [...crossing(epcs, 'in', at), ...lying(epcs, aisles[0]!, at + 6000, 9)];
  if (chance.chance(0.7)) reads.push(...lying(epcs, aisles[1]!, at + 16_000, 24));
  if (chance.chance(0.4)) reads.push(...crossing(epcs, 'out', at + 42_000));
  return reads;
}

/** Some tags that nobody saw come, in one aisle and then in another. */
function found(serial: number, tags: number, from: number, chance: Random): ReadSpec[] {
  const epcs = Array.from({ length: tags }, (_, index) => epcOf(serial + index));
  const [first, second] = chance.shuffled(['over-a', 'over-b', 'over-r']);
  return [...lying(epcs, first!, STARTED_AT + from, 11), ...lying(epcs, second!, STARTED_AT + from + 17_000, 26)];
}

function* inEnvelopes(reads: readonly ReadSpec[], chance: Random): Generator<Said> {
  for (let from = 0; from < TRAFFIC_MS; from += ENVELOPE_MS) {
    const some = reads.filter(({ at }) => at >= STARTED_AT + from && at < STARTED_AT + from + ENVELOPE_MS);
    if (some.length === 0) continue;
    const at = from + ENVELOPE_MS + chance.integer(0, PROMPT_MS);
    yield { at, body: JSON.stringify({ reads: readEntries(some) }).slice(1, -1) };
  }
}
