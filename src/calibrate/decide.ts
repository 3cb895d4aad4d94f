// A recording through the machines of a site: what was decided in the end, and what its portals have learned by then.
import type { SitePlan } from '../config/plan.ts';
import { deriveEnd, deriveRow, openMachine } from '../derive.ts';
import type { PassageEffect } from '../infer/effects.ts';
import { directionOf } from '../infer/passage.ts';
import type { Lore } from '../infer/radio/learn.ts';
import type { Level } from '../infer/signal.ts';
import type { Row } from '../wire/row.ts';
import type { Crossing } from '../../simulators/score/match.ts';

/** What a portal knows after the last read. */
export interface Learned {
  readonly lore: Lore;
  readonly level: Level;
}

export interface Decided {
  /** In their last revision, by time. */
  readonly passages: readonly PassageEffect[];
  /** By the id of the portal. */
  readonly learned: ReadonlyMap<string, Learned>;
}

export type Rows = AsyncIterable<Row> | Iterable<Row>;

/** With `end` everything open is closed after the last row, as at the end of a recording; a journal goes on. */
export async function decide(
  plan: SitePlan,
  rows: Rows,
  { end = true }: { readonly end?: boolean } = {},
): Promise<Decided> {
  const machine = openMachine(plan);
  const passages = new Map<string, PassageEffect>();
  for await (const row of rows)
    for (const passage of deriveRow(machine, row).passages) passages.set(passage.id, passage);
  if (end) for (const passage of deriveEnd(machine).passages) passages.set(passage.id, passage);
  const learned = machine.infer.areas.flatMap(({ plan: area, fold }) =>
    area.portals.map(({ id }, index) => [id, fold.portals[index]!] as const),
  );
  return {
    passages: [...passages.values()].sort((a, b) => momentOf(a) - momentOf(b) || (a.id < b.id ? -1 : 1)),
    learned: new Map(learned),
  };
}

/** When it crossed, or would have; else when it was last heard. */
export const momentOf = ({ crossedAt, lastAt }: Pick<PassageEffect, 'crossedAt' | 'lastAt'>): number =>
  crossedAt ?? lastAt;

/** Passages as crossings: by what was posted, or by what leads whether decided or not. */
export const crossingsOf = (passages: readonly PassageEffect[], by: 'outcome' | 'leading'): Crossing[] =>
  passages.flatMap((passage) => {
    const direction = directionOf(passage[by]);
    if (direction === undefined) return [];
    return [{ epc: passage.epc, readPoint: passage.readPoint, direction, at: momentOf(passage) }];
  });
