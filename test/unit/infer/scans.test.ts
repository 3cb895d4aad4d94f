import { describe, expect, it } from 'vitest';
import { given, inSite, type Step } from '../../support/stories.ts';
import { balance, discrepancies, moved, sources, stock, within } from '../../support/storiesThen.ts';
import { booked, driven, heard, packed, said, scanned, together, waited } from '../../support/storiesWhen.ts';
import {
  gtinOf,
  HOUR_MS,
  itemEpc,
  MINUTE_MS,
  MORNING,
  pallet,
  palletEpc,
  SECOND_MS,
  site,
  toteEpc,
} from '../../support/storiesSite.ts';
import { decodeEpc } from '../../../src/wire/epc/decodeEpc.ts';

const FNC1 = '\u001d';
const one = { name: 'one', epcs: [itemEpc(1, 4711)] };
const gtin = gtinOf(1);
const serialCode = `]C101${gtin}214711`;
const serialCodeWithLot = `]d201${gtin}17261231214711${FNC1}10L1`;
const keyOf = (epc: string): { sscc18?: string; grai?: string } => decodeEpc(epc) as { sscc18?: string; grai?: string };

describe('a code that names one thing', () => {
  it('puts it at the station, whatever else the code says', () => {
    for (const code of [serialCode, serialCodeWithLot, `(01)${gtin}(21)4711`]) {
      given(booked(one, 'A'))
        .when(scanned('pack-1', code))
        .then(
          moved(one, ['receive world → A', 'pick A → PACK']),
          sources(one, ['person', 'scan']),
          stock(one, 'PACK'),
          discrepancies(),
        );
    }
  });

  it('where it is already changes nothing; nor does the same scan sent twice', () => {
    const again: Step = (scene, at) => {
      for (const lateMs of [0, 100, 5000]) scanned('pack-1', serialCode, { lateMs })(scene, at);
      return at + SECOND_MS;
    };
    given(booked(one, 'A'))
      .when(again, scanned('pack-1', serialCode))
      .then(moved(one, ['receive world → A', 'pick A → PACK']));
  });

  it('of a pallet or a tote brings what we packed into it', () => {
    const goods = pallet('G', { tags: 3 });
    for (const [container, code] of [
      [palletEpc(5), `]C100${keyOf(palletEpc(5)).sscc18}`],
      [toteEpc(5), `]d28003${keyOf(toteEpc(5)).grai}`],
    ] as const) {
      const crate = { name: 'C', epcs: [container] };
      given(booked(goods, 'A'))
        .when(packed(goods, crate), scanned('desk-1', code))
        .then(stock(goods, 'STAGE'), within(goods, crate), sources(goods, ['person', 'person', 'inferred']));
    }
  });

  it('that no tag was ever read of is told', () => {
    given().when(scanned('pack-1', serialCode)).then(discrepancies('unknown-scan'));
  });

  it('late, is put into its place', () => {
    given(booked(one, 'A'))
      .when(
        waited(MINUTE_MS),
        scanned('pack-1', serialCode, { lateMs: 4 * MINUTE_MS }),
        waited(MINUTE_MS),
        said({ kind: 'move', epc: one.epcs[0]!, to: 'OUT' }),
        waited(5 * MINUTE_MS),
      )
      .then(moved(one, ['receive world → A', 'pick A → PACK', 'move PACK → OUT']), stock(one, 'OUT'));
  });

  it('too late for the life of the item changes nothing and is told', () => {
    given(booked(one, 'A'))
      .when(
        waited(MINUTE_MS),
        scanned('pack-1', serialCode, { lateMs: 2 * HOUR_MS }),
        waited(30 * MINUTE_MS),
        said({ kind: 'move', epc: one.epcs[0]!, to: 'B' }),
        waited(30 * MINUTE_MS),
        said({ kind: 'move', epc: one.epcs[0]!, to: 'OUT' }),
        waited(2 * HOUR_MS),
      )
      .then(moved(one, ['receive world → A', 'move A → B', 'pick B → OUT']), discrepancies('late-evidence'));
  });
});

describe("a location's label", () => {
  it('says where the next scans of that scanner are, for five minutes', () => {
    given(booked(one, 'A')).when(scanned('desk-1', ']C0A-01'), scanned('desk-1', serialCode)).then(stock(one, 'A-01'));
    given(booked(one, 'A'))
      .when(scanned('desk-1', 'B'), waited(6 * MINUTE_MS), scanned('desk-1', serialCode))
      .then(stock(one, 'STAGE'));
    given(booked(one, 'A')).when(scanned('desk-1', 'B'), scanned('pack-1', serialCode)).then(stock(one, 'PACK'));
  });
});

describe('a code without a serial number', () => {
  it('takes stock without serial numbers from where most of it is', () => {
    given()
      .when(
        said({ kind: 'adjust', sku: gtin, quantity: 30, location: 'R' }),
        said({ kind: 'adjust', sku: gtin, quantity: 50, location: 'A' }),
        scanned('pack-1', `]E0${gtin.slice(1)}`),
        scanned('pack-1', `]C101${gtin}3012`),
      )
      .then(balance(gtin, 'A', 37), balance(gtin, 'PACK', 13), balance(gtin, 'R', 30), discrepancies());
  });

  it('with a lot takes of that lot', () => {
    given()
      .when(
        said({ kind: 'adjust', sku: gtin, quantity: 30, location: 'R', lot: 'L1' }),
        said({ kind: 'adjust', sku: gtin, quantity: 50, location: 'A', lot: 'L2' }),
        scanned('pack-1', `]C101${gtin}10L1`),
      )
      .then(balance(gtin, 'R', 29), balance(gtin, 'PACK', 1, { lot: 'L1' }), balance(gtin, 'A', 50));
  });

  it('by a rule of the site is another SKU', () => {
    given(inSite(site({ skus: [{ sku: 'NAILS', gtin }] })))
      .when(said({ kind: 'adjust', sku: 'NAILS', quantity: 5, location: 'A' }), scanned('pack-1', `]C101${gtin}`))
      .then(balance('NAILS', 'PACK', 1));
  });

  it('sent twice is one: nothing posts twice, wherever most of it is by then', () => {
    const twice: Step = (scene, at) => {
      for (const lateMs of [0, 400, 3000]) scanned('pack-1', `]C101${gtin}3020`, { lateMs })(scene, at);
      return at + 5 * SECOND_MS;
    };
    given()
      .when(
        said({ kind: 'adjust', sku: gtin, quantity: 30, location: 'R' }),
        said({ kind: 'adjust', sku: gtin, quantity: 35, location: 'A' }),
        twice,
      )
      .then(balance(gtin, 'PACK', 20), balance(gtin, 'A', 15), balance(gtin, 'R', 30));
  });

  it('that says a quantity of 0 moves nothing, and is told', () => {
    given()
      .when(said({ kind: 'adjust', sku: gtin, quantity: 30, location: 'R' }), scanned('pack-1', `]C101${gtin}3000`))
      .then(discrepancies('bad-scan'), balance(gtin, 'R', 30));
  });

  it('that the books have none of is told', () => {
    given()
      .when(scanned('pack-1', `]C101${gtin}`))
      .then(discrepancies('unmatched-scan'), balance(gtin, 'PACK', 0));
  });
});

describe('a code of a SKU whose stock has serial numbers claims one item', () => {
  const goods = pallet('G', { tags: 3 });
  const code = `]C101${gtin}`;

  it('that was found there before: nothing posts twice', () => {
    given(booked(goods, 'A'))
      .when(heard(goods, 'bench-1/1'), scanned('pack-1', code))
      .then(moved(goods, ['receive world → A', 'pick A → PACK']), discrepancies());
  });

  it('that lies there for hours: it is there', () => {
    given(booked(goods, 'PACK'))
      .when(waited(HOUR_MS), scanned('pack-1', code))
      .then(moved(goods, ['receive world → PACK']), discrepancies());
  });

  it('that is found there a little later: the tag settles it', () => {
    given(booked(goods, 'A'))
      .when(scanned('pack-1', code))
      .then(discrepancies('unmatched-scan'), stock(goods, 'A'))
      .when(heard(goods, 'bench-1/1'))
      .then(moved(goods, ['receive world → A', 'pick A → PACK']), discrepancies());
  });

  it('each: two codes are not settled by one tag', () => {
    const single = { name: 'single', epcs: goods.epcs.slice(0, 1) };
    given(booked(goods, 'A'))
      .when(scanned('pack-1', code), waited(2 * SECOND_MS), scanned('pack-1', code), heard(single, 'bench-1/1'))
      .then(stock(single, 'PACK'), discrepancies('unmatched-scan'));
  });

  it('that nobody finds stays open', () => {
    given(booked(goods, 'A'))
      .when(scanned('pack-1', code), waited(10 * MINUTE_MS), heard(goods, 'bench-1/1'))
      .then(discrepancies('unmatched-scan'));
  });
});

describe('what is no code', () => {
  it('is told: a text, a wrong check digit, nothing behind the AIM id', () => {
    given().when(scanned('pack-1', 'HELLO')).then(discrepancies('unknown-scan'));
    for (const bad of [`]C101${gtin.slice(0, 13)}${(Number(gtin[13]) + 1) % 10}`, ']C1', ']E012345'])
      given().when(scanned('pack-1', bad)).then(discrepancies('bad-scan'));
  });
});

describe('a scan and a door', () => {
  it('tell of the same things in whatever order they come', () => {
    const goods = { name: 'G', epcs: [itemEpc(2, 1), itemEpc(2, 2)] };
    const { scene } = given()
      .when(
        together(driven(goods, 'in'), (story, at) => at),
        scanned('desk-1', `]C101${gtinOf(2)}211`),
        scanned('desk-1', `]C101${gtinOf(2)}212`),
      )
      .then(moved(goods, ['receive world → DOCK-1', 'move DOCK-1 → STAGE']));
    expect(scene.now).toBeGreaterThan(MORNING);
  });
});
