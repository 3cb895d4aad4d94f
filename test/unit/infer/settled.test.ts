// What happened to a thing days ago is settled: it rests in little memory, nobody changes it any more, and it goes on from there.
import { describe, expect, it } from 'vitest';
import { deriveRow, openMachine } from '../../../src/derive.ts';
import { TRIM_EVERY_ROWS } from '../../../src/infer/infer.ts';
import { lastChangeOf } from '../../../src/infer/item.ts';
import type { CommandOutcome } from '../../../src/wire/command.ts';
import { formatTime } from '../../../src/wire/time.ts';
import { commandRow, placed } from '../../support/storiesRows.ts';
import { HOUR_MS, itemEpc, MINUTE_MS, MORNING, palletEpc, site } from '../../support/storiesSite.ts';

const DAY_MS = 24 * HOUR_MS;
const [epc, other] = [itemEpc(1, 1), itemEpc(1, 2)] as const;
const carton = palletEpc(1);

/** Commands at their times after the morning; things settle after every one that is due. */
function said(
  plan = site(),
  ...commands: readonly (readonly [at: number, command: Parameters<typeof commandRow>[1]])[]
) {
  const machine = openMachine(plan);
  const outcomes: (CommandOutcome | undefined)[] = [];
  for (const row of placed(commands.map(([at, command]) => commandRow(MORNING + at, command))))
    outcomes.push(deriveRow(machine, { ...row, offset: row.offset * TRIM_EVERY_ROWS }).outcome?.outcome);
  return { outcomes, item: (of: string) => machine.infer.book.items.get(of)!, machine };
}

const moves = (of: string, to: string, at?: number) => ({
  kind: 'move' as const,
  epc: of,
  to,
  ...(at === undefined ? {} : { at: formatTime(MORNING + at) }),
});

describe('an item of which nothing was said for settledAfterMs', () => {
  it('keeps what it has become, and none of how', () => {
    const { item, machine } = said(
      site(),
      [0, moves(epc, 'A')],
      [MINUTE_MS, moves(epc, 'B')],
      [4 * DAY_MS, moves(other, 'A')],
    );
    expect(item(epc)).toMatchObject({ claims: [], results: [], settledTo: MORNING + MINUTE_MS });
    expect(item(epc).state).toMatchObject({ location: 'B', inBooks: true, since: MORNING + MINUTE_MS });
    const { base, state } = item(epc);
    expect(base).toBe(state);
    expect(item(other).claims).toHaveLength(1);
    expect([...machine.infer.book.restless.values()].flatMap((items) => [...items])).toEqual([item(other)]);
  });

  it('is still open to change before', () => {
    const { item, outcomes } = said(
      site(),
      [0, moves(epc, 'A')],
      [MINUTE_MS, moves(epc, 'B')],
      [2 * DAY_MS, moves(epc, 'PACK', MINUTE_MS / 2)],
    );
    expect(outcomes[2]).toMatchObject({ status: 'done' });
    expect(item(epc).results.map(({ state }) => state.location)).toEqual(['A', 'PACK', 'B']);
  });

  it('takes nothing any more from before what it has become, and everything after', () => {
    const { item, outcomes } = said(
      site(),
      [0, moves(epc, 'A')],
      [MINUTE_MS, moves(epc, 'B')],
      [4 * DAY_MS, moves(other, 'A')],
      [4 * DAY_MS + 1, moves(epc, 'PACK', MINUTE_MS / 2)],
      [4 * DAY_MS + 2, moves(epc, 'HOLD', 2 * MINUTE_MS)],
    );
    expect(outcomes.slice(3)).toMatchObject([{ status: 'refused', code: 'overtaken' }, { status: 'done' }]);
    expect(item(epc).state).toMatchObject({ location: 'HOLD', since: MORNING + 2 * MINUTE_MS });
    expect(lastChangeOf(item(epc))).toBe(MORNING + 2 * MINUTE_MS);
  });

  it('settles sooner where the site file says so', () => {
    const soon = site({}, { settledAfterMs: 2 * HOUR_MS });
    const { item } = said(soon, [0, moves(epc, 'A')], [4 * HOUR_MS, moves(other, 'A')]);
    expect(item(epc).claims).toEqual([]);
  });

  it('still goes with what it was packed into, and with nothing it was taken out of', () => {
    const { item, machine } = said(
      site(),
      [0, moves(carton, 'A')],
      [1, moves(epc, 'A')],
      [2, moves(other, 'A')],
      [3, { kind: 'pack', container: carton, epcs: [epc, other] }],
      [4, { kind: 'unpack', container: carton, epcs: [other] }],
      [4 * DAY_MS, moves(itemEpc(1, 3), 'A')],
      [4 * DAY_MS + 1, moves(carton, 'B')],
    );
    expect([epc, other].map((one) => item(one).state.location)).toEqual(['B', 'A']);
    expect([...machine.infer.book.contents.get(carton)!]).toEqual([epc]);
  });
});
