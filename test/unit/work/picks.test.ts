// Pick lists: what is taken from where, what a scan confirms, what tags do on their way, and what is not there.
import { describe, expect, it } from 'vitest';
import type { OrderEffect, PickEffect, PickLineEffect } from '../../../src/infer/outboundEffects.ts';
import type { Command } from '../../../src/wire/command.ts';
import { given, inSite, type Check, type Fact, type Scene, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, balance, discrepancies, moved, stock } from '../../support/storiesThen.ts';
import { after, booked, heard, said, scanned, together, waited } from '../../support/storiesWhen.ts';
import { gtinOf, itemEpc, MINUTE_MS, pallet, site } from '../../support/storiesSite.ts';

const withOrders = inSite(site({}, { orders: true }));
const givenOrders = (...facts: readonly Fact[]) => given(withOrders, ...facts);

const found = (sku: string, quantity: number, location: string, more: object = {}): Step =>
  said({ kind: 'adjust', sku, quantity, location, reason: 'counted', ...more });
const ordered = (order: string, sku: string, quantity: number, more: object = {}): Step =>
  said({ kind: 'order', order, customer: 'SHOP-1', lines: [{ line: '1', sku, quantity }], ...more });
const released = (pick: string, ...orders: string[]): Step => said({ kind: 'release', pick, orders }, pick);
const confirmed = (pick: string, line: number, scan: string, more: Partial<Command> = {}, key?: string): Step =>
  said({ kind: 'confirm-pick', pick, line, scan, ...more } as Command, key ?? `${pick} ${line} ${scan}`);
const missing = (pick: string, line: number, quantity?: number, key?: string): Step =>
  said({ kind: 'short-pick', pick, line, ...(quantity && { quantity }) }, key);

/** The list as it was told last, its lines in the order of the way. */
function listOf(scene: Scene, id: string): { readonly head: PickEffect; readonly lines: readonly PickLineEffect[] } {
  const all = scene.effects.flatMap(({ picks }) => picks).filter((one) => one.id === id);
  const lines = new Map(all.flatMap((one) => one.lines.map((line) => [line.line, line] as const)));
  return { head: all.at(-1)!, lines: [...lines.values()].sort((a, b) => a.stop - b.stop) };
}
/** `location lot quantity`, or `location quantity` where there is no lot; picked ones with a tick. */
const list =
  (id: string, lines: readonly string[], head: Partial<PickEffect> = {}): Check =>
  (scene) => {
    const told = listOf(scene, id);
    expect(told.head).toMatchObject(head);
    const marks = { open: '', picked: ' ✓', short: ' short' } as const;
    expect(
      told.lines.map(
        ({ location, lot, quantity, state }) => `${location} ${lot === '' ? '' : `${lot} `}${quantity}${marks[state]}`,
      ),
    ).toEqual(lines);
  };
const order =
  (id: string, head: Partial<OrderEffect>): Check =>
  (scene) =>
    expect(scene.effects.flatMap(({ orders }) => orders).findLast((one) => one.id === id)).toMatchObject(head);

const lot = (sku: string, name: string): string => `]C101${sku}10${name}`;

describe('a pick list', () => {
  it('takes what expires first, else what lies there longest, and goes the short way', () => {
    const notice = said({
      kind: 'announce',
      inbound: 'ASN',
      document: 'notice',
      supplier: 'ACME',
      lines: [
        { line: '1', sku: 'S1', quantity: 1, lot: 'LATE', expiry: '2027-06-30' },
        { line: '2', sku: 'S1', quantity: 1, lot: 'SOON', expiry: '2026-02-01' },
        { line: '3', sku: 'S1', quantity: 1, lot: 'PAST', expiry: '2026-01-04' },
      ],
    });
    const story = givenOrders(
      notice,
      found('S1', 4, 'R', { lot: 'LATE' }),
      found('S1', 4, 'B', { lot: 'SOON' }),
      found('S1', 4, 'A', { lot: 'PAST' }),
      found('S2', 4, 'B'),
      found('S2', 4, 'A-01'),
    )
      .when(ordered('O1', 'S1', 6), ordered('O2', 'S2', 6), released('W1', 'O1', 'O2'))
      .then(
        list('W1', ['R LATE 2', 'B SOON 4', 'B 4', 'A-01 2'], { to: 'PACK', orders: ['O1', 'O2'], quantity: 12 }),
        order('O1', { state: 'picking', planned: 6, reserved: 0 }),
      );
    sameAgain(story.scene);
  });

  it.each([
    ['fefo', ['B SOON 4', 'A OLD 1']],
    ['fifo', ['A OLD 4', 'B SOON 1']],
    ['lifo', ['R NEW 4', 'B SOON 1']],
    ['nearest', ['R NEW 4', 'B SOON 1']],
  ] as const)('takes what the rotation of the product says, or of the site: %s', (rotation, wanted) => {
    const notice = said({
      kind: 'announce',
      inbound: 'ASN',
      document: 'notice',
      supplier: 'ACME',
      lines: [{ line: '1', sku: 'S1', quantity: 1, lot: 'SOON', expiry: '2026-02-01' }],
    });
    const stored = [
      notice,
      found('S1', 4, 'A', { lot: 'OLD' }),
      found('S1', 4, 'B', { lot: 'SOON' }),
      found('S1', 4, 'R', { lot: 'NEW' }), // the nearest to the bench
    ];
    const asked = [ordered('O1', 'S1', 5), released('P', 'O1')];
    // The way through the bins is another question: what is taken from which bin is the same.
    const taken: Check = (scene) =>
      expect(
        listOf(scene, 'P')
          .lines.map((line) => `${line.location} ${line.lot} ${line.quantity}`)
          .toSorted(),
      ).toEqual([...wanted].toSorted());
    const bySite = given(inSite(site({}, { orders: true, pickRotation: rotation })), ...stored);
    sameAgain(bySite.when(...asked).then(taken).scene);
    const product = said({ kind: 'product', sku: 'S1', rotation });
    sameAgain(
      givenOrders(product, ...stored)
        .when(...asked)
        .then(taken).scene,
    );
  });

  it('is confirmed by scans; what is wrong is refused and posts nothing', () => {
    const [sku, other] = [gtinOf(1), gtinOf(2)];
    const story = givenOrders(found(sku, 10, 'A', { lot: 'L1' }))
      .when(
        ordered('O1', sku, 4),
        released('P', 'O1'),
        confirmed('P', 1, lot(other, 'L1'), {}, 'item'),
        confirmed('P', 1, lot(sku, 'L2'), {}, 'lot'),
        confirmed('P', 1, `]C101${sku}17260101`, {}, 'day'),
        confirmed('P', 1, 'B', {}, 'bin'),
        confirmed('P', 1, lot(sku, 'L1'), { quantity: 5 }, 'many'),
        confirmed('P', 1, 'nonsense', {}, 'nonsense'),
        confirmed('P', 2, 'A', {}, 'line'),
        confirmed('Q', 1, 'A', {}, 'list'),
      )
      .then(
        answered('item', 'wrong-item'),
        answered('lot', 'wrong-lot'),
        answered('day', 'expired'),
        answered('bin', 'wrong-bin'),
        answered('many', 'too-many'),
        answered('nonsense', 'bad-scan'),
        answered('line', 'unknown-pick'),
        answered('list', 'unknown-pick'),
        balance(sku, 'A', 10),
      )
      .when(confirmed('P', 1, lot(sku, 'L1')), confirmed('P', 1, 'A', {}, 'rest'), confirmed('P', 1, 'A', {}, 'done'))
      .then(
        answered('done', 'pick-done'),
        list('P', ['A L1 4 ✓'], { state: 'done', picked: 4 }),
        order('O1', { state: 'picked', picked: 4 }),
        balance(sku, 'A', 6),
        balance(sku, 'PACK', 4),
        discrepancies(),
      );
    sameAgain(story.scene);
  });
});

describe('goods without tags', () => {
  it('that are scanned at the bench come from the bin that the list says, though another one has more', () => {
    const sku = gtinOf(3);
    const story = givenOrders(found(sku, 3, 'B'), found(sku, 50, 'A'))
      .when(ordered('O1', sku, 2), released('P', 'O1'), scanned('pack-1', `]C101${sku}`))
      .then(list('P', ['B 2'], { picked: 1 }), balance(sku, 'B', 2), balance(sku, 'A', 50), discrepancies())
      .when(scanned('pack-1', `]C101${sku}`), scanned('pack-1', `]C101${sku}`))
      .then(order('O1', { state: 'picked' }), discrepancies());
    sameAgain(story.scene);
  });
});

describe('goods of a zone', () => {
  it('are confirmed by the label of a bin of it; the label of a zone does not say which bin', () => {
    givenOrders(found('S1', 5, 'A'), found('S2', 5, 'A-01'))
      .when(
        ordered('O1', 'S1', 2),
        released('ZONE', 'O1'),
        ordered('O2', 'S2', 2),
        released('BIN', 'O2'),
        confirmed('ZONE', 1, 'B', {}, 'other zone'),
        confirmed('ZONE', 1, 'A-01', {}, 'bin of it'),
        confirmed('BIN', 1, 'A', {}, 'zone of it'),
      )
      .then(
        answered('other zone', 'wrong-bin'),
        answered('bin of it', 'done'),
        answered('zone of it', 'wrong-bin'),
        balance('S1', 'A', 3),
        balance('S2', 'A-01', 5),
      );
  });
});

describe('items with tags', () => {
  const goods = pallet('P', { tags: 4 });
  const [first, second, third] = goods.epcs as [string, string, string];
  const sku = gtinOf(1);

  it('are any of that bin, scanned or read on their way; one too many is told', () => {
    const one = (epc: string) => ({ name: epc, epcs: [epc] });
    const story = givenOrders(booked(goods, 'A'))
      .when(
        ordered('O1', sku, 2),
        released('P', 'O1'),
        confirmed('P', 1, sku, {}, 'which'),
        confirmed('P', 1, itemEpc(7, 1), {}, 'strange'),
        confirmed('P', 1, second, {}, 'scanned'),
      )
      .then(
        answered('which', 'item-needed'),
        answered('strange', 'unknown-item'),
        answered('scanned', 'done'),
        stock(one(second), 'PACK'),
        list('P', ['A 2'], { picked: 1 }),
      )
      .when(heard(one(third), 'bench-1/1'))
      .then(
        moved(
          one(third),
          ['move world → A', 'pick A → PACK'].map((what) => what.replace('move', 'receive')),
        ),
        list('P', ['A 2 ✓'], { state: 'done' }),
        order('O1', { state: 'picked' }),
        discrepancies(),
      )
      .when(confirmed('P', 1, third, {}, 'twice'), heard(one(first), 'bench-1/1'))
      .then(answered('twice', 'done'), order('O1', { picked: 2 }), discrepancies('unplanned-pick'));
    sameAgain(story.scene);
  });

  it('that lie elsewhere than the list says are swapped when they are read, and refused when they are scanned', () => {
    const strays = pallet('S', { tags: 1 });
    givenOrders(booked(goods, 'A'), booked(strays, 'B'))
      .when(ordered('O1', sku, 4), released('P', 'O1'), confirmed('P', 1, strays.epcs[0]!, {}, 'bin'))
      .then(answered('bin', 'wrong-bin'))
      .when(heard(strays, 'bench-1/1'))
      .then(list('P', ['A 4'], { picked: 1 }), discrepancies());
  });

  it('that the books have in the zone around the bin are right; those of another zone are wrong', () => {
    const inZone = pallet('Z', { tags: 2 });
    const elsewhere = pallet('E', { tags: 1 });
    const [one, other] = inZone.epcs as [string, string];
    const story = givenOrders(booked(goods, 'A-01'), booked(inZone, 'A'), booked(elsewhere, 'B'))
      .when(
        ordered('O1', sku, 4),
        released('P', 'O1'),
        confirmed('P', 1, elsewhere.epcs[0]!, {}, 'elsewhere'),
        confirmed('P', 1, one, {}, 'one'),
        confirmed('P', 1, first, {}, 'first'),
      )
      .then(
        answered('elsewhere', 'wrong-bin'),
        answered('one', 'done'),
        list('P', ['A-01 4'], { picked: 2 }),
        stock({ name: 'one', epcs: [one] }, 'PACK'),
        balance(sku, 'A', 1),
        balance(sku, 'A-01', 3),
      )
      // Read on its way instead of scanned, it counts on the line of its zone, too.
      .when(heard({ name: 'other', epcs: [other] }, 'bench-1/1'), confirmed('P', 1, second, {}, 'second'))
      .then(list('P', ['A-01 4 ✓'], { state: 'done' }), order('O1', { state: 'picked' }), discrepancies());
    sameAgain(story.scene);
  });

  it('that a picker carries are heard in the aisle for a while, and stay picked', () => {
    const one = { name: 'first', epcs: [first] };
    const scan: Step = said({ kind: 'confirm-pick', pick: 'P', line: 1, scan: first });
    const story = givenOrders()
      .when(heard(goods, 'over-a/1', { forMs: 60_000 }), ordered('O1', sku, 1), released('P', 'O1'))
      .when(together(heard(goods, 'over-a/1', { forMs: 40_000 }), after(5000, scan)))
      .when(heard(one, 'over-b/1', { forMs: 25_000 }), heard(one, 'bench-1/1'))
      .then(moved(one, ['receive world → A', 'pick A → PACK']), order('O1', { state: 'picked' }), discrepancies())
      .when(waited(MINUTE_MS * 15), heard(one, 'over-a/1', { forMs: 60_000 }))
      .then(stock(one, 'A'), order('O1', { state: 'picking' }));
    sameAgain(story.scene);
  });

  it('that are put back are to be picked again', () => {
    const one = { name: 'first', epcs: [first] };
    const story = givenOrders(booked(goods, 'A'))
      .when(ordered('O1', sku, 1), released('P', 'O1'), confirmed('P', 1, first))
      .then(order('O1', { state: 'picked' }))
      .when(said({ kind: 'move', epc: first, to: 'A' }))
      .then(
        stock(one, 'A'),
        order('O1', { state: 'picking', picked: 0, planned: 1 }),
        list('P', ['A 1'], { state: 'open' }),
      );
    // It was picked all the same.
    expect(listOf(story.scene, 'P').lines).toMatchObject([{ picked: 0, wasPicked: true }]);
    sameAgain(story.scene);
  });
});

describe('what is not there', () => {
  it('is taken from another bin where one has it, and no more of the bin is promised until it is counted', () => {
    const story = givenOrders(found('S1', 10, 'A'), found('S1', 3, 'B'))
      .when(ordered('O1', 'S1', 6, { partial: true }), released('P', 'O1'), missing('P', 1, 4, 'short'))
      .then(
        list('P', ['B 3', 'A 6'], { state: 'open' }),
        order('O1', { planned: 5, reserved: 0 }),
        discrepancies('short-pick', 'reservation-broken'),
      );
    expect(story.scene.outcomeOf('short')).toMatchObject({ detail: { short: 4, replanned: 3, lines: [2] } });
    story
      .when(ordered('O2', 'S1', 1), confirmed('P', 1, 'A'), confirmed('P', 2, 'B'))
      .then(list('P', ['B 3 ✓', 'A 6 short'], { state: 'done', picked: 5 }), order('O2', { state: 'waiting' }))
      .when(found('S1', -7, 'A'))
      .then(order('O1', { reserved: 1 }), order('O2', { state: 'waiting' }), discrepancies());
    sameAgain(story.scene);
  });

  it('goes to the list of the highest rank when a bin has less than is to be picked from it', () => {
    givenOrders(found('S1', 6, 'A'), found('S1', 2, 'B'))
      .when(
        ordered('HIGH', 'S1', 3, { priority: 9 }),
        ordered('LOW', 'S1', 3, { priority: 1, partial: true }),
        released('P-LOW', 'LOW'),
        released('P-HIGH', 'HIGH'),
        found('S1', -3, 'A'),
      )
      .then(
        list('P-HIGH', ['A 3']),
        list('P-LOW', ['A 3 short', 'B 2']),
        order('LOW', { planned: 2, reserved: 0 }),
        discrepancies('reservation-broken'),
      );
  });
});

describe('a release', () => {
  it('makes no sense of what waits, goes whole and is not whole, or is brought to a bin', () => {
    givenOrders(found('S1', 5, 'A'))
      .when(
        ordered('O1', 'S1', 5),
        ordered('O2', 'S1', 5),
        released('P', 'O2'),
        said({ kind: 'release', orders: ['O1'], to: 'B' }, 'bin'),
        released('OK', 'O1'),
        released('AGAIN', 'O1'),
        said({ kind: 'release', pick: 'OK', orders: ['O1'] }, 'number'),
      )
      .then(
        answered('P', 'nothing-reserved'),
        answered('bin', 'unknown-location'),
        answered('OK', 'done'),
        answered('AGAIN', 'nothing-reserved'),
      );
  });
});
