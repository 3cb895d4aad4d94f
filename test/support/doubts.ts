// Days under two zones, for tests of doubts: tags that answer a few times an hour, and what becomes of one of them.
import { random } from '../../simulators/random.ts';
import { deriveRow, openMachine, type SiteMachine } from '../../src/derive.ts';
import type { SitePlan } from '../../src/config/plan.ts';
import type { Doubt } from '../../src/infer/doubt/doubt.ts';
import type { Effects } from '../../src/infer/effects.ts';
import type { Row } from '../../src/wire/row.ts';
import { rowsOf, placed, type Seen, type Unplaced } from './storiesRows.ts';
import { HOUR_MS, itemEpc, MORNING, SECOND_MS, site, SITE } from './storiesSite.ts';

export const TAGS = Array.from({ length: 12 }, (_, index) => itemEpc(1, 100 + index));
export const LOST = TAGS[0]!;

export interface Days {
  readonly hours: number;
  /** Hours from the beginning after which the tag is not heard any more. */
  readonly goneAfter?: number;
  /** Hours in which nothing is heard of the zone, and in which antenna 1 of it hears nothing. */
  readonly away?: readonly [from: number, to: number];
  readonly dead?: readonly [from: number, to: number];
  readonly perHour?: number;
}

/** What zone A (two antennas) hears: each tag is heard by one of them. Another zone is heard all the time. */
export function heardIn({ hours, goneAfter = Infinity, away, dead, perHour = 6 }: Days): Seen[] {
  const within = (hour: number, span: Days['away']): boolean => span !== undefined && hour >= span[0] && hour < span[1];
  const seen: Seen[] = [];
  for (const [index, epc] of [...TAGS, itemEpc(2, 1), itemEpc(2, 2)].entries()) {
    const chance = random(1, 'doubts', epc);
    const isThere = index < TAGS.length;
    const antenna = 1 + (index % 2);
    for (let at = chance.exponential(1 / perHour); at < hours; at += chance.exponential(1 / perHour)) {
      if (epc === LOST && at >= goneAfter) break;
      if (isThere && (within(at, away) || (antenna === 1 && within(at, dead)))) continue;
      const seenAt = Math.round(MORNING + at * HOUR_MS);
      const reader = isThere ? 'over-a' : 'over-b';
      const one = { reader, antenna: isThere ? antenna : 1, epc, rssiDbm: -60 };
      seen.push({ read: { ...one, seenAt } }, { read: { ...one, seenAt: seenAt + 7 * SECOND_MS } });
    }
  }
  return seen;
}

export interface Told {
  readonly machine: SiteMachine;
  readonly rows: readonly Row[];
  readonly effects: readonly Effects[];
  /** As they were told last, by EPC and when they opened. */
  readonly doubts: readonly Doubt[];
}

/** Derives what was seen and said; `turn` may put another machine in the place of the one that is, after each row. */
export function derive(
  seen: readonly Seen[],
  commands: readonly Unplaced[] = [],
  plan: SitePlan = site(),
  turn: (machine: SiteMachine, row: Row) => SiteMachine = (machine) => machine,
): Told {
  let machine = openMachine(plan);
  const rows = placed(
    [...rowsOf(seen, 60 * SECOND_MS), ...commands].toSorted((a, b) => a.receivedAt - b.receivedAt),
    1,
    SITE,
  );
  const effects: Effects[] = [];
  for (const row of rows) {
    effects.push(deriveRow(machine, row));
    machine = turn(machine, row);
  }
  const doubts = new Map<string, Doubt>();
  for (const effect of effects) for (const doubt of effect.doubts) doubts.set(doubt.id, doubt);
  return { machine, rows, effects, doubts: [...doubts.values()] };
}
