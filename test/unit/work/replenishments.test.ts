// Replenishment: a pick face below its minimum is filled from reserve, by what is free there, and no more than it may hold.
import { it } from 'vitest';
import { given, inSite, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, balance, discrepancies } from '../../support/storiesThen.ts';
import { booked, heard, said } from '../../support/storiesWhen.ts';
import { gtinOf, pallet } from '../../support/storiesSite.ts';
import { arrived, confirmed, directedSite, product, reason, tasks } from '../../support/storiesTasks.ts';

const FACE = { fixedBin: 'F-1', pickMinimum: 10, pickMaximum: 40 };
const bins = [
  { id: 'F', kind: 'pick' as const, zone: true },
  { id: 'F-1', kind: 'pick' as const, in: 'F' },
  { id: 'F-2', kind: 'pick' as const, in: 'F' },
  { id: 'R-1', kind: 'reserve' as const },
  { id: 'R-2', kind: 'reserve' as const },
];
const plan = directedSite(bins, { orders: true });
const found = (location: string, quantity: number, more: object = {}): Step =>
  said({ kind: 'adjust', sku: 'S1', quantity, location, reason: 'counted', ...more });

it('a pick face below its minimum is filled up from reserve by the scan of its bin, and the task is over', () => {
  const story = given(inSite(plan), found('F-1', 12), product('S1', FACE), found('R-1', 100))
    .when()
    .then(tasks())
    .when(found('F-1', -3))
    .then(
      tasks('REPL-1 31/31 S1 R-1 → F-1 pick-face'),
      reason('REPL-1', /^F-1 has less than its minimum of 10; R-1 has 100 to spare\.$/),
    )
    .when(
      confirmed('REPL-1', 'R-1', 'here'),
      confirmed('REPL-1', 'F-1', 'some', { quantity: 11 }),
      confirmed('REPL-1', 'F-1', 'rest'),
    )
    .then(
      answered('here', 'nowhere'),
      answered('some', 'done'),
      answered('rest', 'done'),
      tasks('REPL-1 0/31 S1 R-1 → F-1 pick-face done'),
      balance('S1', 'F-1', 40),
      balance('S1', 'R-1', 69),
      discrepancies(),
    );
  sameAgain(story.scene);
});

it('what expires first goes first, then what lies there longest; what pick lists take is not free', () => {
  const notice = said({
    kind: 'announce',
    inbound: 'ASN',
    document: 'notice',
    supplier: 'ACME',
    lines: [{ line: '1', sku: 'S1', quantity: 1, lot: 'SOON', expiry: '2026-02-01' }],
  });
  const story = given(inSite(plan), notice, found('R-1', 20, { lot: 'LATE' }), found('R-2', 25, { lot: 'SOON' }))
    .when(
      said({ kind: 'order', order: 'O1', customer: 'SHOP', lines: [{ line: '1', sku: 'S1', quantity: 10 }] }),
      said({ kind: 'release', pick: 'P1', orders: ['O1'] }),
      product('S1', FACE),
    )
    .then(
      tasks('REPL-1 15/15 S1 SOON R-2 → F-1 pick-face', 'REPL-2 20/20 S1 LATE R-1 → F-1 pick-face'),
      discrepancies(),
    );
  sameAgain(story.scene);
});

it('what is put away into it counts as on its way; what is not there any more, or not wanted, is not brought', () => {
  const story = given(inSite(plan), product('S1', FACE))
    .when(arrived('S1', 6))
    .then(tasks('PUT-1 6/6 S1 DOCK-1 → F-1 fixed-bin'))
    .when(found('R-1', 50))
    .then(tasks('PUT-1 6/6 S1 DOCK-1 → F-1 fixed-bin', 'REPL-1 34/34 S1 R-1 → F-1 pick-face'))
    .when(found('R-1', -44))
    .then(tasks('PUT-1 6/6 S1 DOCK-1 → F-1 fixed-bin', 'REPL-1 6/34 S1 R-1 → F-1 pick-face'))
    .when(found('F-1', 38))
    .then(
      tasks(
        'PUT-1 2/2 S1 DOCK-1 → F-1 fixed-bin',
        'REPL-1 0/34 S1 R-1 → F-1 pick-face gone',
        'PUT-2 4/4 S1 DOCK-1 → R-1 same-lot',
      ),
    );
  sameAgain(story.scene);
});

it('ends with its pick face: another bin, or none', () => {
  given(inSite(plan), product('S1', FACE), found('R-1', 50))
    .when()
    .then(tasks('REPL-1 40/40 S1 R-1 → F-1 pick-face'))
    .when(product('S1', { ...FACE, fixedBin: 'F-2' }))
    .then(tasks('REPL-1 0/40 S1 R-1 → F-1 pick-face gone', 'REPL-2 40/40 S1 R-1 → F-2 pick-face'))
    .when(product('S1', {}))
    .then(tasks('REPL-1 0/40 S1 R-1 → F-1 pick-face gone', 'REPL-2 0/40 S1 R-1 → F-2 pick-face gone'));
});

it('tags that the zone of the pick face hears have come there', () => {
  const sku = gtinOf(1);
  const goods = pallet('goods', { tags: 4 });
  const story = given(inSite(plan), product(sku, { ...FACE, pickMaximum: 12 }))
    .when(booked(goods, 'R-1'))
    .then(tasks(`REPL-1 4/4 ${sku} R-1 → F-1 pick-face`))
    .when(heard(goods, 'over-f/1'))
    .then(tasks(`REPL-1 0/4 ${sku} R-1 → F-1 pick-face done`), discrepancies());
  sameAgain(story.scene);
});

it('what pick lists take from it is refilled before it is gone, as soon as there is room for that', () => {
  const ordered = (order: string, quantity: number): Step =>
    said({ kind: 'order', order, customer: 'SHOP', lines: [{ line: '1', sku: 'S1', quantity }] });
  const released = (pick: string, order: string): Step => said({ kind: 'release', pick, orders: [order] });
  const picked = (pick: string, quantity: number, key: string): Step =>
    said({ kind: 'confirm-pick', pick, line: 1, scan: 'F-1', quantity }, key);
  const story = given(inSite(plan), found('F-1', 40), product('S1', FACE), found('R-1', 100))
    .when(ordered('O1', 35), released('P1', 'O1'))
    .then(tasks())
    .when(picked('P1', 4, 'p1'))
    .then(tasks())
    .when(picked('P1', 1, 'p2'))
    .then(
      tasks('REPL-1 5/5 S1 R-1 → F-1 pick-face'),
      reason(
        'REPL-1',
        /^F-1 will have less than its minimum of 10, for pick lists take 30 from it; R-1 has 100 to spare\.$/,
      ),
    )
    .when(confirmed('REPL-1', 'F-1', 'k'), picked('P1', 30, 'rest'))
    .then(
      answered('k', 'done'),
      tasks('REPL-1 0/5 S1 R-1 → F-1 pick-face done'),
      balance('S1', 'F-1', 10),
      discrepancies(),
    );
  sameAgain(story.scene);
});
