// Items that may not be where the books have them: silence is held against what the zone hears of others, hour by hour.
import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { openMachine, type SiteMachine } from '../../../../src/derive.ts';
import { restorePart, endRestoring } from '../../../../src/post/restoreSnapshot.ts';
import { PARTS, takeSnapshot } from '../../../../src/post/snapshot.ts';
import { random } from '../../../../simulators/random.ts';
import { derive, heardIn, LOST, TAGS, type Told } from '../../../support/doubts.ts';
import { commandRow } from '../../../support/storiesRows.ts';
import { HOUR_MS, MINUTE_MS, MORNING, site } from '../../../support/storiesSite.ts';

const at = (hours: number): number => MORNING + hours * HOUR_MS;
const WEEK = 7 * 24;
const outcomesOf = ({ effects }: Told) => effects.flatMap(({ outcome }) => outcome?.outcome ?? []);
const summary = ({ doubts }: Told) =>
  doubts.map(({ epc, openedAt, closedAt, end, probability, steps }) => ({
    epc,
    openedAt,
    closedAt,
    end,
    probability,
    steps,
  }));

describe('an item that nobody saw go', () => {
  const told = derive(heardIn({ hours: 2 * WEEK, goneAfter: WEEK }));

  it('is doubted within two days, and more and more, and nothing else is', () => {
    expect(told.doubts).toHaveLength(1);
    const [doubt] = told.doubts;
    expect(doubt).toMatchObject({ epc: LOST, location: 'A', zone: 'AISLE-A', closedAt: undefined, end: undefined });
    expect(doubt!.openedAt).toBeGreaterThan(at(WEEK));
    expect(doubt!.openedAt).toBeLessThan(at(WEEK + 48));
    expect(doubt!.probability).toBeGreaterThan(0.9);
    const steps = doubt!.steps.map(({ probability }) => probability);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(steps[0]).toBeGreaterThanOrEqual(0.3);
  });

  it('says what it was concluded from', () => {
    const { evidence } = told.doubts[0]!;
    expect(evidence.answers).toBeGreaterThan(0.8);
    expect(evidence.heardAt).toBeLessThanOrEqual(at(WEEK));
    expect(evidence.heardAt).toBeGreaterThan(at(WEEK - 4));
    expect(evidence.silentHours).toBeGreaterThan(WEEK - 8);
    expect(evidence).toMatchObject({ sweeps: 0, shortPicks: 0 });
  });

  it('is the same after a restart at any row', () => {
    const again = derive(heardIn({ hours: 2 * WEEK, goneAfter: WEEK }), [], site(), (machine, row) =>
      row.offset % 1511 === 0 ? restarted(machine) : machine,
    );
    expect(summary(again)).toEqual(summary(told));
  });

  it('is the same when the reads of every other minute come up to five minutes late', () => {
    const chance = random(1, 'late');
    const late = heardIn({ hours: 2 * WEEK, goneAfter: WEEK }).map((one) => {
      const { seenAt } = 'read' in one ? one.read : { seenAt: 0 };
      const isLate = Math.floor(seenAt / (30 * MINUTE_MS)) % 2 === 0;
      return isLate ? { ...one, arrivesAt: seenAt + chance.between(0, 5 * MINUTE_MS) } : one;
    });
    const again = derive(late);
    expect(summary(again)).toEqual(summary(told));
  });
});

/** All parts of all snapshots taken of it, as a store would have them. */
const stores = new WeakMap<SiteMachine, Map<string, Buffer | undefined>>();
function restarted(machine: SiteMachine): SiteMachine {
  const store = stores.get(machine) ?? new Map<string, Buffer | undefined>();
  const { parts, offset } = takeSnapshot(machine);
  for (const { part, key, content } of parts) store.set(`${part} ${key}`, content);
  const next = openMachine(machine.infer.plan);
  for (const wanted of PARTS) {
    for (const [name, content] of [...store].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const [part, key = ''] = name.split(' ');
      if (part === wanted && content !== undefined) restorePart(next, wanted, key, serialize(deserialize(content)));
    }
  }
  endRestoring(next, offset);
  stores.set(next, store);
  return next;
}

describe('silence that says nothing', () => {
  it('of a zone whose reader is away for days', () => {
    expect(derive(heardIn({ hours: 2 * WEEK, away: [WEEK, 2 * WEEK] })).doubts).toEqual([]);
  });

  it('of an antenna that is dead while the other one of the zone hears', () => {
    expect(derive(heardIn({ hours: WEEK + 72, dead: [WEEK, WEEK + 72] })).doubts).toEqual([]);
  });

  it('of a tag that answers every other day at best', () => {
    const { doubts } = derive(heardIn({ hours: 2 * WEEK, perHour: 0.03 }));
    expect(doubts.filter(({ probability }) => probability >= 0.9)).toEqual([]);
  });
});

describe('a doubt', () => {
  const gone = heardIn({ hours: WEEK + 72, goneAfter: WEEK });

  it('is over as soon as the tag is heard again', () => {
    const back = at(WEEK + 70.5);
    const read = { reader: 'over-a', antenna: 1, epc: LOST, rssiDbm: -60, seenAt: back };
    const { doubts } = derive([...gone, { read }]);
    expect(doubts).toHaveLength(1);
    expect(doubts[0]).toMatchObject({ epc: LOST, end: 'heard' });
    expect(doubts[0]!.closedAt! - back).toBeLessThan(5 * MINUTE_MS);
  });

  it('is over when somebody finds the item, where it should be or elsewhere', () => {
    for (const location of [undefined, 'A-01', 'HOLD']) {
      const told = derive(gone, [
        commandRow(at(WEEK + 60), { kind: 'check-item', epc: LOST, found: true, ...(location && { location }) }),
      ]);
      expect(told.doubts[0]).toMatchObject({ epc: LOST, end: 'found' });
      expect(outcomesOf(told)).toMatchObject([
        { status: 'done', transactions: { length: location === undefined ? 0 : 1 } },
      ]);
    }
  });

  it('is over when somebody says that it is missing, and only then is it out of the books', () => {
    const before = derive(gone);
    expect(before.machine.infer.book.items.get(LOST)!.state.location).toBe('A');
    const told = derive(gone, [commandRow(at(WEEK + 60), { kind: 'check-item', epc: LOST, found: false })]);
    expect(told.doubts.at(-1)).toMatchObject({ epc: LOST, end: 'missing' });
    expect(told.machine.infer.book.items.get(LOST)!.state.location).toBe('adjustment');
    const posted = told.effects
      .flatMap(({ transactions }) => transactions)
      .filter(({ epc, type }) => epc === LOST && type === 'adjust');
    expect(posted).toHaveLength(1);
  });

  it('is over when the item turns up elsewhere', () => {
    const told = derive(gone, [commandRow(at(WEEK + 60), { kind: 'move', epc: LOST, to: 'PACK' })]);
    expect(told.doubts[0]).toMatchObject({ epc: LOST, end: 'moved' });
  });
});

describe('a sweep', () => {
  const short = heardIn({ hours: WEEK + 12, goneAfter: WEEK });
  const sweep = (epcs: readonly string[], location = 'A') =>
    commandRow(at(WEEK + 10), { kind: 'sweep', location, epcs: [...epcs] });

  it('that does not find an item which has been silent for hours makes it doubtful at once, and takes nothing out of the books', () => {
    expect(derive(short).doubts).toEqual([]);
    const told = derive(short, [sweep(TAGS.slice(1))]);
    expect(told.doubts).toHaveLength(1);
    expect(told.doubts[0]).toMatchObject({ epc: LOST, evidence: { sweeps: 1 }, closedAt: undefined });
    const [outcome] = outcomesOf(told);
    expect(outcome).toMatchObject({
      status: 'done',
      detail: { found: TAGS.length - 1, notFound: 1, missing: [{ epc: LOST }] },
    });
    expect(told.machine.infer.book.items.get(LOST)!.state.inBooks).toBe(true);
  });

  it('that misses what the zone heard a minute ago doubts nothing of it', () => {
    const told = derive(heardIn({ hours: WEEK + 12 }), [sweep(TAGS.slice(3))]);
    expect(told.doubts).toEqual([]);
  });

  it('moves what it finds of another place, and names what nobody knows', () => {
    const told = derive(short, [sweep([...TAGS, 'AD380000'], 'R')]);
    const [outcome] = outcomesOf(told);
    expect(outcome).toMatchObject({ status: 'done', detail: { found: 0, elsewhere: TAGS, unknown: ['AD380000'] } });
    expect(told.machine.infer.book.items.get(LOST)!.state.location).toBe('R');
  });
});

describe('a check that makes no sense is refused', () => {
  const few = heardIn({ hours: 2 });
  const refusalOf = (command: Parameters<typeof commandRow>[1]) =>
    outcomesOf(derive(few, [commandRow(at(1.9), command)]))[0];

  it.each([
    ['unknown-item', { kind: 'check-item', epc: 'AD38000000000000000000FF', found: true }, /^epc: /],
    ['unknown-location', { kind: 'check-item', epc: LOST, found: true, location: 'NOWHERE' }, /^location: NOWHERE/],
    ['contradiction', { kind: 'check-item', epc: LOST, found: false, location: 'A' }, /^location: leave it out/],
    ['unknown-location', { kind: 'sweep', location: 'NOWHERE', epcs: [] }, /^location: NOWHERE/],
  ] as const)('%s', (code, command, message) => {
    const refusal = refusalOf(command as Parameters<typeof commandRow>[1]);
    expect(refusal).toMatchObject({ status: 'refused', code });
    expect(refusal).toHaveProperty('message', expect.stringMatching(message));
  });

  it('not-in-books', () => {
    const gone = commandRow(at(1.5), { kind: 'remove', epc: LOST });
    for (const found of [true, false]) {
      const told = derive(heardIn({ hours: 2, goneAfter: 1 }), [
        gone,
        commandRow(at(1.9), { kind: 'check-item', epc: LOST, found }),
      ]);
      expect(outcomesOf(told)[1]).toMatchObject({ status: 'refused', code: 'not-in-books' });
    }
  });
});
