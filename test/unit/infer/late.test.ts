// Reads that come late find their place: decisions are taken back, what was posted is compensated, and in the end the books
// say what they would have said in time (promise P3).
import { describe, expect, it } from 'vitest';
import { given, type Scene, type Step, type Story } from '../../support/stories.ts';
import {
  balance,
  crossed,
  discrepancies,
  moved,
  nothingMoved,
  passage,
  sources,
  stock,
  within,
} from '../../support/storiesThen.ts';
import { after, booked, driven, heard, packed, said, takenAway, together, waited } from '../../support/storiesWhen.ts';
import {
  gtinOf,
  HOUR_MS,
  MINUTE_MS,
  MORNING,
  pallet,
  type Goods,
  palletEpc,
  SECOND_MS,
  strangeEpc,
} from '../../support/storiesSite.ts';
import type { Transaction } from '../../../src/infer/effects.ts';
import { formatTime } from '../../../src/wire/time.ts';

const goods = pallet('G', { tags: 6 });
const sku = gtinOf(1);
const [OUTSIDE, INSIDE] = ['door-1/1', 'door-1/3'];
/** Heard at two antennas in turn, four seconds each: by one ever louder, by the other ever less, as of what goes by. */
const through = (antennas: readonly string[], lateMs: readonly [number, number], who: Goods = goods, dbm = -52): Step =>
  together(
    ...antennas.flatMap((antenna, index) =>
      [0, 1, 2, 3].map((second) => {
        const awayDb = 4 * (index === 0 ? 3 - second : second);
        const often = { forMs: SECOND_MS, everyMs: 500, lateMs: lateMs[index]!, dbm: dbm - awayDb };
        return after((4 * index + second) * SECOND_MS, heard(who, antenna, often));
      }),
    ),
  );
const carriedIn = (lateMs = 0): Step => through([OUTSIDE, INSIDE], [lateMs, lateMs]);
/** By a forklift; held back when late. */
const drivenThrough = (direction: 'in' | 'out', lateMs = 0): Step[] => [
  driven(goods, direction, lateMs === 0 ? {} : { lateMs }),
  takenAway(goods),
];

const undoing = ({ ledger }: Scene) => ledger.transactions.filter(({ supersedes }) => supersedes !== undefined);
const contentOf = ({ epc, type, from, to, happenedAt, source }: Transaction) =>
  [epc, type, from, to, happenedAt, source].join(' ');

/**
 * Begins `late`, ends as if all had come in time: the same movements, and the same ids but for what was undone and came
 * back. Returns what began late.
 */
function sameAsInTime(story: (lateMs: number) => Story, lateMs: number): Scene {
  const [inTime, late] = [story(0).scene, story(lateMs).scene];
  expect(undoing(inTime)).toEqual([]);
  // Told in another order, when some of a load needed a second look and came late to it.
  const byContent = ({ ledger }: Scene): Transaction[] =>
    ledger.movements().toSorted((a, b) => (contentOf(a) < contentOf(b) ? -1 : 1));
  const [before, now] = [byContent(inTime), byContent(late)];
  expect(now.map(contentOf)).toEqual(before.map(contentOf));
  expect(Object.fromEntries(late.ledger.balances())).toEqual(Object.fromEntries(inTime.ledger.balances()));
  const undone = new Set(undoing(late).map((undo) => contentOf({ ...undo, from: undo.to, to: undo.from })));
  for (const [index, movement] of now.entries()) {
    const isSameId = movement.id === before[index]!.id;
    expect(isSameId, `the id of ${contentOf(movement)}`).toBe(!undone.has(contentOf(movement)));
  }
  return late;
}

describe('late reads', () => {
  it('make a passage of what seemed to have stayed, under the same name', () => {
    const { scene } = given()
      .when(through([OUTSIDE, INSIDE], [0, 3 * MINUTE_MS]))
      .then(passage(goods, 'stayed'), nothingMoved(goods))
      .when(waited(4 * MINUTE_MS))
      .then(passage(goods, 'in'), moved(goods, ['receive world → DOCK-1']));
    expect(scene.ledger.passages.size).toBe(goods.epcs.length);
    for (const { revision } of scene.ledger.passages.values()) expect(revision).toBeGreaterThanOrEqual(2);
    for (const { happenedAt } of scene.ledger.movements()) expect(happenedAt).toBeLessThan(MORNING + 10 * SECOND_MS);
  });

  it('take a passage back: what it moved is undone, by a transaction that names it', () => {
    const always = heard(goods, INSIDE, { forMs: 20 * SECOND_MS, everyMs: 250, dbm: -57, lateMs: 3 * MINUTE_MS });
    const { scene } = given()
      .when(together(always, after(8 * SECOND_MS, carriedIn())))
      .then(moved(goods, ['receive world → DOCK-1']))
      .when(waited(5 * MINUTE_MS))
      .then(nothingMoved(goods), stock(goods, 'world'), crossed(goods, []));
    const posted = new Map(scene.ledger.transactions.map((transaction) => [transaction.id, transaction]));
    expect(undoing(scene)).toHaveLength(goods.epcs.length);
    for (const { from, to, happenedAt, supersedes } of undoing(scene)) {
      expect(posted.get(supersedes!)).toMatchObject({ from: to, to: from, happenedAt });
    }
    expect(scene.ledger.balances().size).toBe(0);
  });

  it('of a movement before one that is known: what was posted from nowhere is posted from there', () => {
    const late = sameAsInTime(
      (lateMs) =>
        given()
          .when(...drivenThrough('in', lateMs), waited(MINUTE_MS), ...drivenThrough('out'), waited(5 * MINUTE_MS))
          .then(
            moved(goods, ['receive world → DOCK-1', 'ship DOCK-1 → world']),
            balance(sku, 'unknown', 0),
            balance(sku, 'supplier', -6),
            balance(sku, 'customer', 6),
            discrepancies(),
          ),
      4 * MINUTE_MS,
    );
    expect(undoing(late)).toHaveLength(goods.epcs.length);
  });

  it('of a single tag, too', () => {
    const one = pallet('one', { tags: 1 });
    const late = sameAsInTime(
      (lateMs) =>
        given()
          .when(driven(one, 'in', lateMs === 0 ? {} : { lateMs }), takenAway(one), waited(MINUTE_MS))
          .when(driven(one, 'out'), takenAway(one), waited(5 * MINUTE_MS))
          .then(moved(one, ['receive world → DOCK-1', 'ship DOCK-1 → world']), balance(sku, 'unknown', 0)),
      4 * MINUTE_MS,
    );
    expect(undoing(late)).toHaveLength(1);
  });

  it('of a door, after a zone has found it: it was received there, and put away', () => {
    const late = sameAsInTime(
      (lateMs) =>
        given()
          .when(...drivenThrough('in', lateMs), waited(10 * SECOND_MS), heard(goods, 'over-a/1'), waited(5 * MINUTE_MS))
          .then(
            moved(goods, ['receive world → DOCK-1', 'putaway DOCK-1 → A']),
            stock(goods, 'A', { status: 'available' }),
          ),
      4 * MINUTE_MS,
    );
    expect(undoing(late)).toHaveLength(goods.epcs.length);
  });

  it('of a zone, between two doors: what followed is judged anew', () => {
    sameAsInTime(
      (lateMs) =>
        given()
          .when(
            carriedIn(),
            waited(10 * SECOND_MS),
            heard(goods, 'over-a/1', { lateMs }),
            waited(MINUTE_MS),
            said({ kind: 'move', epc: goods.epcs[0]!, to: 'OUT' }),
            waited(6 * MINUTE_MS),
          )
          .then(stock({ ...goods, epcs: goods.epcs.slice(1) }, 'A')),
      4 * MINUTE_MS,
    );
  });

  it('that say the same again change nothing', () => {
    const { scene } = given()
      .when(together(carriedIn(), carriedIn(MINUTE_MS), carriedIn(5 * MINUTE_MS)), waited(6 * MINUTE_MS))
      .then(passage(goods, 'in'), moved(goods, ['receive world → DOCK-1']), discrepancies());
    expect(undoing(scene)).toEqual([]);
    for (const { revision } of scene.ledger.passages.values()) expect(revision).toBe(1);
  });

  it('of a reader whose backlog comes after an outage are the movements of then, not of now', () => {
    const { scene } = given()
      .when(...drivenThrough('in', 8 * MINUTE_MS), ...drivenThrough('out', 7 * MINUTE_MS), waited(10 * MINUTE_MS))
      .then(moved(goods, ['receive world → DOCK-1', 'ship DOCK-1 → world']));
    for (const { happenedAt } of scene.ledger.movements()) expect(happenedAt).toBeLessThan(MORNING + 2 * MINUTE_MS);
  });

  it('that come later than lateMs change nothing; they are told, once an hour', () => {
    const { scene } = given()
      .when(
        ...drivenThrough('in', 25 * MINUTE_MS),
        waited(20 * MINUTE_MS),
        ...drivenThrough('out'),
        waited(10 * MINUTE_MS),
      )
      .then(moved(goods, ['ship DOCK-1 → world']), discrepancies('late-reads'));
    expect([...scene.ledger.discrepancies.values()]).toHaveLength(1);
    expect([...scene.ledger.discrepancies.values()][0]).toMatchObject({ readPoint: 'DOOR-1', severity: 'warning' });
  });

  it('of zones that come later than lateMs are told too', () => {
    given(booked(goods, 'B'))
      .when(
        heard(goods, 'over-b/1', { forMs: HOUR_MS, everyMs: 20 * SECOND_MS }),
        after(-30 * MINUTE_MS, heard(goods, 'over-a/1', { lateMs: 30 * MINUTE_MS })),
      )
      .when(waited(10 * MINUTE_MS))
      .then(stock(goods, 'B'), moved(goods, ['receive world → B']), discrepancies('late-reads'));
  });
});

describe('late words', () => {
  const strange = { name: 'S', epcs: [1, 2].map(strangeEpc) };
  const P1 = { name: 'P1', epcs: [palletEpc(21)] };
  const early = (ms: number): string => formatTime(MORNING + ms);

  it('that it was packed before it went: its container went with it, and what was not read', () => {
    const half = { name: 'H', epcs: goods.epcs.slice(0, 3) };
    const rest = { name: 'R', epcs: goods.epcs.slice(3) };
    const out = through([INSIDE, OUTSIDE], [0, 0], half);
    const pack = said({
      kind: 'pack',
      container: P1.epcs[0]!,
      epcs: [...goods.epcs],
      at: early(30 * SECOND_MS),
    });
    const ends = [
      stock(goods, 'customer'),
      stock(P1, 'customer'),
      within(goods, P1),
      sources(rest, ['person', 'person', 'inferred']),
      sources(half, ['person', 'person', 'read']),
    ];
    given(booked(P1, 'PACK'), booked(goods, 'PACK'))
      .when(waited(MINUTE_MS), out, waited(MINUTE_MS), pack)
      .then(...ends);
    given(booked(P1, 'PACK'), booked(goods, 'PACK'))
      .when(waited(28 * SECOND_MS), packed(goods, P1), waited(31 * SECOND_MS), out)
      .then(...ends);
  });

  it('what it is, from before it came: its movements are posted anew, with quantities', () => {
    const identified = strange.epcs.map((epc) => said({ kind: 'identify', epc, sku: 'CRATE', at: early(0) }));
    given()
      .when(waited(MINUTE_MS), heard(strange, 'over-a/1'), heard(strange, 'bench-1/1'), ...identified)
      .then(balance('CRATE', 'PACK', 2), balance('CRATE', 'supplier', -2), balance('CRATE', 'unknown', 0));
  });
});

describe('a thing and its container', () => {
  it('heard a minute before its container is, it is still in it', () => {
    const P1 = { name: 'P1', epcs: [palletEpc(22)] };
    const [first] = [{ name: 'F', epcs: goods.epcs.slice(0, 1) }];
    given(booked(goods, 'PACK'))
      .when(
        packed(goods, P1),
        waited(MINUTE_MS),
        heard(first, 'over-a/1'),
        waited(MINUTE_MS / 2),
        heard(P1, 'over-a/1'),
      )
      .then(stock(goods, 'A'), within(goods, P1));
  });
});
