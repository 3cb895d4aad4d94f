// Directed putaway: which bin and why, room that is kept, tasks that are claimed, done, done elsewhere, and undone.
import { describe, expect, it } from 'vitest';
import { given, inSite } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, balance, discrepancies, moved } from '../../support/storiesThen.ts';
import { booked, heard, said, waited } from '../../support/storiesWhen.ts';
import { formatTime } from '../../../src/wire/time.ts';
import { gtinOf, MINUTE_MS, MORNING, pallet, siteFile, type Goods } from '../../support/storiesSite.ts';
import {
  arrived,
  confirmed,
  directedSite,
  product,
  reason,
  saidBy,
  tasks,
  tasksOf,
} from '../../support/storiesTasks.ts';

const reserve = (id: string, more: object = {}) => ({ id, kind: 'reserve' as const, ...more });
const pick = (id: string, more: object = {}) => ({ id, kind: 'pick' as const, ...more });
const inBins = (...bins: Parameters<typeof directedSite>[0]) => inSite(directedSite(bins));

describe('the rules, in their order', () => {
  it('the fixed bin up to its maximum, then bins of the same lot, then its velocity class, the nearest first', () => {
    const story = given(
      inBins(
        pick('P-1', { x: 0, y: 10 }),
        reserve('R-1', { x: 0, y: 50, capacity: 30 }),
        reserve('R-2', { x: 0, y: 40, class: 'A' }),
        reserve('R-3', { x: 0, y: 30, class: 'A', capacity: 20 }),
        reserve('R-4', { x: 0, y: 20 }),
      ),
      product('S1', { velocity: 'A', fixedBin: 'P-1', pickMaximum: 12 }),
      said({ kind: 'adjust', sku: 'S1', quantity: 10, lot: 'L1', location: 'R-1', reason: 'counted' }),
    )
      .when(arrived('S1', 50, { lot: 'L1' }))
      .then(
        tasks(
          'PUT-1 12/12 S1 L1 DOCK-1 → P-1 fixed-bin',
          'PUT-2 20/20 S1 L1 DOCK-1 → R-1 same-lot',
          'PUT-3 18/18 S1 L1 DOCK-1 → R-3 velocity',
        ),
        reason('PUT-1', /^P-1 is its fixed bin, with room for 12\.$/),
        reason('PUT-2', /^R-1 has lot L1 already, with room for 20\.$/),
        reason('PUT-3', /^R-3 is the nearest to DOCK-1 of velocity class A, with room for 20\.$/),
        discrepancies(),
      );
    sameAgain(story.scene);
  });

  it('one bin for all of it before it is divided; bins of other products and other classes last or not at all', () => {
    given(
      inBins(
        pick('P-1', { x: 0, y: 10 }),
        reserve('R-1', { x: 0, y: 20, capacity: 5 }),
        reserve('R-2', { x: 0, y: 30, capacity: 8, class: 'C' }),
        reserve('R-3', { x: 0, y: 40, capacity: 8, classes: ['C'] }),
      ),
      product('OTHER', { fixedBin: 'P-1' }),
      product('S1', { velocity: 'A' }),
    )
      .when(arrived('S1', 7), arrived('S1', 6))
      .then(tasks('PUT-1 8/8 S1 DOCK-1 → R-2 nearest', 'PUT-2 5/5 S1 DOCK-1 → R-1 nearest'));
  });

  it('hazard, temperature, volume, weight and mixing keep goods out, and the reason says what did', () => {
    const kinds = { lengthMm: 100, widthMm: 100, heightMm: 100, weightG: 2000 };
    const story = given(
      inBins(
        reserve('COLD', { temperature: 'chilled', in: undefined }),
        reserve('H', { hazards: ['3'] }),
        reserve('H-1', { in: 'H', volumeL: 4 }),
        reserve('H-2', { in: 'H', weightKg: 5 }),
        reserve('M', { mixing: 'lot', capacity: 3 }),
      ),
      product('MILK', { temperature: 'chilled' }),
      product('PAINT', { hazard: '3', ...kinds }),
      product('ACID', { hazard: '8' }),
      product('PLAIN', { velocity: 'A' }),
      said({ kind: 'adjust', sku: 'OLD', quantity: 1, location: 'M', reason: 'counted' }),
    )
      .when(arrived('MILK', 9), arrived('PAINT', 8), arrived('ACID', 1))
      .then(
        tasks(
          'PUT-1 9/9 MILK DOCK-1 → COLD nearest',
          'PUT-2 4/4 PAINT DOCK-1 → H-1 nearest',
          'PUT-3 2/2 PAINT DOCK-1 → H-2 nearest',
          'PUT-4 2/2 PAINT DOCK-1 → nowhere',
          'PUT-5 1/1 ACID DOCK-1 → nowhere',
        ),
        reason('PUT-4', /2 does not allow its hazard class|2 has no room|hazard class/),
        reason('PUT-5', /No bin may take the rest: of 4 asked, 4 does not allow its hazard class\./),
      );
    sameAgain(story.scene);
  });

  it('a bin of one SKU takes only that, a bin of one lot only that lot', () => {
    given(inBins(reserve('R-1', { mixing: 'sku', x: 0, y: 1 }), reserve('R-2', { mixing: 'lot', x: 0, y: 2 })))
      .when(arrived('S1', 1, { lot: 'L1' }), arrived('S2', 1), arrived('S1', 1, { lot: 'L2' }), arrived('S3', 1))
      .then(
        tasks(
          'PUT-1 1/1 S1 L1 DOCK-1 → R-1 nearest',
          'PUT-2 1/1 S2 DOCK-1 → R-2 nearest',
          'PUT-3 1/1 S1 L2 DOCK-1 → R-1 nearest',
          'PUT-4 1/1 S3 DOCK-1 → nowhere',
        ),
      );
  });
});

describe('room', () => {
  it('is kept for a task: two never share the last of it, and who found none gets it when it is made', () => {
    const story = given(inBins(reserve('R-1', { capacity: 60 }), reserve('R-2', { capacity: 40 })))
      .when(arrived('S1', 96), arrived('S2', 10))
      .then(
        tasks(
          'PUT-1 60/60 S1 DOCK-1 → R-1 nearest',
          'PUT-2 36/36 S1 DOCK-1 → R-2 nearest',
          'PUT-3 4/4 S2 DOCK-1 → R-2 nearest',
          'PUT-4 6/6 S2 DOCK-1 → nowhere',
        ),
        reason('PUT-4', /of 1 asked, 1 has no room|of 2 asked, 2 has no room/),
      )
      .when(
        confirmed('PUT-1', 'R-1', 'k1'),
        said({ kind: 'adjust', sku: 'S1', quantity: -5, location: 'R-1', reason: 'broken' }),
      )
      .then(
        answered('k1', 'done'),
        tasks(
          'PUT-1 0/60 S1 DOCK-1 → R-1 nearest done',
          'PUT-2 36/36 S1 DOCK-1 → R-2 nearest',
          'PUT-3 4/4 S2 DOCK-1 → R-2 nearest',
          'PUT-4 5/5 S2 DOCK-1 → R-1 nearest',
          'PUT-5 1/1 S2 DOCK-1 → nowhere',
        ),
      );
    sameAgain(story.scene);
  });

  it('that a fact takes is taken from the last task: it goes elsewhere', () => {
    const story = given(
      inBins(reserve('R-1', { x: 0, y: 1, capacity: 10 }), reserve('R-2', { x: 0, y: 2, capacity: 10 })),
    )
      .when(arrived('S1', 8), said({ kind: 'adjust', sku: 'S9', quantity: 5, location: 'R-1', reason: 'found' }))
      .then(tasks('PUT-1 8/8 S1 DOCK-1 → R-2 nearest'));
    sameAgain(story.scene);
  });

  it('follows another site file, and another size of a product', () => {
    const bins = [reserve('R-1', { x: 0, y: 1, volumeL: 10 }), reserve('R-2', { x: 0, y: 2 })];
    const plan = directedSite(bins);
    const without = { ...plan.source.file, rules: { directed: false } };
    const story = given(inSite(plan), product('S1', { lengthMm: 100, widthMm: 100, heightMm: 100 }))
      .when(arrived('S1', 10))
      .then(tasks('PUT-1 10/10 S1 DOCK-1 → R-1 nearest'))
      .when(product('S1', { lengthMm: 200, widthMm: 100, heightMm: 100 }))
      .then(tasks('PUT-1 10/10 S1 DOCK-1 → R-2 nearest'))
      .when(said({ kind: 'load-site', source: { file: without } }))
      .then(tasks('PUT-1 0/10 S1 DOCK-1 → R-2 nearest gone'))
      .when(said({ kind: 'load-site', source: { file: plan.source.file } }))
      .then(tasks('PUT-1 0/10 S1 DOCK-1 → R-2 nearest gone', 'PUT-2 10/10 S1 DOCK-1 → R-2 nearest'));
    sameAgain(story.scene);
  });
});

describe('a task', () => {
  const two = () => given(inBins(reserve('R-1', { x: 0, y: 1 }), reserve('R-2', { x: 0, y: 2 })));

  it('is claimed by one, and free again when the time is over', () => {
    const claim = (actor: string, key: string) => saidBy(actor, { kind: 'claim-task', task: 'PUT-1' }, key);
    const story = two()
      .when(
        arrived('S1', 5),
        claim('ann', 'ann'),
        claim('ben', 'ben'),
        saidBy('ben', { kind: 'confirm-task', task: 'PUT-1', scan: 'R-1' }, 'ben confirms'),
        saidBy('ben', { kind: 'release-task', task: 'PUT-1' }, 'ben releases'),
        claim('ann', 'ann again'),
        waited(16 * MINUTE_MS),
        claim('ben', 'ben later'),
        saidBy('ben', { kind: 'release-task', task: 'PUT-1' }, 'released'),
        saidBy('ben', { kind: 'release-task', task: 'PUT-1' }, 'released twice'),
        saidBy('cat', { kind: 'confirm-task', task: 'PUT-1', scan: 'R-1' }, 'cat'),
        claim('dan', 'dan'),
        saidBy('dan', { kind: 'claim-task', task: 'PUT-9' }, 'none'),
      )
      .then(
        answered('ann', 'done'),
        answered('ben', 'task-claimed'),
        answered('ben confirms', 'task-claimed'),
        answered('ben releases', 'task-claimed'),
        answered('ann again', 'done'),
        answered('ben later', 'done'),
        answered('released', 'done'),
        answered('released twice', 'not-claimed'),
        answered('cat', 'done'),
        answered('dan', 'task-done'),
        answered('none', 'unknown-task'),
        balance('S1', 'R-1', 5),
      );
    expect(tasksOf(story.scene).get('PUT-1')).toMatchObject({ state: 'done', claim: undefined });
    sameAgain(story.scene);
  });

  it('is done by a scan of its bin, in parts; what makes no sense is refused and posts nothing', () => {
    two()
      .when(
        arrived('S1', 5),
        confirmed('PUT-1', 'NOWHERE', 'scan'),
        confirmed('PUT-1', 'PACK', 'pack'),
        confirmed('PUT-1', 'R-1', 'many', { quantity: 6 }),
        confirmed('PUT-1', 'R-1', 'fine', { quantity: 0.000_01 }),
        confirmed('PUT-1', 'R-1', 'tags', { epcs: ['AB'.repeat(12)] }),
        confirmed('PUT-1', ']C0R-1', 'some', { quantity: 2 }),
        confirmed('PUT-1', 'R-1', 'rest'),
        confirmed('PUT-1', 'R-1', 'twice'),
      )
      .then(
        answered('scan', 'bad-scan'),
        answered('pack', 'not-storage'),
        answered('many', 'too-many'),
        answered('fine', 'bad-quantity'),
        answered('tags', 'wrong-item'),
        answered('some', 'done'),
        answered('rest', 'done'),
        answered('twice', 'task-done'),
        tasks('PUT-1 0/5 S1 DOCK-1 → R-1 nearest done'),
        balance('S1', 'R-1', 5),
        balance('S1', 'DOCK-1', 0),
        discrepancies(),
      );
  });

  it('that is brought to another bin is done, and told', () => {
    const story = two()
      .when(arrived('S1', 5), confirmed('PUT-1', 'R-2', 'k'))
      .then(
        answered('k', 'done'),
        tasks('PUT-1 0/5 S1 DOCK-1 → R-1 nearest done'),
        balance('S1', 'R-2', 5),
        discrepancies('other-bin'),
      );
    sameAgain(story.scene);
  });

  it('without a bin is not claimed; goods that leave for elsewhere take it with them', () => {
    given(inBins(reserve('R-1', { capacity: 2 })))
      .when(
        arrived('S1', 5),
        saidBy('ann', { kind: 'claim-task', task: 'PUT-2' }, 'claim'),
        said({ kind: 'move', sku: 'S1', quantity: 4, from: 'DOCK-1', to: 'HOLD' }),
      )
      .then(
        answered('claim', 'no-bin'),
        tasks('PUT-1 1/2 S1 DOCK-1 → R-1 nearest', 'PUT-2 0/3 S1 DOCK-1 → nowhere gone'),
      );
  });

  it('what is returned is graded first; put away before, it is told', () => {
    const back = { sku: 'S1', quantity: 2, location: 'RETURNS', reason: 'came back', status: 'returned' } as const;
    two()
      .when(
        said({ kind: 'adjust', ...back }),
        said({ kind: 'adjust', ...back, sku: 'S2' }),
        said({
          kind: 'hold',
          sku: 'S1',
          quantity: 2,
          location: 'RETURNS',
          fromStatus: 'returned',
          status: 'available',
        }),
        said({ kind: 'move', sku: 'S2', quantity: 2, from: 'RETURNS', to: 'R-2', status: 'returned' }),
      )
      .then(tasks('PUT-1 2/2 S1 RETURNS → R-2 nearest'), discrepancies('not-graded'));
  });
});

describe('goods with tags', () => {
  const zoned = () =>
    given(
      inBins(
        reserve('A', { zone: true }),
        reserve('A-1', { in: 'A', x: 0, y: 1, capacity: 3 }),
        reserve('A-2', { in: 'A', x: 0, y: 2, capacity: 3 }),
        reserve('B', { zone: true, x: 0, y: 90, capacity: 2 }),
      ),
    );
  const goods = (name: string, tags: number, product_ = 1): Goods => pallet(name, { tags, product: product_ });
  const sku = gtinOf(1);

  it('are done when the zone around their bin hears them, and take up room in the bin', () => {
    const [first, second] = [goods('first', 3), goods('second', 2)];
    const story = zoned()
      .when(booked(first, 'DOCK-1'), heard(first, 'over-a/1'), booked(second, 'DOCK-1'))
      .then(
        moved(first, ['receive world → DOCK-1', 'putaway DOCK-1 → A']),
        tasks(`PUT-1 0/3 ${sku} DOCK-1 → A-1 nearest done`, `PUT-2 2/2 ${sku} DOCK-1 → A-2 nearest`),
        discrepancies(),
      );
    sameAgain(story.scene);
  });

  it('that another zone hears are elsewhere; when it becomes known that they went to their bin first, that is settled', () => {
    const first = goods('first', 2);
    const between = formatTime(MORNING + MINUTE_MS / 2);
    const story = zoned()
      .when(booked(first, 'DOCK-1'), waited(MINUTE_MS), heard(first, 'over-b/1'))
      .then(
        moved(first, ['receive world → DOCK-1', 'putaway DOCK-1 → B']),
        discrepancies('other-bin'),
        tasks(`PUT-1 0/2 ${sku} DOCK-1 → A-1 nearest done`),
      )
      .when(...first.epcs.map((epc) => said({ kind: 'move', epc, to: 'A-1', at: between })))
      .then(
        moved(first, ['receive world → DOCK-1', 'putaway DOCK-1 → A-1', 'move A-1 → B']),
        discrepancies(),
        tasks(`PUT-1 0/2 ${sku} DOCK-1 → A-1 nearest done`),
      );
    sameAgain(story.scene);
  });

  it('are confirmed all at once by the scan of a bin, or named where the task is only some of them', () => {
    const first = goods('first', 4);
    const [a, b] = [first.epcs.slice(0, 3), first.epcs.slice(3)];
    const other = goods('other', 1, 2);
    const story = zoned()
      .when(
        booked(first, 'DOCK-1'),
        booked(other, 'HOLD'),
        confirmed('PUT-1', 'A-1', 'which'),
        confirmed('PUT-1', 'A-1', 'number', { epcs: a, quantity: 2 }),
        confirmed('PUT-1', 'A-1', 'other', { epcs: [...other.epcs] }),
        confirmed('PUT-1', 'A-1', 'unknown', { epcs: ['AB'.repeat(12)] }),
        confirmed('PUT-1', 'A-1', 'too many', { epcs: [...first.epcs] }),
        confirmed('PUT-1', 'A-1', 'named', { epcs: [...a] }),
        confirmed('PUT-2', 'A-2', 'all'),
      )
      .then(
        answered('which', 'item-needed'),
        answered('number', 'item-needed'),
        answered('other', 'wrong-item'),
        answered('unknown', 'unknown-item'),
        answered('too many', 'too-many'),
        answered('named', 'done'),
        answered('all', 'done'),
        balance(sku, 'A-1', 3),
        balance(sku, 'A-2', 1),
        discrepancies(),
      );
    expect(b).toHaveLength(1);
    sameAgain(story.scene);
  });
});

it('a site that does not ask for it is directed nowhere', () => {
  given(inSite(directedSite([reserve('R-1')], { directed: false })))
    .when(arrived('S1', 5))
    .then(tasks());
  expect(siteFile().rules).toBeUndefined();
});
