import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/wire/command.ts';
import { formatTime } from '../../../src/wire/time.ts';
import { given, inSite, type Step } from '../../support/stories.ts';
import { answered, balance, discrepancies, moved, stock } from '../../support/storiesThen.ts';
import { booked, driven, said, saidOf, waited } from '../../support/storiesWhen.ts';
import { HOUR_MS, itemEpc, MINUTE_MS, MORNING, pallet, site, strangeEpc } from '../../support/storiesSite.ts';

const goods = pallet('G', { tags: 3 });
const [epc] = goods.epcs as [string];
const each = (of: (epc: string) => Command): Step[] => goods.epcs.map((one) => said(of(one)));
const at = (ms: number): string => formatTime(MORNING + ms);
/** Says it and expects this answer: `done`, or the code of the refusal. */
function givenAnswer(command: Command, answer: string, ...before: readonly Step[]) {
  return given()
    .when(...before, said(command, 'asked'))
    .then(answered('asked', answer));
}

describe('what is said twice of the same moment', () => {
  it('holds as it was said last', () => {
    const when = { at: at(MINUTE_MS) };
    const places = ['B', 'R', 'HOLD', 'A', 'STAGE', 'RETURNS', 'OUT'];
    given(booked(goods, 'A'))
      .when(
        waited(2 * MINUTE_MS),
        ...places.flatMap((to) => each((one) => ({ kind: 'move', epc: one, to, ...when }))),
        ...['quality', 'damaged', 'available', 'blocked'].flatMap((status) =>
          each((one) => ({ kind: 'hold', epc: one, status, code: 'other', ...when }) as Command),
        ),
      )
      .then(stock(goods, 'OUT', { status: 'blocked' }));
  });
});

describe('move', () => {
  it('puts an item where a person says it is, from where the books have it', () => {
    given()
      .when(
        ...each((one) => ({ kind: 'move', epc: one, to: 'A-01' })),
        ...each((one) => ({ kind: 'move', epc: one, to: 'B' })),
      )
      .then(moved(goods, ['receive world → A-01', 'move A-01 → B']), stock(goods, 'B', { status: 'available' }));
  });

  it('moves stock without serial numbers, from the supplier in and to the customer out', () => {
    given()
      .when(
        said({ kind: 'move', sku: 'NAILS', quantity: 100, from: 'world', to: 'DOCK-1' }),
        said({ kind: 'move', sku: 'NAILS', quantity: 60.5, from: 'DOCK-1', to: 'A', lot: '' }),
        said({ kind: 'move', sku: 'NAILS', quantity: 10, from: 'A', to: 'world' }),
      )
      .then(
        balance('NAILS', 'DOCK-1', 39.5),
        balance('NAILS', 'A', 50.5),
        balance('NAILS', 'supplier', -100),
        balance('NAILS', 'customer', 10),
        discrepancies(),
      );
  });

  it('is never refused because there was not so much: the difference is told until it is even', () => {
    const [out, back] = [
      said({ kind: 'move', sku: 'NAILS', quantity: 5, from: 'A', to: 'PACK' }),
      said({ kind: 'adjust', sku: 'NAILS', quantity: 5, location: 'A' }),
    ];
    given()
      .when(out)
      .then(balance('NAILS', 'A', -5), balance('NAILS', 'PACK', 5), discrepancies('negative-balance'));
    given()
      .when(out, back)
      .then(balance('NAILS', 'A', 0), discrepancies());
  });

  it('is refused when it makes no sense', () => {
    givenAnswer({ kind: 'move', epc, to: 'NOWHERE' }, 'unknown-location');
    givenAnswer({ kind: 'move', sku: 'NAILS', quantity: 1, from: 'NOWHERE', to: 'A' }, 'unknown-location');
    givenAnswer({ kind: 'move', sku: 'NAILS', quantity: 1, from: 'A', to: 'A' }, 'nowhere');
    givenAnswer({ kind: 'move', sku: 'NAILS', from: 'A', to: 'B' }, 'incomplete');
    givenAnswer({ kind: 'move', sku: 'NAILS', quantity: 1, to: 'B' }, 'incomplete');
    givenAnswer({ kind: 'move', to: 'B' }, 'incomplete');
  });

  it('takes the time that it is given, unless that is no time, or to come', () => {
    givenAnswer({ kind: 'move', epc, to: 'A', at: 'yesterday, about noon' }, 'bad-time');
    givenAnswer({ kind: 'move', epc, to: 'A', at: at(HOUR_MS) }, 'future');
    const { scene } = givenAnswer(
      { kind: 'move', epc, to: 'A', at: at(5 * MINUTE_MS) },
      'done',
      waited(20 * MINUTE_MS),
    );
    expect(scene.ledger.movements()[0]!.happenedAt).toBe(MORNING + 5 * MINUTE_MS);
  });

  it('of a time before the item moved on for good is refused; a little before, it finds its place', () => {
    const moves = (answer: string, minute: number): void => {
      given(booked(goods, 'A'))
        .when(
          waited(30 * MINUTE_MS),
          ...each((one) => ({ kind: 'move', epc: one, to: 'B' })),
          waited(5 * MINUTE_MS),
          said({ kind: 'move', epc, to: 'PACK', at: at(minute * MINUTE_MS) }, 'asked'),
        )
        .then(answered('asked', answer), stock(goods, 'B'));
    };
    moves('done', 28);
    moves('done', 1);
    given(booked(goods, 'A'))
      .when(
        waited(30 * MINUTE_MS),
        ...each((one) => ({ kind: 'move', epc: one, to: 'B' })),
        waited(30 * MINUTE_MS),
        ...each((one) => ({ kind: 'move', epc: one, to: 'OUT' })),
        said({ kind: 'move', epc, to: 'PACK', at: at(5 * MINUTE_MS) }, 'asked'),
      )
      .then(answered('asked', 'overtaken'), stock(goods, 'OUT'));
  });
});

describe('adjust', () => {
  it('finds and misses stock without serial numbers', () => {
    given()
      .when(
        said({ kind: 'adjust', sku: 'NAILS', quantity: 12, location: 'A', lot: 'L1', status: 'damaged' }),
        said({ kind: 'adjust', sku: 'NAILS', quantity: -2, location: 'A', lot: 'L1', status: 'damaged' }),
      )
      .then(
        balance('NAILS', 'A', 10, { lot: 'L1', status: 'damaged' }),
        balance('NAILS', 'adjustment', -10, { lot: 'L1' }),
      );
  });

  it('is refused for nothing, and for places that are none of ours', () => {
    givenAnswer({ kind: 'adjust', sku: 'NAILS', quantity: 0, location: 'A' }, 'nothing');
    givenAnswer({ kind: 'adjust', sku: 'NAILS', quantity: 1, location: 'world' }, 'unknown-location');
    givenAnswer({ kind: 'adjust', sku: 'NAILS', quantity: 1, location: 'NOWHERE' }, 'unknown-location');
  });
});

describe('remove', () => {
  it('takes an item off the books; once', () => {
    given(booked(goods, 'A'))
      .when(...each((one) => ({ kind: 'remove', epc: one })), ...each((one) => ({ kind: 'remove', epc: one })))
      .then(moved(goods, ['receive world → A', 'adjust A → world']), stock(goods, 'adjustment'));
  });

  it('of what comes through the door all the same: it is here again', () => {
    given(booked(goods, 'A'))
      .when(...each((one) => ({ kind: 'remove', epc: one })), driven(goods, 'in'))
      .then(stock(goods, 'DOCK-1', { status: 'available' }));
  });
});

describe('hold', () => {
  it('changes the status of an item, and of so much stock without serial numbers', () => {
    given(booked(goods, 'A'))
      .when(
        ...each((one) => ({ kind: 'hold', epc: one, status: 'quality' })),
        said({ kind: 'adjust', sku: 'NAILS', quantity: 10, location: 'A' }),
        said({ kind: 'hold', sku: 'NAILS', quantity: 4, location: 'A', status: 'blocked', code: 'other' }),
      )
      .then(
        moved(goods, ['receive world → A', 'adjust A → A']),
        stock(goods, 'A', { status: 'quality' }),
        balance('NAILS', 'A', 6, { status: 'available' }),
        balance('NAILS', 'A', 4, { status: 'blocked' }),
      );
  });

  it('twice in the same moment: both are kept, and nothing breaks', () => {
    const when = { at: at(MINUTE_MS) };
    given(booked(goods, 'A'))
      .when(
        waited(2 * MINUTE_MS),
        ...each((one) => ({ kind: 'hold', epc: one, status: 'quality', ...when })),
        ...each((one) => ({ kind: 'hold', epc: one, status: 'damaged', ...when })),
        ...each((one) => ({ kind: 'identify', epc: one, sku: 'X', ...when })),
        ...each((one) => ({ kind: 'identify', epc: one, sku: 'Y', ...when })),
      )
      .then(stock(goods, 'A'));
  });

  it('of what is not here changes nothing', () => {
    given()
      .when(...each((one) => ({ kind: 'hold', epc: one, status: 'quality' })), driven(goods, 'in'))
      .then(moved(goods, ['receive world → DOCK-1']), stock(goods, 'DOCK-1', { status: 'available' }));
  });

  it('is refused when it makes no sense', () => {
    givenAnswer({ kind: 'hold', status: 'quality' }, 'incomplete');
    givenAnswer({ kind: 'hold', sku: 'NAILS', quantity: 1, location: 'A', status: 'blocked' }, 'incomplete');
    givenAnswer({ kind: 'hold', sku: 'NAILS', quantity: 1, status: 'quality' }, 'incomplete');
    givenAnswer(
      { kind: 'hold', sku: 'NAILS', quantity: 1, location: 'NOWHERE', status: 'quality' },
      'unknown-location',
    );
    givenAnswer({ kind: 'hold', sku: 'NAILS', quantity: 1, location: 'A', status: 'available' }, 'nothing');
  });
});

describe('identify', () => {
  const strange = { name: 'S', epcs: [1, 2, 3].map(strangeEpc) };
  const named = (when: object = {}): Step[] =>
    strange.epcs.map((one) => said({ kind: 'identify', epc: one, sku: 'CRATE', ...when }));

  it('gives an unknown tag a SKU: from then on it counts, and it counts where it is', () => {
    given()
      .when(driven(strange, 'in'), ...named(), driven(strange, 'out'))
      .then(
        moved(strange, ['receive world → DOCK-1', 'adjust DOCK-1 → DOCK-1', 'ship DOCK-1 → world']),
        balance('CRATE', 'DOCK-1', 0),
        balance('CRATE', 'unknown', -3),
        balance('CRATE', 'customer', 3),
      );
  });

  it('from before it came: the movements since then are posted anew, now with a quantity', () => {
    given()
      .when(driven(strange, 'in'), ...named({ at: at(0) }))
      .then(
        moved(strange, ['receive world → DOCK-1']),
        balance('CRATE', 'DOCK-1', 3),
        balance('CRATE', 'supplier', -3),
      );
  });

  it('as something else than it was: the books follow', () => {
    given(booked(goods, 'A'))
      .when(...each((one) => ({ kind: 'identify', epc: one, sku: 'CRATE', lot: 'L1', owner: 'ACME' })))
      .then(balance('CRATE', 'A', 3, { lot: 'L1', owner: 'ACME' }), stock(goods, 'A', { status: 'available' }));
  });

  it('after it was shipped: shipped under this name', () => {
    given(booked(goods, 'A'))
      .when(
        driven(goods, 'out'),
        ...each((one) => ({ kind: 'identify', epc: one, sku: 'CRATE' })),
        waited(5 * HOUR_MS),
        driven(goods, 'in'),
      )
      .then(balance('CRATE', 'customer', 0), balance('CRATE', 'DOCK-1', 3, { status: 'returned' }));
  });

  it('as the same again changes nothing', () => {
    given()
      .when(driven(strange, 'in'), ...named(), ...named())
      .then(moved(strange, ['receive world → DOCK-1', 'adjust DOCK-1 → DOCK-1']));
  });
});

describe('settle', () => {
  it('closes a discrepancy in the name of a person', () => {
    given(booked(goods, 'A'))
      .when(driven(goods, 'in'))
      .then(discrepancies('missed-exit'))
      .when(
        saidOf(({ ledger }) =>
          [...ledger.discrepancies.keys()].map((discrepancy) => ({ kind: 'settle', discrepancy, reason: 'repaired' })),
        ),
      )
      .then(discrepancies());
  });
});

describe('what is said of tags', () => {
  it('in lower case, or with zero words behind it, is said of the same tag', () => {
    const serial = itemEpc(3, 77);
    given(inSite(site()))
      .when(
        said({ kind: 'move', epc: serial.toLowerCase(), to: 'A' }),
        said({ kind: 'move', epc: `${serial}0000`, to: 'B' }),
      )
      .then(moved({ name: 'S', epcs: [serial] }, ['receive world → A', 'move A → B']));
  });
});
