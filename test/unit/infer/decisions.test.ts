// A person decides what no portal could: the word of a person is final, and what it undoes is undone.
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/infer/passage.ts';
import { given, type Step } from '../../support/stories.ts';
import {
  answered,
  crossed,
  moved,
  nothingMoved,
  passage,
  sources,
  stock,
  undecided,
} from '../../support/storiesThen.ts';
import {
  after,
  booked,
  driven,
  heard,
  parked,
  said,
  saidOf,
  takenAway,
  together,
  waited,
} from '../../support/storiesWhen.ts';
import { HOUR_MS, MINUTE_MS, pallet, SECOND_MS, type Goods } from '../../support/storiesSite.ts';

const one = pallet('U', { tags: 1 });
/** Perhaps in through door 1. */
const glimpsed: Step[] = ['door-1/1', 'door-1/3'].map((antenna) =>
  heard(one, antenna, { forMs: SECOND_MS, everyMs: 500, dbm: -66 }),
);
const decided = (goods: Goods, outcome: Exclude<Outcome, 'undecided'>): Step =>
  saidOf(({ ledger }) =>
    [...ledger.passages.values()]
      .filter(({ epc }) => goods.epcs.includes(epc))
      .map(({ id }) => ({ kind: 'decide', passage: id, outcome, reason: 'seen on camera' })),
  );

describe('an undecided passage', () => {
  it('moves when a person says that it crossed', () => {
    given()
      .when(...glimpsed)
      .then(undecided(one, 'in'), nothingMoved(one))
      .when(decided(one, 'in'))
      .then(
        passage(one, 'in'),
        moved(one, ['receive world → DOCK-1']),
        sources(one, ['person']),
        stock(one, 'DOCK-1', { status: 'available' }),
      );
  });

  it('in the other direction, too', () => {
    given(booked(one, 'A'))
      .when(...glimpsed)
      .when(decided(one, 'out'))
      .then(passage(one, 'out'), moved(one, ['receive world → A', 'ship DOCK-1 → world']));
  });

  it('moves nothing when a person says that it did not cross', () => {
    given()
      .when(...glimpsed)
      .when(decided(one, 'turned_back'))
      .then(passage(one, 'turned_back'), nothingMoved(one));
  });

  it('waits for a person as long as it takes', () => {
    given()
      .when(...glimpsed)
      .when(waited(5 * HOUR_MS), decided(one, 'in'))
      .then(moved(one, ['receive world → DOCK-1']));
  });

  it('is dated like the crossing that it may have been', () => {
    const { scene } = given()
      .when(...glimpsed)
      .when(waited(MINUTE_MS), decided(one, 'in'));
    const [told] = [...scene.ledger.passages.values()];
    expect(scene.ledger.movements()[0]).toMatchObject({
      happenedAt: told!.crossedAt,
      confidence: 1,
      actor: 'op-1',
      reason: 'seen on camera',
      readPoint: 'DOOR-1',
      decision: { id: told!.id, revision: 2 },
    });
  });
});

describe('a person and the machine', () => {
  const goods = pallet('P', { tags: 4 });

  it('what the machine posted is undone when a person says that it did not cross', () => {
    const { scene } = given()
      .when(driven(goods, 'in'))
      .then(moved(goods, ['receive world → DOCK-1']))
      .when(decided(goods, 'stayed'))
      .then(passage(goods, 'stayed'), nothingMoved(goods), stock(goods, 'world'));
    const undoing = scene.ledger.transactions.filter(({ supersedes }) => supersedes !== undefined);
    expect(undoing).toHaveLength(goods.epcs.length);
    expect(scene.ledger.balances().size).toBe(0);
  });

  it('what the machine posted is turned round when a person says that it went the other way', () => {
    given(booked(goods, 'A'))
      .when(driven(goods, 'in'))
      .when(decided(goods, 'out'))
      .then(
        crossed(goods, ['out DOOR-1']),
        moved(goods, ['receive world → A', 'ship DOCK-1 → world']),
        stock(goods, 'customer'),
      );
  });

  it('what is said twice is done once, and a person may think better of it', () => {
    given()
      .when(driven(goods, 'in'))
      .when(decided(goods, 'in'), decided(goods, 'in'))
      .then(moved(goods, ['receive world → DOCK-1']))
      .when(decided(goods, 'stray'))
      .then(nothingMoved(goods))
      .when(decided(goods, 'in'))
      .then(moved(goods, ['receive world → DOCK-1']), stock(goods, 'DOCK-1'));
  });

  it('later movements are judged anew', () => {
    given()
      .when(driven(goods, 'in'), takenAway(goods), heard(goods, 'over-a/1'))
      .then(moved(goods, ['receive world → DOCK-1', 'putaway DOCK-1 → A']))
      .when(decided(goods, 'stayed'))
      .then(moved(goods, ['receive world → A']), stock(goods, 'A'));
  });

  it('late reads do not change the word of a person', () => {
    const late = (dbm: number): Step =>
      heard(one, 'door-1/1', { forMs: 3 * SECOND_MS, everyMs: 250, dbm, lateMs: 4 * MINUTE_MS });
    for (const outcome of ['in', 'stayed'] as const) {
      given()
        .when(late(-50), ...glimpsed)
        .when(decided(one, outcome), waited(5 * MINUTE_MS))
        .then(passage(one, outcome), moved(one, outcome === 'in' ? ['receive world → DOCK-1'] : []));
    }
  });

  it('of a passage that the machine takes back, the word of a person still holds', () => {
    // Late reads say that it was heard inside all the time: it did not cross.
    const near = (from: number, antenna: string, levelsDbm: readonly number[]): Step[] =>
      levelsDbm.map((dbm, nth) => after(from + nth * 700, heard(one, antenna, { forMs: 700, everyMs: 250, dbm })));
    const seen = together(
      heard(one, 'door-1/3', { forMs: 20 * SECOND_MS, everyMs: 250, dbm: -57, lateMs: 3 * MINUTE_MS }),
      ...near(8 * SECOND_MS, 'door-1/1', [-65, -57, -49]),
      ...near(10_100, 'door-1/3', [-49, -57, -65]),
    );
    given()
      .when(seen)
      .then(passage(one, 'in'))
      .when(waited(5 * MINUTE_MS))
      .then(nothingMoved(one));
    given()
      .when(seen)
      .when(decided(one, 'in'), waited(5 * MINUTE_MS))
      .then(crossed(one, ['in DOOR-1']), moved(one, ['receive world → DOCK-1']));
  });
});

describe('a decision is refused', () => {
  const goods = pallet('P', { tags: 1 });
  const passageId = '00000000-0000-8000-8000-000000000000';

  it('about a passage that nobody knows', () => {
    given()
      .when(said({ kind: 'decide', passage: passageId, outcome: 'in' }, 'asked'))
      .then(answered('asked', 'unknown-passage'));
  });

  it('when the item has moved on since, for good', () => {
    const { scene } = given(booked(one, 'A'))
      .when(...glimpsed)
      .when(waited(HOUR_MS), heard(one, 'over-b/1', { forMs: 2 * MINUTE_MS }))
      .when(waited(HOUR_MS), heard(one, 'over-a/1', { forMs: 2 * MINUTE_MS }))
      .when((story, at) => {
        const [id] = [...story.ledger.passages.keys()];
        return said({ kind: 'decide', passage: id!, outcome: 'out' }, 'asked')(story, at);
      })
      .then(answered('asked', 'overtaken'), stock(one, 'A'));
    expect(scene.ledger.passages.size).toBe(1);
  });

  it('never about a passage that moves nothing: whoever looks it up later may still say what it was', () => {
    given(parked(goods))
      .when(waited(MINUTE_MS), takenAway(goods))
      .when(decided(goods, 'stray'))
      .then(passage(goods, 'stray'), nothingMoved(goods));
  });
});
