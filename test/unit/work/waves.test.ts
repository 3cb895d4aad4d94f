// How a release groups what is to be picked: a list for each order, a batch that is sorted afterwards, totes on a cart, a list for each zone.
import { describe, expect, it } from 'vitest';
import type { JobEffect } from '../../../src/infer/jobEffects.ts';
import type { OrderEffect, PickEffect, PickLineEffect } from '../../../src/infer/outboundEffects.ts';
import type { Command } from '../../../src/wire/command.ts';
import { given, inSite, type Check, type Scene, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, balance, discrepancies } from '../../support/storiesThen.ts';
import { booked, said } from '../../support/storiesWhen.ts';
import { gtinOf, pallet, site } from '../../support/storiesSite.ts';

const [X, Y, Z] = [gtinOf(5), gtinOf(6), gtinOf(7)];
const withOrders = inSite(site({ packing: { companyPrefix: '9521141' } }, { orders: true, cartTotes: 2 }));

const found = (sku: string, quantity: number, location: string): Step =>
  said({ kind: 'adjust', sku, quantity, location, reason: 'counted' });
const ordered = (
  order: string,
  lines: readonly (readonly [sku: string, quantity: number])[],
  more: object = {},
): Step =>
  said({
    kind: 'order',
    order,
    customer: 'SHOP-1',
    lines: lines.map(([sku, quantity], index) => ({ line: String(index + 1), sku, quantity })),
    ...more,
  });
type Release = Omit<Extract<Command, { kind: 'release' }>, 'kind'>;
const released = (of: Release, key = of.pick): Step => said({ kind: 'release', to: 'PACK', ...of }, key);
const confirmed = (
  pick: string,
  line: number,
  scan: string,
  more: object = {},
  key = `${pick} ${line} ${scan}`,
): Step => said({ kind: 'confirm-pick', pick, line, scan, ...more }, key);
const sorted = (pick: string, scan: string, key: string, more: object = {}): Step =>
  said({ kind: 'sort-pick', pick, scan, ...more }, key);

const detailOf = (scene: Scene, key: string): Readonly<Record<string, unknown>> => {
  const outcome = scene.outcomeOf(key);
  if (outcome?.status !== 'done') throw new Error(`${key} was not done: ${JSON.stringify(outcome)}`);
  return outcome.detail!;
};
const detail =
  (key: string, fields: object): Check =>
  (scene) =>
    expect(detailOf(scene, key)).toMatchObject(fields);

/** The list as it was told last: `stop location quantity order`, with what is picked. */
const list =
  (id: string, lines: readonly string[], head: Partial<PickEffect> = {}): Check =>
  (scene) => {
    const all = scene.effects.flatMap(({ picks }) => picks).filter((one) => one.id === id);
    expect(all.at(-1)).toMatchObject(head);
    const told = new Map(all.flatMap((one) => one.lines.map((line) => [line.line, line] as const)));
    const text = ({ stop, location, quantity, order, picked, short }: PickLineEffect): string =>
      `${stop} ${location} ${quantity} ${order}${picked > 0 ? ` +${picked}` : ''}${short > 0 ? ` -${short}` : ''}`;
    expect([...told.values()].sort((a, b) => a.stop - b.stop || a.line - b.line).map((line) => text(line))).toEqual(
      lines,
    );
  };
const order =
  (id: string, head: Partial<OrderEffect>): Check =>
  (scene) =>
    expect(scene.effects.flatMap(({ orders }) => orders).findLast((one) => one.id === id)).toMatchObject(head);
const jobs =
  (...open: readonly string[]): Check =>
  (scene) => {
    const all = new Map<string, JobEffect>();
    for (const job of scene.effects.flatMap((effect) => effect.jobs)) all.set(`${job.kind} ${job.id}`, job);
    expect([...all].filter(([, job]) => job.state === 'open').map(([key, job]) => `${key}: ${job.what}`)).toEqual(open);
  };

describe('single', () => {
  it('makes a list of its own for each order', () => {
    const story = given(withOrders, found(X, 9, 'A'))
      .when(
        ordered('O1', [[X, 1]]),
        ordered('O2', [[X, 2]]),
        released({ pick: 'W', orders: ['O1', 'O2'], method: 'single' }),
        released({ pick: 'W', orders: ['O1'] }, 'again'),
      )
      .then(
        detail('W', {
          wave: 'W',
          picks: [
            { pick: 'W-1', orders: ['O1'] },
            { pick: 'W-2', orders: ['O2'] },
          ],
        }),
        list('W-1', ['1 A 1 O1'], { method: 'single', wave: 'W' }),
        list('W-2', ['1 A 2 O2']),
        answered('again', 'nothing-reserved'),
        jobs('pick W-1: 1 line for O1', 'pick W-2: 1 line for O2'),
      );
    sameAgain(story.scene);
  });
});

describe('a batch', () => {
  it('takes what all orders want of a bin at once, and is sorted before anything is packed', () => {
    const story = given(withOrders, found(X, 9, 'A'), found(Y, 9, 'B'))
      .when(
        ordered('O1', [
          [X, 1],
          [Y, 2],
        ]),
        ordered('O2', [[X, 3]]),
        ordered(
          'O3',
          [
            [X, 2],
            [Y, 1],
          ],
          { priority: 9 },
        ),
        released({ pick: 'W', orders: ['O1', 'O2', 'O3'], method: 'batch' }),
      )
      .then(list('W', ['1 B 2 O1', '1 B 1 O3', '2 A 1 O1', '2 A 3 O2', '2 A 2 O3'], { method: 'batch', totes: [] }))
      .when(
        confirmed('W', 4, 'A', {}, 'bin'),
        confirmed('W', 1, 'A', { quantity: 7 }, 'many'),
        confirmed('W', 1, 'A', { tote: 'T-1' }, 'tote'),
        // Four of six: the urgent order has all of its own, then who came first.
        confirmed('W', 1, 'A', { quantity: 4 }, 'four'),
      )
      .then(
        answered('bin', 'wrong-bin'),
        answered('many', 'too-many'),
        answered('tote', 'no-totes'),
        detail('four', { picked: 4, left: 2 }),
        list('W', ['1 B 2 O1', '1 B 1 O3', '2 A 1 O1 +1', '2 A 3 O2 +1', '2 A 2 O3 +2'], { state: 'open' }),
        balance(X, 'A', 5),
        balance(X, 'PACK', 4),
        jobs('pick W: 3 lines for 3 orders'),
      )
      .when(confirmed('W', 2, 'A', {}, 'two'), confirmed('W', 5, 'B', {}, 'rest'))
      .then(
        list('W', ['1 B 2 O1 +2', '1 B 1 O3 +1', '2 A 1 O1 +1', '2 A 3 O2 +3', '2 A 2 O3 +2'], {
          state: 'done',
          picked: 9,
        }),
        order('O2', { state: 'picked' }),
        // Nobody packs before it is sorted.
        jobs('sort W: 9 of W to 3 orders'),
      )
      .when(
        sorted('W', `]C101${X}`, 'first'),
        sorted('W', `]C101${X}`, 'wrong', { order: 'O3', quantity: 2 }),
        sorted('W', `]C101${X}`, 'second', { order: 'O3' }),
        sorted('W', `]C101${X}`, 'third', { order: 'O3' }),
        sorted('W', `]C101${Y}`, 'fourth'),
        sorted('W', `]C101${Z}`, 'strange'),
        sorted('W', 'A', 'place'),
      )
      .then(
        detail('first', { order: 'O3', sorted: 1, left: 2, toSort: 8 }),
        answered('wrong', 'too-many'),
        detail('second', { order: 'O3', left: 1 }),
        answered('third', 'wrong-order'),
        detail('fourth', { order: 'O3', left: 0, toSort: 6 }),
        answered('strange', 'not-picked'),
        answered('place', 'bad-scan'),
        jobs('sort W: 6 of W to 2 orders', 'pack O3: 3 of order O3'),
        discrepancies(),
      )
      .when(
        sorted('W', `]C101${X}`, 'o2', { order: 'O2', quantity: 3 }),
        sorted('W', `]C101${X}`, 'o1'),
        sorted('W', `]C101${Y}`, 'all', { quantity: 2 }),
        sorted('W', `]C101${Y}`, 'over'),
      )
      .then(
        detail('all', { order: 'O1', toSort: 0 }),
        answered('over', 'not-picked'),
        jobs('pack O3: 3 of order O3', 'pack O2: 3 of order O2', 'pack O1: 3 of order O1'),
      );
    sameAgain(story.scene);
  });

  it('takes from another bin what one turns out not to have, and the lowest rank goes without', () => {
    const story = given(withOrders, found(X, 4, 'A'), found(X, 2, 'B'))
      .when(
        ordered('O1', [[X, 2]], { partial: true }),
        ordered('O2', [[X, 2]], { priority: 9 }),
        released({ pick: 'W', orders: ['O1', 'O2'], method: 'batch' }),
        said({ kind: 'short-pick', pick: 'W', line: 1, quantity: 3 }, 'short'),
      )
      .then(
        detail('short', { short: 3, replanned: 2 }),
        list('W', ['1 A 2 O1 -2', '2 B 1 O2', '2 B 1 O1', '3 A 2 O2 -1'].toSorted(), {}),
        order('O2', { planned: 2 }),
        order('O1', { planned: 1, reserved: 0 }),
      );
    sameAgain(story.scene);
  });

  it('of what has tags knows whose each is once it is picked', () => {
    const goods = pallet('P', { tags: 3 });
    const [first, second, third] = goods.epcs as [string, string, string];
    const sku = gtinOf(1);
    const story = given(withOrders, booked(goods, 'A'))
      .when(
        ordered('O1', [[sku, 1]]),
        ordered('O2', [[sku, 1]], { priority: 9 }),
        released({ pick: 'W', orders: ['O1', 'O2'], method: 'batch' }),
        confirmed('W', 1, third),
        confirmed('W', 1, first),
        confirmed('W', 1, second, {}, 'more'),
        sorted('W', first, 'wrong', { order: 'O2' }),
        sorted('W', first, 'first'),
        sorted('W', first, 'again'),
        sorted('W', second, 'second'),
        sorted('W', `]C101${sku}`, 'code'),
      )
      .then(
        answered('more', 'pick-done'),
        answered('wrong', 'wrong-order'),
        detail('first', { order: 'O1', sorted: 1, toSort: 1 }),
        detail('again', { order: 'O1', sorted: 0, toSort: 1 }),
        answered('second', 'not-picked'),
        answered('code', 'item-needed'),
        jobs('sort W: 1 of W to O2', 'pack O1: 1 of order O1'),
      )
      // Packed without having been sorted: it is where it belongs.
      .when(said({ kind: 'open-carton', order: 'O2', bench: 'PACK' }, 'carton'), (scene, at) =>
        said({ kind: 'pack-item', carton: String(detailOf(scene, 'carton')['carton']), scan: third })(scene, at),
      )
      .then(jobs('pack O1: 1 of order O1', 'pack O2: close the carton of O2'));
    sameAgain(story.scene);
  });
});

describe('a cluster', () => {
  it('has a tote for each order; the wrong one is refused, and so is one with something else in it', () => {
    const story = given(withOrders, found(X, 9, 'A'), found(Y, 9, 'B'))
      .when(
        ordered('O1', [
          [X, 1],
          [Y, 1],
        ]),
        ordered('O2', [[X, 2]]),
        ordered('O3', [[X, 1]], { priority: 9 }),
        released({ pick: 'N', orders: ['O1'], method: 'zone', totes: [{ order: 'O1', tote: 'T-1' }] }, 'none'),
        released({ pick: 'N', orders: ['O1'], method: 'cluster', totes: [{ order: 'O2', tote: 'T-1' }] }, 'other'),
        released({
          pick: 'W',
          orders: ['O1', 'O2', 'O3'],
          method: 'cluster',
          totes: [{ order: 'O3', tote: 'T-3' }],
        }),
      )
      .then(
        answered('none', 'no-totes'),
        answered('other', 'bad-lines'),
        // Two totes fit on a cart.
        detail('W', {
          picks: [
            { pick: 'W-1', orders: ['O3', 'O1'] },
            { pick: 'W-2', orders: ['O2'] },
          ],
        }),
        list('W-1', ['1 B 1 O1', '2 A 1 O3', '3 A 1 O1'], { method: 'cluster', totes: [{ order: 'O3', tote: 'T-3' }] }),
      )
      .when(
        confirmed('W-1', 1, 'A', {}, 'needed'),
        confirmed('W-1', 1, 'A', { tote: 'T-1' }, 'wrong'),
        confirmed('W-1', 1, 'A', { tote: ']C0T-3' }, 'right'),
        confirmed('W-1', 2, 'A', { tote: 'T-3' }, 'of another'),
        confirmed('W-1', 2, 'A', { tote: 'T-1' }, 'its own'),
        confirmed('W-2', 1, 'A', { tote: 'T-3' }, 'in use'),
        confirmed('W-1', 3, 'B', { tote: 'T-2' }, 'not its own'),
        confirmed('W-1', 3, 'B', { tote: 'T-1' }, 'last'),
      )
      .then(
        answered('needed', 'tote-needed'),
        answered('wrong', 'wrong-tote'),
        answered('right', 'done'),
        answered('of another', 'wrong-tote'),
        answered('its own', 'done'),
        answered('in use', 'tote-in-use'),
        answered('not its own', 'wrong-tote'),
        answered('last', 'done'),
        list('W-1', ['1 B 1 O1 +1', '2 A 1 O3 +1', '3 A 1 O1 +1'], {
          state: 'done',
          totes: [
            { order: 'O3', tote: 'T-3' },
            { order: 'O1', tote: 'T-1' },
          ],
        }),
        balance(X, 'A', 7),
        (scene) =>
          expect(scene.effects.flatMap(({ pickErrors }) => pickErrors).map(({ code }) => code)).toEqual([
            'wrong-tote',
            'wrong-tote',
            'wrong-tote',
          ]),
      );
    sameAgain(story.scene);
  });
});

describe('zones', () => {
  it('have a list each; the order is picked when all are, and what is short goes on the list of where it is', () => {
    const story = given(withOrders, found(X, 3, 'A-01'), found(X, 2, 'A'), found(Y, 4, 'R'))
      .when(
        ordered('O1', [
          [X, 2],
          [Y, 2],
        ]),
        ordered('O2', [[Y, 1]]),
        released({ pick: 'W', orders: ['O1', 'O2'], method: 'zone' }),
        released({ pick: 'W', orders: ['O1'] }, 'taken'),
      )
      .then(
        detail('W', {
          lines: 3,
          picks: [
            { pick: 'W-1', zone: 'A', orders: ['O1'], lines: 1 },
            { pick: 'W-2', zone: '', orders: ['O1', 'O2'], lines: 2 },
          ],
        }),
        list('W-1', ['1 A-01 2 O1'], { method: 'zone', wave: 'W', zone: 'A', orders: ['O1'] }),
        jobs('pick W-1: 1 line for O1', 'pick W-2: 2 lines for 2 orders'),
      )
      .when(confirmed('W-2', 1, 'R'), confirmed('W-2', 2, 'R'))
      .then(
        order('O2', { state: 'picked' }),
        order('O1', { state: 'picking' }),
        jobs('pick W-1: 1 line for O1', 'pack O2: 1 of order O2'),
      )
      // Somebody counted them out of the bins of this zone: they are elsewhere.
      .when(found(X, 5, 'B'), found(X, -2, 'A'), said({ kind: 'short-pick', pick: 'W-1', line: 1 }, 'short'))
      .then(
        detail('short', { short: 2, replanned: 2, lines: [], elsewhere: ['W-2'] }),
        list('W-2', ['1 R 2 O1 +2', '2 R 1 O2 +1', '3 B 2 O1'], { state: 'open' }),
        jobs('pick W-2: 1 line for O1', 'pack O2: 1 of order O2'),
      )
      .when(confirmed('W-2', 3, 'B'))
      .then(order('O1', { state: 'picked' }));
    sameAgain(story.scene);
  });
});
