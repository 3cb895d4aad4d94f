// Imports as the machine decides them: each row after those before it, everything that is wrong with it, and a dry run that changes nothing.
import { expect, describe, it } from 'vitest';
import * as fc from 'fast-check';
import { given, type Scene, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { balance, discrepancies } from '../../support/storiesThen.ts';
import { booked, said } from '../../support/storiesWhen.ts';
import { gtinOf, itemEpc } from '../../support/storiesSite.ts';
import type { ImportKind, RowVerdict } from '../../../src/wire/import.ts';
import { productOf } from '../../../src/work/products.ts';

type Cells = Readonly<Record<string, string>>;

/** The first row stands on line 2, as below a header. */
const imported = (what: ImportKind, rows: readonly Cells[], key: string, dryRun = false): Step =>
  said({ kind: 'import', what, dryRun, rows: rows.map((cells, index) => ({ line: index + 2, cells })) }, key);

interface Told {
  readonly taken: number;
  readonly refused: number;
  readonly verdicts: readonly RowVerdict[];
}

function toldOf({ outcomeOf }: Scene, key: string): Told {
  const outcome = outcomeOf(key);
  expect(outcome?.status).toBe('done');
  return (outcome as unknown as { detail: Told }).detail;
}

/** `line column code`, or `line verdict`. */
const verdicts = (scene: Scene, key: string): string[] =>
  toldOf(scene, key).verdicts.flatMap(({ line, verdict, faults }) =>
    faults === undefined ? [`${line} ${verdict}`] : faults.map(({ field, code }) => `${line} ${field} ${code}`),
  );

const [EACH, CASE, OTHER] = [gtinOf(1), gtinOf(2), gtinOf(3)];
const BOLT = {
  sku: 'BOLT',
  name: 'Bolt M8',
  base_unit: 'each',
  gtin: EACH,
  packs: `case:12:${CASE}|pallet:480`,
  length_mm: '100',
  width_mm: '50',
  height_mm: '20.5',
  weight_g: '250',
  unit_cost: '0.35',
  currency: 'eur',
  tracking: 'lot',
  expires: 'yes',
  hazard: '3',
  temperature: 'chilled',
  velocity: 'A',
  fixed_bin: 'A-01',
  pick_minimum: '10',
  pick_maximum: '40',
};

describe('products', () => {
  it('are taken with all that their row says; what the file has no column for stays, an empty cell takes it away', () => {
    const { scene } = given().when(
      imported('products', [BOLT], 'first'),
      imported('products', [BOLT], 'again'),
      imported('products', [{ sku: 'BOLT', name: '', weight_g: '260' }], 'some'),
    );
    expect([verdicts(scene, 'first'), verdicts(scene, 'again'), verdicts(scene, 'some')]).toEqual([
      ['2 created'],
      ['2 unchanged'],
      ['2 replaced'],
    ]);
    expect(productOf(scene.machine.work.products, 'BOLT')).toMatchObject({
      revision: 2,
      name: '',
      weightG: 260,
      heightMm: 20.5,
      currency: 'EUR',
      expires: true,
      packs: [
        { unit: 'each', quantity: 1, gtin: EACH },
        { unit: 'case', quantity: 12, gtin: CASE },
        { unit: 'pallet', quantity: 480 },
      ],
      fixedBin: 'A-01',
    });
    sameAgain(scene);
  });

  it('are refused with every cell that is wrong, and the others are taken', () => {
    const rows: Cells[] = [
      BOLT,
      { sku: '' },
      { sku: 'BOLT' },
      { sku: 'X'.repeat(65) },
      { sku: 'NUT', gtin: EACH },
      { sku: 'NUT', gtin: '4006381333932' },
      { sku: 'NUT', gtin: 'ABC' },
      { sku: 'NUT', packs: 'crate:6' },
      { sku: 'NUT', packs: 'case' },
      { sku: 'NUT', packs: `case:6:${OTHER}|box:3:${OTHER}` },
      { sku: 'NUT', base_unit: 'piece', length_mm: '-1', weight_g: '1,5', expires: 'perhaps', tracking: 'batch' },
      { sku: 'NUT', unit_cost: '1' },
      { sku: 'NUT', currency: 'EURO' },
      { sku: 'NUT', hazard: 'class 3' },
      { sku: 'NUT', fixed_bin: 'DOCK-1' },
      { sku: 'NUT', fixed_bin: 'A', pick_minimum: '5', pick_maximum: '4' },
      { sku: 'NUT', fixed_bin: 'A', pick_minimum: '0.00001' },
      { sku: 'NUT' },
    ];
    const { scene } = given().when(imported('products', rows, 'k'));
    expect(verdicts(scene, 'k')).toEqual([
      '2 created',
      '3 sku missing',
      '4 sku duplicate',
      '5 sku too-long',
      '6 gtin gtin-taken',
      '7 gtin bad-gtin',
      '8 gtin bad-gtin',
      '9 packs unknown-unit',
      '10 packs bad-packs',
      '11 packs bad-packs',
      '12 base_unit unknown-unit',
      '12 length_mm bad-number',
      '12 weight_g bad-number',
      '12 tracking bad-word',
      '12 expires bad-word',
      '13 currency incomplete',
      '14 currency bad-word',
      '15 hazard bad-word',
      '16 fixed_bin unknown-location',
      '17 pick_maximum bad-levels',
      '18 pick_minimum bad-quantity',
      '19 created',
    ]);
    expect(toldOf(scene, 'k')).toMatchObject({ taken: 2, refused: 16 });
    sameAgain(scene);
  });
});

describe('opening stock', () => {
  const known = [
    imported(
      'products',
      [
        { ...BOLT, tracking: 'none', expires: 'no' },
        { sku: 'MILK', expires: 'yes' },
      ],
      'p1',
    ),
    imported(
      'products',
      [
        { sku: 'LOTTED', tracking: 'lot' },
        { sku: 'TAGGED', tracking: 'serial' },
      ],
      'p2',
    ),
    imported('products', [{ sku: 'SEEN', gtin: gtinOf(7) }], 'p3'),
  ];

  it('lies where the rows say, in base units, as an adjustment from what nobody knew; its lots have their days', () => {
    const { scene } = given(...known)
      .when(
        imported(
          'stock',
          [
            { location: 'A-01', sku: 'BOLT', quantity: '2.5', unit: 'case' },
            { location: 'R', sku: 'BOLT', quantity: '1', unit: 'pallet', status: 'Blocked', owner: 'ACME' },
            { location: 'B', sku: 'MILK', quantity: '7', lot: 'L1', expiry: '2026-12-24' },
            { location: 'R', sku: 'MILK', quantity: '9', lot: 'L1' },
          ],
          'k',
        ),
      )
      .then(
        balance('BOLT', 'A-01', 30),
        balance('BOLT', 'R', 480, { status: 'blocked', owner: 'ACME' }),
        balance('MILK', 'B', 7, { lot: 'L1', status: 'available' }),
        balance('MILK', 'R', 9),
        discrepancies(),
      );
    expect(verdicts(scene, 'k')).toEqual(['2 booked', '3 booked', '4 booked', '5 booked']);
    expect(scene.ledger.transactions.map(({ type, source, from }) => `${type} ${source} ${from}`)).toEqual(
      Array.from({ length: 4 }, () => 'adjust import world'),
    );
    expect(scene.ledger.transactions[0]!.postings[0]!.from.location).toBe('unknown');
    expect([...scene.machine.work.outbound.expiries.values()]).toEqual(['2026-12-24']);
    sameAgain(scene);
  });

  it('is refused where it says nothing that could be so', () => {
    const one = { name: 'one', epcs: [itemEpc(7, 1)] };
    const at = { location: 'B', sku: 'BOLT', quantity: '1' };
    const rows: Cells[] = [
      at,
      { ...at, location: 'NOWHERE' },
      { ...at, location: '' },
      { ...at, sku: 'GHOST' },
      { ...at, quantity: '' },
      { ...at, quantity: 'ten' },
      { ...at, quantity: '-3' },
      { ...at, quantity: '0.00001' },
      { ...at, unit: 'layer' },
      { ...at, unit: 'heap' },
      { ...at, status: 'lost' },
      at,
      { ...at, lot: 'L9', expiry: '2027-02-30' },
      { ...at, expiry: '2027-02-03' },
      { ...at, sku: 'MILK', lot: 'L1' },
      { ...at, sku: 'MILK', lot: 'L2', expiry: '2027-01-01' },
      { ...at, sku: 'MILK', lot: 'L2', expiry: '2027-01-02', location: 'A' },
      { ...at, sku: 'LOTTED' },
      { ...at, sku: 'TAGGED' },
      { ...at, sku: 'SEEN' },
      { ...at, location: 'A' },
    ];
    const { scene } = given(
      ...known,
      booked(one, 'A'),
      said({ kind: 'adjust', sku: 'BOLT', quantity: 4, location: 'A', reason: 'counted' }),
    )
      .when(imported('stock', rows, 'k'), imported('stock', rows, 'once more'))
      .then(balance('BOLT', 'B', 1), balance('BOLT', 'A', 4), balance('MILK', 'B', 1));
    expect(verdicts(scene, 'k')).toEqual([
      '2 booked',
      '3 location unknown-location',
      '4 location missing',
      '5 sku unknown-product',
      '6 quantity missing',
      '7 quantity bad-number',
      '8 quantity bad-quantity',
      '9 quantity bad-quantity',
      '10 unit unknown-unit',
      '11 unit unknown-unit',
      '12 status bad-word',
      '13  duplicate',
      '14 expiry bad-day',
      '15 lot lot-needed',
      '16 expiry expiry-needed',
      '17 booked',
      '18 expiry other-expiry',
      '19 lot lot-needed',
      '20 sku item-needed',
      '21 sku item-needed',
      '22 quantity stock-exists',
    ]);
    expect(toldOf(scene, 'once more')).toMatchObject({ taken: 0, refused: 21 });
    sameAgain(scene);
  });
});

describe('a dry run', () => {
  const cell = fc.constantFrom('', 'A', 'B', 'GHOST', '1', '12', '-1', 'case', '2027-01-01', '2027-13-01', EACH, CASE);
  const product = fc.record({ sku: fc.constantFrom('BOLT', 'NUT', 'PIN'), gtin: cell, packs: cell, unit_cost: cell });
  const stock = fc.record({
    location: fc.constantFrom('A', 'B', 'R', 'NOWHERE'),
    sku: fc.constantFrom('BOLT', 'NUT', 'PIN'),
    quantity: fc.constantFrom('1', '12', '-1', 'x'),
    lot: fc.constantFrom('', 'L1'),
    expiry: fc.constantFrom('', '2027-01-01', '2027-01-02'),
  });

  it('says what the import then says, and changes nothing', () => {
    fc.assert(
      fc.property(fc.array(product, { maxLength: 8 }), fc.array(stock, { maxLength: 12 }), (products, stocks) => {
        const { scene } = given().when(
          imported('products', products, 'p dry', true),
          imported('products', products, 'p'),
          imported('stock', stocks, 's dry', true),
          imported('stock', stocks, 's'),
        );
        expect(toldOf(scene, 'p dry').verdicts).toEqual(toldOf(scene, 'p').verdicts);
        expect(toldOf(scene, 's dry').verdicts).toEqual(toldOf(scene, 's').verdicts);
        const [first, , third] = scene.effects.filter(({ outcome }) => outcome !== undefined);
        expect([first!.products, third!.transactions]).toEqual([[], []]);
        expect(scene.ledger.transactions).toHaveLength(toldOf(scene, 's').taken);
        sameAgain(scene);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});
