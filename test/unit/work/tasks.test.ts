// Tasks: claimed by one and free again, done by the scan of a bin or by a zone that hears the goods, done elsewhere, and undone.
import { describe, expect, it } from 'vitest';
import { formatTime } from '../../../src/wire/time.ts';
import { given, inSite } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, balance, discrepancies, moved } from '../../support/storiesThen.ts';
import { booked, heard, said, waited } from '../../support/storiesWhen.ts';
import { gtinOf, MINUTE_MS, MORNING, pallet, type Goods } from '../../support/storiesSite.ts';
import { arrived, confirmed, directedSite, reserve, saidBy, tasks, tasksOf } from '../../support/storiesTasks.ts';

const inBins = (...bins: Parameters<typeof directedSite>[0]) => inSite(directedSite(bins));
const inTwoBins = inBins(reserve('R-1', { x: 0, y: 1 }), reserve('R-2', { x: 0, y: 2 }));
const inZones = inBins(
  reserve('A', { zone: true }),
  reserve('A-1', { in: 'A', x: 0, y: 1, capacity: 3 }),
  reserve('A-2', { in: 'A', x: 0, y: 2, capacity: 3 }),
  reserve('B', { zone: true, x: 0, y: 90, capacity: 2 }),
);

describe('a task', () => {
  it('is claimed by one, and free again when the time is over', () => {
    const claim = (actor: string, key: string) => saidBy(actor, { kind: 'claim-task', task: 'PUT-1' }, key);
    const story = given(inTwoBins)
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
    given(inTwoBins)
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
    const story = given(inTwoBins)
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
    given(inTwoBins)
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
  const goods = (name: string, tags: number, product_ = 1): Goods => pallet(name, { tags, product: product_ });
  const sku = gtinOf(1);

  it('are done when the zone around their bin hears them, and take up room in the bin', () => {
    const [first, second] = [goods('first', 3), goods('second', 2)];
    const story = given(inZones)
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
    const story = given(inZones)
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
    const story = given(inZones)
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
