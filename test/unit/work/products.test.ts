// Products: what may be said of them, what a scan of one of their GTINs counts, and when one may go.
import { describe, expect, it } from 'vitest';
import type { Product } from '../../../src/infer/productEffects.ts';
import type { Command } from '../../../src/wire/command.ts';
import { productOf, volumeLOf, weightKgOf } from '../../../src/work/products.ts';
import { given, inSite, type Check, type Scene, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, balance, discrepancies, moved } from '../../support/storiesThen.ts';
import { said, scanned, booked } from '../../support/storiesWhen.ts';
import { gtinOf, itemEpc, receivingSite, site } from '../../support/storiesSite.ts';

const [EACH, CASE, PALLET, OTHER] = [gtinOf(1), gtinOf(2), gtinOf(3), gtinOf(4)];
const PACKS = [
  { unit: 'each', quantity: 1, gtin: EACH },
  { unit: 'case', quantity: 12, gtin: CASE },
  { unit: 'pallet', quantity: 480, gtin: PALLET },
] as const;

type Said = Partial<Extract<Command, { kind: 'product' }>>;
const product = (sku: string, more: Said = {}, key?: string): Step => said({ kind: 'product', sku, ...more }, key);
const dropped = (sku: string, key: string): Step => said({ kind: 'drop-product', sku }, key);
const known = (scene: Scene, sku: string): Product | undefined => productOf(scene.machine.work.products, sku);
const result =
  (key: string, wanted: object): Check =>
  (scene) =>
    expect(scene.outcomeOf(key)).toMatchObject({ status: 'done', detail: wanted });

describe('a product', () => {
  it('is made, replaced whole, and left as it is when the same is said again', () => {
    const whole = {
      name: 'Bolt M8',
      packs: [...PACKS],
      lengthMm: 100,
      widthMm: 50,
      heightMm: 20,
      weightG: 250,
      unitCost: 0.35,
      currency: 'EUR',
      fixedBin: 'A-01',
      pickMinimum: 10,
      pickMaximum: 40,
    };
    const story = given()
      .when(product('BOLT', whole, 'first'), product('BOLT', whole, 'again'), product('BOLT', { name: 'Bolt' }, 'less'))
      .then(
        result('first', { sku: 'BOLT', revision: 1, result: 'created' }),
        result('again', { revision: 1, result: 'unchanged' }),
        result('less', { revision: 2, result: 'replaced' }),
      );
    const { scene } = story;
    expect(known(scene, 'BOLT')).toMatchObject({ name: 'Bolt', baseUnit: 'each', packs: [], weightG: undefined });
    const told = scene.effects.flatMap(({ products }) => products);
    expect(told.map(({ product: one }) => one?.revision)).toEqual([1, 2]);
    expect(volumeLOf(told[0]!.product, 12)).toBe(1.2);
    expect(weightKgOf(told[0]!.product, 12)).toBe(3);
    expect(volumeLOf(told[1]!.product, 12)).toBeUndefined();
    expect(weightKgOf(undefined, 12)).toBeUndefined();
    sameAgain(scene);
  });

  it('is refused when what is said of it contradicts itself, the site, or another product', () => {
    const pack = (...packs: Said['packs'] & object): Said => ({ packs });
    given()
      .when(
        product('BOLT', { packs: [...PACKS] }),
        product('X', pack({ unit: 'each', quantity: 1, gtin: '4006381333932' }), 'digit'),
        product('X', pack({ unit: 'each', quantity: 1, gtin: '400638133' }), 'length'),
        product('X', pack({ unit: 'each', quantity: 1, gtin: CASE }), 'taken'),
        product('X', pack({ unit: 'case', quantity: 6 }, { unit: 'case', quantity: 8 }), 'unit'),
        product('X', pack({ unit: 'each', quantity: 2 }), 'base'),
        product(
          'X',
          pack({ unit: 'case', quantity: 6, gtin: OTHER }, { unit: 'box', quantity: 2, gtin: OTHER }),
          'twice',
        ),
        product('X', { fixedBin: 'DOCK-1' }, 'bin'),
        product('X', { pickMinimum: 5 }, 'no bin'),
        product('X', { fixedBin: 'A', pickMinimum: 5, pickMaximum: 4 }, 'levels'),
        product('X', { fixedBin: 'A', pickMinimum: 0.000_05 }, 'fine'),
        product('X', { unitCost: 5 }, 'cost'),
        product('X', { currency: 'EUR' }, 'currency'),
        product('X', { revision: 1 }, 'none yet'),
        product('BOLT', { revision: 2 }, 'revision'),
        said({ kind: 'drop-product', sku: 'BOLT', revision: 2 }, 'drop'),
        dropped('X', 'unknown'),
      )
      .then(
        answered('digit', 'bad-gtin'),
        answered('length', 'bad-gtin'),
        answered('taken', 'gtin-taken'),
        answered('unit', 'bad-packs'),
        answered('base', 'bad-packs'),
        answered('twice', 'bad-packs'),
        answered('bin', 'unknown-location'),
        answered('no bin', 'bad-levels'),
        answered('levels', 'bad-levels'),
        answered('fine', 'bad-quantity'),
        answered('cost', 'incomplete'),
        answered('currency', 'incomplete'),
        answered('none yet', 'changed-meanwhile'),
        answered('revision', 'changed-meanwhile'),
        answered('drop', 'changed-meanwhile'),
        answered('unknown', 'unknown-product'),
      );
  });

  it('goes when nothing needs it any more, and its GTINs are free again', () => {
    const adjusted = (quantity: number): Step =>
      said({ kind: 'adjust', sku: 'BOLT', quantity, location: 'A', reason: 'counted' });
    const line = { line: '1', sku: 'BOLT', quantity: 1 };
    const story = given(inSite(site({}, { orders: true })))
      .when(
        product('BOLT', { packs: [...PACKS] }),
        adjusted(3),
        dropped('BOLT', 'stock'),
        adjusted(-3),
        said({ kind: 'order', order: 'O1', customer: 'SHOP', lines: [line] }),
        dropped('BOLT', 'order'),
        said({ kind: 'cancel-order', order: 'O1' }),
        said({ kind: 'announce', inbound: 'ASN', document: 'notice', supplier: 'ACME', lines: [line] }),
        dropped('BOLT', 'inbound'),
        said({ kind: 'cancel-inbound', inbound: 'ASN' }),
        dropped('BOLT', 'gone'),
        product('NUT', { packs: [{ unit: 'each', quantity: 1, gtin: EACH }] }, 'taken over'),
      )
      .then(
        answered('stock', 'product-in-use'),
        answered('order', 'product-in-use'),
        answered('inbound', 'product-in-use'),
        answered('gone', 'done'),
        answered('taken over', 'done'),
      );
    expect(known(story.scene, 'BOLT')).toBeUndefined();
    expect(story.scene.effects.flatMap(({ products }) => products)).toContainEqual({ sku: 'BOLT', product: undefined });
    sameAgain(story.scene);
  });
});

describe('a scan of a GTIN', () => {
  const expected = said({
    kind: 'announce',
    inbound: 'ASN',
    document: 'notice',
    supplier: 'ACME',
    lines: [{ line: '1', sku: 'BOLT', quantity: 1000 }],
  });

  it('counts the base units of its pack level, times the count that the code says', () => {
    const story = given(inSite(receivingSite()), product('BOLT', { packs: [...PACKS] }), expected)
      .when(
        scanned('hand-1', EACH),
        scanned('hand-1', CASE),
        scanned('hand-1', PALLET),
        scanned('hand-1', `]C101${CASE}303`),
      )
      .then(balance('BOLT', 'DOCK-1', 1 + 12 + 480 + 36), discrepancies());
    sameAgain(story.scene);
  });

  it('is what the product says before what the rules of the site say; without a product those hold', () => {
    const file = receivingSite().source.file;
    const skus = [
      { sku: 'BY-RULE', gtin: EACH },
      { sku: 'BY-RULE', gtin: OTHER },
    ];
    given(inSite(site({ ...file, skus })), product('BOLT', { packs: [...PACKS] }))
      .when(
        said({ kind: 'adjust', sku: 'BOLT', quantity: 1, location: 'A', reason: 'counted' }),
        said({ kind: 'adjust', sku: 'BY-RULE', quantity: 1, location: 'A', reason: 'counted' }),
        scanned('pack-1', EACH),
        scanned('pack-1', OTHER),
      )
      .then(balance('BOLT', 'PACK', 1), balance('BY-RULE', 'PACK', 1), discrepancies());
  });

  it('of a case receives what is in the case, with the lot and the day that it says; and counts it', () => {
    const story = given(inSite(receivingSite()), product('BOLT', { packs: [...PACKS] }), expected)
      .when(
        said({ kind: 'receive', inbound: 'ASN', location: 'DOCK-1', scan: `]C101${CASE}1726123110L7` }, 'case'),
        said({ kind: 'receive', inbound: 'ASN', location: 'DOCK-1', scan: CASE, quantity: 30 }, 'said'),
        said({ kind: 'receive', inbound: 'ASN', location: 'DOCK-1', scan: 'DOCK-2' }, 'place'),
        said({ kind: 'receive', inbound: 'ASN', location: 'DOCK-1', scan: CASE, sku: 'BOLT' }, 'both'),
      )
      .then(
        result('case', { sku: 'BOLT', received: 12 }),
        result('said', { received: 30 }),
        answered('place', 'bad-scan'),
        answered('both', 'contradiction'),
        balance('BOLT', 'DOCK-1', 12, { lot: 'L7', status: 'receiving' }),
        balance('BOLT', 'DOCK-1', 42, { status: 'receiving' }),
        discrepancies(),
      )
      .when(
        said({ kind: 'adjust', sku: 'BOLT', quantity: 25, location: 'A', reason: 'counted' }),
        said({ kind: 'plan-count', count: 'C', by: 'location', locations: ['A'] }),
        said({ kind: 'count-bin', count: 'C', task: 1, scans: [CASE, `]C101${CASE}301`, EACH] }),
      )
      .then(balance('BOLT', 'A', 25), discrepancies());
    expect(story.scene.effects.flatMap(({ counts }) => counts).at(-1)).toMatchObject({
      tasks: [{ state: 'closed', accurate: 1 }],
    });
    sameAgain(story.scene);
  });

  it('of a case picks what is in the case', () => {
    given(inSite(site({}, { orders: true })), product('BOLT', { packs: [...PACKS] }))
      .when(
        said({ kind: 'adjust', sku: 'BOLT', quantity: 30, location: 'A', reason: 'counted' }),
        said({ kind: 'order', order: 'O1', customer: 'SHOP', lines: [{ line: '1', sku: 'BOLT', quantity: 24 }] }),
        said({ kind: 'release', pick: 'P1', orders: ['O1'] }),
        said({ kind: 'confirm-pick', pick: 'P1', line: 1, scan: CASE }, 'case'),
        said({ kind: 'confirm-pick', pick: 'P1', line: 1, scan: PALLET }, 'pallet'),
      )
      .then(
        result('case', { picked: 12, left: 12 }),
        answered('pallet', 'too-many'),
        balance('BOLT', 'PACK', 12),
        balance('BOLT', 'A', 18),
      );
  });
});

describe('a tag', () => {
  it('of the base unit is of the SKU; that of a larger pack is not, for a tag is one unit', () => {
    const one = { name: 'one', epcs: [itemEpc(1, 77)] };
    const box = { name: 'box', epcs: [itemEpc(2, 78)] };
    given(product('BOLT', { packs: [...PACKS] }))
      .when(booked(one, 'A'), booked(box, 'A'))
      .then(moved(one, ['receive world → A']), balance('BOLT', 'A', 1), balance(CASE, 'A', 1));
  });
});
