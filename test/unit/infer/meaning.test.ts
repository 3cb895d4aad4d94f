// What a movement means: every row of the table in section 3 of DESIGN.md that needs no work documents, as a story.
import { describe, it } from 'vitest';
import { given, inSite, type Step } from '../../support/stories.ts';
import { discrepancies, moved, stock } from '../../support/storiesThen.ts';
import { booked, driven, heard, said, waited } from '../../support/storiesWhen.ts';
import { HOUR_MS, MINUTE_MS, pallet, site, strangeEpc, type Goods } from '../../support/storiesSite.ts';

const goods = pallet('P', { tags: 4 });
/** Somebody says where it is now. */
const put = (what: Goods, to: string): Step[] => what.epcs.map((epc) => said({ kind: 'move', epc, to }));
const withDocuments = inSite(site({}, { inboundDocuments: true, orders: true }));

describe('0: it is already there', () => {
  it('heard again where it is, or within it: nothing is posted', () => {
    given(booked(goods, 'A-01'))
      .when(heard(goods, 'over-a/1'), ...put(goods, 'A-01'))
      .then(moved(goods, ['receive world → A-01']), stock(goods, 'A-01'));
  });

  it('outside already, says a person too: nothing is posted', () => {
    given()
      .when(driven(goods, 'in'), driven(goods, 'out'), waited(MINUTE_MS), ...put(goods, 'world'))
      .then(moved(goods, ['receive world → DOCK-1', 'ship DOCK-1 → world']), discrepancies());
  });

  it('never seen, and said to be outside: nothing is posted', () => {
    given()
      .when(...put(goods, 'world'))
      .then(moved(goods, []), discrepancies());
  });
});

describe('world to dock', () => {
  it('1: back while its load may still be open: the ship is reversed', () => {
    given(booked(goods, 'A'))
      .when(driven(goods, 'out'), waited(HOUR_MS), driven(goods, 'in'))
      .then(
        moved(goods, ['receive world → A', 'ship DOCK-1 → world', 'ship world → DOCK-1']),
        stock(goods, 'DOCK-1', { status: 'available' }),
        discrepancies(),
      );
  });

  it('1: what the books knew of only as it left is available when it comes back', () => {
    given()
      .when(driven(goods, 'out'), waited(HOUR_MS), driven(goods, 'in'))
      .then(stock(goods, 'DOCK-1', { status: 'available' }));
  });

  it('3: shipped to a customer before: a return, announced or not where nobody announces', () => {
    given(booked(goods, 'A'))
      .when(driven(goods, 'out'), waited(5 * HOUR_MS), driven(goods, 'in'))
      .then(
        moved(goods, ['receive world → A', 'ship DOCK-1 → world', 'return world → DOCK-1']),
        stock(goods, 'DOCK-1', { status: 'returned' }),
        discrepancies(),
      );
  });

  it('3: unannounced at a site that receives against documents: told', () => {
    given(withDocuments, booked(goods, 'A'))
      .when(driven(goods, 'out'), waited(5 * HOUR_MS), driven(goods, 'in'))
      .then(
        stock(goods, 'DOCK-1', { status: 'returned' }),
        discrepancies('unannounced-return', 'unexpected', 'unplanned-ship'),
      );
  });

  it('4: the ledger has it on site: moved there and told, never received twice', () => {
    const { scene } = given(booked(goods, 'A'))
      .when(driven(goods, 'in'))
      .then(
        moved(goods, ['receive world → A', 'move world → DOCK-1']),
        stock(goods, 'DOCK-1', { status: 'available' }),
        discrepancies('missed-exit'),
      );
    scene.ledger.check(scene.machine);
  });

  it('6: with a SKU, at a site without inbound documents: received, available', () => {
    given()
      .when(driven(goods, 'in'))
      .then(moved(goods, ['receive world → DOCK-1']), stock(goods, 'DOCK-1', { status: 'available' }), discrepancies());
  });

  it('6: with a SKU that no document expects: received, blocked and told', () => {
    given(withDocuments)
      .when(driven(goods, 'in'))
      .then(
        moved(goods, ['receive world → DOCK-1']),
        stock(goods, 'DOCK-1', { status: 'blocked' }),
        discrepancies('unexpected'),
      );
  });

  it('7: without a SKU: known from now on, without a quantity', () => {
    const strange = { name: 'S', epcs: [1, 2, 3, 4].map(strangeEpc) };
    given()
      .when(driven(strange, 'in'))
      .then(
        moved(strange, ['receive world → DOCK-1']),
        stock(strange, 'DOCK-1', { status: '' }),
        discrepancies('unknown-item'),
      );
  });
});

describe('within the site', () => {
  it('8: picked and put back: the pick is undone', () => {
    given(booked(goods, 'A'))
      .when(...put(goods, 'PACK'), ...put(goods, 'B'), ...put(goods, 'OUT'))
      .then(moved(goods, ['receive world → A', 'pick A → PACK', 'move PACK → B', 'pick B → OUT']), discrepancies());
  });

  it('9: dock, staging or returns to storage is putaway; what was being received is available then', () => {
    given()
      .when(driven(goods, 'in'), heard(goods, 'over-a/1'))
      .then(moved(goods, ['receive world → DOCK-1', 'putaway DOCK-1 → A']), stock(goods, 'A', { status: 'available' }));
    given(booked(goods, 'STAGE'))
      .when(
        ...goods.epcs.map((epc) => said({ kind: 'hold', epc, status: 'receiving' })),
        ...put(goods, 'A-01'),
        ...put(goods, 'RETURNS'),
        ...put(goods, 'R'),
      )
      .then(
        moved(goods, [
          'receive world → STAGE',
          'adjust STAGE → STAGE',
          'putaway STAGE → A-01',
          'move A-01 → RETURNS',
          'putaway RETURNS → R',
        ]),
        stock(goods, 'R', { status: 'available' }),
      );
  });

  it('9: returned goods stay returned until somebody grades them', () => {
    given(booked(goods, 'A'))
      .when(driven(goods, 'out'), waited(5 * HOUR_MS), driven(goods, 'in'), ...put(goods, 'A'))
      .then(stock(goods, 'A', { status: 'returned' }));
  });

  it('10: from receiving straight to shipping is a move; told where the site works by orders', () => {
    given()
      .when(driven(goods, 'in'), ...put(goods, 'OUT'))
      .then(moved(goods, ['receive world → DOCK-1', 'move DOCK-1 → OUT']), discrepancies());
    given(inSite(site({}, { orders: true })))
      .when(driven(goods, 'in'), ...put(goods, 'PACK'))
      .then(moved(goods, ['receive world → DOCK-1', 'move DOCK-1 → PACK']), discrepancies('unplanned-cross-dock'));
  });

  it('11: reserve to pick is a replenishment', () => {
    given(booked(goods, 'R'))
      .when(heard(goods, 'over-a/1'))
      .then(moved(goods, ['receive world → R', 'move R → A']), discrepancies());
  });

  it('12: storage to pack, staging or dock is a pick where no orders are', () => {
    for (const to of ['PACK', 'OUT', 'DOCK-2']) {
      for (const from of ['A', 'R']) {
        given(booked(goods, from))
          .when(...put(goods, to))
          .then(moved(goods, [`receive world → ${from}`, `pick ${from} → ${to}`]), discrepancies());
      }
    }
  });

  it('13: the same without a task, where orders are: a move that is told', () => {
    given(inSite(site({}, { orders: true })), booked(goods, 'A'))
      .when(...put(goods, 'PACK'))
      .then(moved(goods, ['receive world → A', 'move A → PACK']), discrepancies('unplanned-pick'));
  });

  it('14: mere arrival at the bench is a pick or a move, never a pack', () => {
    given(booked(goods, 'OUT'))
      .when(heard(goods, 'bench-1/1'))
      .then(moved(goods, ['receive world → OUT', 'move OUT → PACK']));
  });

  it('18: to the hold is a move, and the quality of it in question', () => {
    given(booked(goods, 'A'))
      .when(...put(goods, 'HOLD'), ...put(goods, 'A'))
      .then(
        moved(goods, ['receive world → A', 'move A → HOLD', 'move HOLD → A']),
        stock(goods, 'A', { status: 'quality' }),
      );
  });

  it('19: to the scrap by a read alone is a move; only a command takes it off the books', () => {
    given(booked(goods, 'A'))
      .when(...put(goods, 'SCRAP'))
      .then(moved(goods, ['receive world → A', 'move A → SCRAP']), stock(goods, 'SCRAP', { status: 'available' }));
    given(booked(goods, 'SCRAP'))
      .when(...goods.epcs.map((epc) => said({ kind: 'remove', epc })))
      .then(moved(goods, ['receive world → SCRAP', 'adjust SCRAP → world']), stock(goods, 'adjustment'));
  });

  it('20: anything else is a move', () => {
    given(booked(goods, 'DOCK-1'))
      .when(...put(goods, 'STAGE'), ...put(goods, 'YARD'), ...put(goods, 'DOCK-2'))
      .then(moved(goods, ['receive world → DOCK-1', 'move DOCK-1 → STAGE', 'move STAGE → YARD', 'move YARD → DOCK-2']));
  });
});

describe('17: out of the site', () => {
  it('ships from wherever the books have it, and leaves nothing behind', () => {
    const { scene } = given(booked(goods, 'A'))
      .when(driven(goods, 'out'))
      .then(moved(goods, ['receive world → A', 'ship DOCK-1 → world']), stock(goods, 'customer'), discrepancies());
    // A step that nobody could see (storage to dock) is no movement, and no stock at the dock either.
    const postings = scene.ledger.transactions.flatMap((transaction) => transaction.postings);
    expectNothingAt(postings, 'DOCK-1');
  });

  it('though the books never had it: it was there all the same', () => {
    given()
      .when(driven(goods, 'out'))
      .then(moved(goods, ['ship DOCK-1 → world']), stock(goods, 'customer'), discrepancies());
  });

  it('though the books have it outside already: it must have come in unseen, and that is told', () => {
    given(booked(goods, 'A'))
      .when(driven(goods, 'out'), waited(MINUTE_MS), driven(goods, 'out'))
      .then(
        moved(goods, ['receive world → A', 'ship DOCK-1 → world', 'ship DOCK-1 → world']),
        discrepancies('missed-entry'),
      );
  });

  it('by the word of a person ships from where it is', () => {
    given(booked(goods, 'A'))
      .when(...put(goods, 'world'))
      .then(moved(goods, ['receive world → A', 'ship A → world']), stock(goods, 'customer'), discrepancies());
  });
});

function expectNothingAt(
  postings: readonly { readonly from: { location: string }; readonly to: { location: string } }[],
  location: string,
): void {
  for (const { from, to } of postings)
    if (from.location === location || to.location === location) throw new Error(`Something was posted at ${location}.`);
}
