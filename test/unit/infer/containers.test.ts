// What we packed into a container travels with it, read or not (promise P9); what a supplier says is in it does not.
import { describe, expect, it } from 'vitest';
import { given, type Check, type Step } from '../../support/stories.ts';
import {
  answered,
  crossed,
  discrepancies,
  moved,
  nothingMoved,
  sources,
  stock,
  within,
} from '../../support/storiesThen.ts';
import {
  booked,
  driven,
  heard,
  packed,
  said,
  takenAway,
  together,
  unpacked,
  waited,
} from '../../support/storiesWhen.ts';
import { HOUR_MS, MINUTE_MS, pallet, palletEpc, SECOND_MS, strangeEpc, toteEpc } from '../../support/storiesSite.ts';

const goods = pallet('G', { tags: 8 });
const [read, hidden] = [
  { name: 'read', epcs: goods.epcs.slice(0, 5) },
  { name: 'hidden', epcs: goods.epcs.slice(5) },
];
const P1 = { name: 'P1', epcs: [palletEpc(1)] };
const each = (epcs: readonly string[], to: string): Step[] => epcs.map((epc) => said({ kind: 'move', epc, to }));
const nothingUndone =
  (): Check =>
  ({ ledger }) =>
    expect(ledger.transactions.filter(({ supersedes }) => supersedes !== undefined)).toEqual([]);

describe('packing', () => {
  it('puts items into a container where they are', () => {
    given(booked(goods, 'PACK'))
      .when(packed(goods, P1))
      .then(
        moved(goods, ['receive world → PACK', 'pack PACK → PACK']),
        within(goods, P1),
        stock(goods, 'PACK', { status: 'available' }),
        stock(P1, 'PACK'),
        discrepancies(),
      );
  });

  it('puts items where the container is, when it is known', () => {
    given(booked(P1, 'OUT'), booked(goods, 'PACK'))
      .when(packed(goods, P1))
      .then(moved(goods, ['receive world → PACK', 'pack PACK → OUT']), stock(goods, 'OUT'));
  });

  it('twice is once; into another container takes it out of the first', () => {
    const P2 = { name: 'P2', epcs: [palletEpc(2)] };
    given(booked(goods, 'PACK'))
      .when(packed(goods, P1), packed(goods, P1), packed(goods, P2))
      .then(moved(goods, ['receive world → PACK', 'pack PACK → PACK', 'pack PACK → PACK']), within(goods, P2));
  });

  it('of things that were never received makes them known: they come from nowhere we know', () => {
    const { scene } = given(booked(P1, 'OUT')).when(packed(goods, P1)).then(stock(goods, 'OUT'), within(goods, P1));
    expect([...scene.ledger.balances().values()].reduce((all, one) => Math.max(all, one), 0)).toBe(8);
  });

  it('into itself is refused, by a detour too', () => {
    const [a, b] = [toteEpc(1), toteEpc(2)];
    given(booked(goods, 'PACK'))
      .when(
        said({ kind: 'pack', container: a, epcs: [a] }, 'direct'),
        said({ kind: 'pack', container: a, epcs: [b, goods.epcs[0]!] }),
        said({ kind: 'pack', container: b, epcs: [a] }, 'detour'),
      )
      .then(answered('direct', 'in-itself'), answered('detour', 'in-itself'));
  });
});

describe('what was packed', () => {
  it('was packed where its container was then, though that has moved on long since', () => {
    given(booked(P1, 'PACK'), booked(goods, 'A'))
      .when(packed(goods, P1), waited(MINUTE_MS), ...each(P1.epcs, 'B'))
      .when(waited(HOUR_MS), said({ kind: 'remove', epc: P1.epcs[0]! }), waited(MINUTE_MS), ...each(goods.epcs, 'OUT'))
      .then(moved(goods, ['receive world → A', 'pack A → PACK', 'move PACK → B', 'pick B → OUT']), nothingUndone());
  });
});

describe('a container that moves', () => {
  it('carries what was not read, marked inferred', () => {
    given(booked(goods, 'PACK'))
      .when(packed(goods, P1), driven({ name: 'T', epcs: [...P1.epcs, ...read.epcs] }, 'out'))
      .then(
        crossed(read, ['out DOOR-1']),
        crossed(hidden, []),
        moved(goods, ['receive world → PACK', 'pack PACK → PACK', 'ship DOCK-1 → world']),
        sources(read, ['person', 'person', 'read']),
        sources(hidden, ['person', 'person', 'inferred']),
        stock(goods, 'customer'),
        within(goods, P1),
        discrepancies(),
      );
  });

  it('found in a zone carries what was not heard there', () => {
    given(booked(goods, 'PACK'))
      .when(packed(goods, P1), heard(P1, 'over-a/1'), heard(read, 'over-a/1'))
      .then(
        moved(goods, ['receive world → PACK', 'pack PACK → PACK', 'move PACK → A']),
        sources(hidden, ['person', 'person', 'inferred']),
        within(goods, P1),
      );
  });

  it('by the word of a person carries everything', () => {
    given(booked(goods, 'PACK'))
      .when(packed(goods, P1), said({ kind: 'move', epc: P1.epcs[0]!, to: 'OUT' }))
      .then(stock(goods, 'OUT'), within(goods, P1), stock(P1, 'OUT'));
  });

  it('is lifted by its content when its own tag is not read', () => {
    given(booked(goods, 'PACK'))
      .when(packed(goods, P1), driven(read, 'out'))
      .then(
        stock(P1, 'customer'),
        moved(P1, ['receive world → PACK', 'ship DOCK-1 → world']),
        sources(P1, ['person', 'inferred']),
        stock(goods, 'customer'),
        sources(hidden, ['person', 'person', 'inferred']),
        within(goods, P1),
      );
  });

  it('stays with the customer when some of what was in it is sent back: nobody has seen the rest', () => {
    given(booked(goods, 'PACK'))
      .when(
        packed(goods, P1),
        driven({ name: 'T', epcs: [...P1.epcs, ...goods.epcs] }, 'out'),
        takenAway(goods),
        waited(5 * HOUR_MS),
        driven(read, 'in', { door: 2 }),
        heard(read, 'over-a/1'),
      )
      .then(stock(P1, 'customer'), stock(hidden, 'customer'), stock(read, 'A'), within(read));
  });

  it('has gone out with its content, whatever becomes of either hours later', () => {
    const P2 = { name: 'P2', epcs: [palletEpc(2)] };
    given(booked(goods, 'PACK'), booked(P2, 'PACK'))
      .when(packed(goods, P1), driven({ name: 'T', epcs: goods.epcs }, 'out'))
      .when(waited(HOUR_MS), ...each(goods.epcs, 'PACK'), packed(goods, P2))
      .when(waited(HOUR_MS), ...each(goods.epcs, 'OUT'), ...each(P1.epcs, 'B'))
      .then(moved(P1, ['receive world → PACK', 'ship DOCK-1 → world', 'ship world → B']));
  });

  it('that nobody ever saw is lifted by content that nobody ever saw: all of it has come in', () => {
    given()
      .when(packed(goods, P1), waited(MINUTE_MS), driven(read, 'in'))
      .then(stock(goods, 'DOCK-1'), within(goods, P1), sources(hidden, ['person', 'inferred']));
  });

  it('stays where it is when less than half of its content is seen to go: that was taken out', () => {
    given(booked(goods, 'PACK'))
      .when(packed(goods, P1), driven(hidden, 'out'))
      .then(stock(P1, 'PACK'), stock(read, 'PACK'), within(read, P1), stock(hidden, 'customer'), within(hidden));
  });

  it('is as far as its content says, and no further, when they went again after an unpacking', () => {
    given(booked(goods, 'PACK'))
      .when(
        packed(goods, P1),
        driven(read, 'out'),
        takenAway(read),
        driven(read, 'in'),
        takenAway(read),
        unpacked(P1),
        heard(read, 'over-a/1'),
      )
      .then(
        stock(P1, 'DOCK-1'),
        stock(read, 'A'),
        stock(hidden, 'DOCK-1'),
        moved(P1, ['receive world → PACK', 'ship DOCK-1 → world', 'ship world → DOCK-1']),
      );
  });

  it('carries containers within it, and what is in those', () => {
    const T1 = { name: 'T1', epcs: [toteEpc(11)] };
    given(booked(goods, 'PACK'))
      .when(packed(goods, T1), packed(T1, P1), driven({ name: 'P', epcs: P1.epcs }, 'out'))
      .then(
        stock(goods, 'customer'),
        within(goods, T1),
        within(T1, P1),
        sources(goods, ['person', 'person', 'inferred']),
      );
  });
});

describe('what has left its container', () => {
  it('is seen where the container is not, and no longer carried', () => {
    const [one, rest] = [
      { name: 'one', epcs: goods.epcs.slice(0, 1) },
      { name: 'rest', epcs: goods.epcs.slice(1) },
    ];
    given(booked(goods, 'PACK'))
      .when(
        packed(goods, P1),
        heard(one, 'over-a/1'),
        waited(MINUTE_MS),
        driven({ name: 'P', epcs: [...P1.epcs, ...rest.epcs] }, 'out'),
      )
      .then(stock(one, 'A'), within(one), stock(rest, 'customer'), within(rest, P1));
  });

  it('was unpacked: it stays when the container goes', () => {
    given(booked(goods, 'PACK'))
      .when(packed(goods, P1), unpacked(P1, hidden), driven(P1, 'out'))
      .then(stock(hidden, 'PACK'), within(hidden), stock(read, 'customer'), within(read, P1));
  });

  it('was all unpacked: the container travels empty', () => {
    given(booked(goods, 'PACK'))
      .when(packed(goods, P1), unpacked(P1), driven(P1, 'out'))
      .then(stock(goods, 'PACK'), within(goods), stock(P1, 'customer'));
  });
});

describe('unpacking', () => {
  it('of what is not inside, or of nothing, is refused', () => {
    given(booked(goods, 'PACK'))
      .when(
        said({ kind: 'unpack', container: P1.epcs[0]! }, 'empty'),
        packed(read, P1),
        said({ kind: 'unpack', container: P1.epcs[0]!, epcs: [...hidden.epcs] }, 'outside'),
      )
      .then(answered('empty', 'empty'), answered('outside', 'not-inside'), within(read, P1));
  });
});

describe('several things at once', () => {
  it('out and in again within one backlog of the container and its content is understood', () => {
    // Everything arrives in one row, minutes late: an item then has several new claims at once.
    const late = { lateMs: 3 * MINUTE_MS, forMs: 4 * SECOND_MS };
    const out = ['door-1/3', 'door-1/1'].map((antenna) => heard(goods, antenna, late));
    const back = ['door-1/1', 'door-1/3'].map((antenna) => heard(goods, antenna, { ...late, dbm: -52 }));
    given(booked(goods, 'PACK'))
      .when(packed(goods, P1), ...out, waited(20 * SECOND_MS), ...back, waited(5 * MINUTE_MS))
      .then(
        crossed(goods, ['out DOOR-1', 'in DOOR-1']),
        stock(goods, 'DOCK-1'),
        stock(P1, 'DOCK-1'),
        within(goods, P1),
      );
  });

  it('packed long ago into one, now in another: only the other carries it', () => {
    const P2 = { name: 'P2', epcs: [palletEpc(2)] };
    given(booked(goods, 'PACK'))
      .when(packed(goods, P1), waited(HOUR_MS), packed(goods, P2), waited(HOUR_MS), driven(P1, 'out'))
      .then(stock(goods, 'PACK'), within(goods, P2), stock(P1, 'customer'));
  });

  it('a container of a supplier brings only what was read of it (P9)', () => {
    given()
      .when(together(driven({ name: 'T', epcs: [...P1.epcs, ...read.epcs] }, 'in')))
      .then(stock(read, 'DOCK-1'), stock(P1, 'DOCK-1'), nothingMoved(hidden));
  });

  it('a tag of no standard is a container once something was packed into it', () => {
    const crate = { name: 'C', epcs: [strangeEpc(7)] };
    const { scene } = given(booked(goods, 'PACK'))
      .when(packed(goods, crate), driven(crate, 'out'))
      .then(stock(goods, 'customer'), within(goods, crate));
    expect(scene.ledger.items.get(crate.epcs[0]!)?.kind).toBe('container');
  });
});
