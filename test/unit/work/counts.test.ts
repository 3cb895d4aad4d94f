// Counts: which bins, what comes of a difference, tags that are not read, and movements that become known while and after a bin is counted.
import { describe, expect, it } from 'vitest';
import type { CountEffect, CountTaskEffect } from '../../../src/infer/countEffects.ts';
import type { Command } from '../../../src/wire/command.ts';
import { formatTime } from '../../../src/wire/time.ts';
import { given, inSite, type Check, type Fact, type Scene, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, balance, discrepancies, moved, stock } from '../../support/storiesThen.ts';
import { after, booked, heard, said, together, waited } from '../../support/storiesWhen.ts';
import { gtinOf, itemEpc, MINUTE_MS, pallet, site, siteFile } from '../../support/storiesSite.ts';

type Of<K extends Command['kind']> = Omit<Extract<Command, { kind: K }>, 'kind'>;

const inCounted = inSite(site({}, { orders: true }));
const givenBins = (...facts: readonly Fact[]) => given(inCounted, ...facts);
const found = (sku: string, quantity: number, location: string, more: object = {}): Step =>
  said({ kind: 'adjust', sku, quantity, location, reason: 'opening', ...more });
const planned = (more: Of<'plan-count'>, key?: string): Step => said({ kind: 'plan-count', count: 'C', ...more }, key);
const counted = (task: number, more: Partial<Of<'count-bin'>>, key?: string, actor = 'ann'): Step =>
  said({ kind: 'count-bin', count: 'C', task, ...more }, key, actor);
const swept = (task: number, more: Partial<Of<'sweep-bin'>> = {}, key?: string): Step =>
  said({ kind: 'sweep-bin', count: 'C', task, ...more }, key, 'ann');
const approved = (task: number, key: string, actor = 'bob', isApproved = true): Step =>
  said({ kind: 'approve-count', count: 'C', task, isApproved }, key, actor);
const lines = (sku: string, quantity: number, more: object = {}) => ({ lines: [{ sku, quantity, ...more }] });

/** At a moment of the story, said later. */
const ago =
  (ms: number, step: (at: string) => Step): Step =>
  (scene, at) =>
    step(formatTime(at - ms))(scene, at);

const toldOf = (scene: Scene, id = 'C'): readonly CountEffect[] =>
  scene.effects.flatMap(({ counts }) => counts).filter((count) => count.id === id);
const taskOf = (scene: Scene, task: number, id = 'C'): CountTaskEffect | undefined =>
  toldOf(scene, id)
    .flatMap(({ tasks }) => tasks)
    .findLast((one) => one.task === task);
const task =
  (number: number, wanted: object): Check =>
  (scene) =>
    expect(taskOf(scene, number)).toMatchObject(wanted);
const bins =
  (wanted: readonly string[], id = 'C'): Check =>
  (scene) =>
    expect(toldOf(scene, id)[0]?.tasks.map(({ location }) => location)).toEqual(wanted);
const firstIsMissing =
  (wanted: number): Check =>
  (scene) =>
    expect(taskOf(scene, 1)!.uncertain[0]!.probability).toBeCloseTo(wanted, 4);
const detail =
  (key: string, wanted: object): Check =>
  (scene) =>
    expect(scene.outcomeOf(key)).toMatchObject({ status: 'done', detail: wanted });

describe('a plan', () => {
  it('names bins by place with what lies in them, by SKU, and those that should be empty', () => {
    const story = givenBins(found('S1', 3, 'A-01'), found('S1', 2, 'R'), found('S2', 1, 'B'))
      .when(
        planned({ by: 'location', locations: ['A'] }),
        planned({ by: 'sku', skus: ['S1'], count: 'SKU' }, 'sku'),
        planned({ by: 'zero', count: 'ZERO' }, 'zero'),
        planned({ by: 'zero', locations: ['R'], count: 'NONE' }, 'none'),
        planned({ by: 'location', locations: ['X'], count: 'NONE' }, 'where'),
        planned({ by: 'location', count: 'NONE' }, 'which'),
        planned({ by: 'sku', count: 'NONE' }, 'what'),
        planned({ by: 'zero' }, 'again'),
      )
      .then(
        bins(['A', 'A-01']),
        bins(['R'], 'SKU'), // the other bin of it waits to be counted already
        detail('sku', { tasks: 1, skipped: 1 }),
        answered('zero', 'nothing'),
        answered('none', 'nothing'),
        answered('where', 'unknown-location'),
        answered('which', 'incomplete'),
        answered('what', 'incomplete'),
        answered('again', 'count-exists'),
      );
    sameAgain(story.scene);
  });

  it('draws the same bins from the same seed, others from another, and never more than there are', () => {
    const locations = Array.from({ length: 40 }, (_, index) => ({ id: `P-${index}`, kind: 'pick' as const }));
    const plan = site({ locations: [...siteFile().locations!, ...locations] });
    const drawn = (seed: number, size = 5): readonly string[] => {
      const { scene } = given(inSite(plan), ...locations.map(({ id }) => found('S1', 1, id))).when(
        planned({ by: 'sample', seed, size }),
      );
      return toldOf(scene)[0]!.tasks.map(({ location }) => location);
    };
    expect(drawn(7)).toEqual(drawn(7));
    expect(new Set(drawn(7)).size).toBe(5);
    expect(drawn(7)).not.toEqual(drawn(8));
    expect(drawn(7, 500).toSorted()).toEqual(locations.map(({ id }) => id).toSorted());
  });

  it('counts bins of a class when their time has come', () => {
    const classes = siteFile().locations!.map((location) => ({
      ...location,
      ...(location.id === 'A' ? { class: 'A' } : location.id === 'R' ? { class: 'C' } : {}),
    }));
    const plan = site({ locations: classes }, { count: { everyDaysA: 1 } });
    const days = (count: number): Step => waited(count * 86_400_000);
    given(inSite(plan))
      .when(planned({ by: 'abc' }), counted(1, { empty: true }), counted(2, { empty: true }))
      .then(bins(['A', 'R']))
      .when(planned({ by: 'abc', count: 'SOON' }, 'soon'))
      .then(answered('soon', 'nothing'))
      .when(days(2), planned({ by: 'abc', count: 'LATER' }), planned({ by: 'abc', class: 'C', count: 'OF-C' }, 'c'))
      .then(bins(['A'], 'LATER'), answered('c', 'nothing'));
  });

  it('goes where something differs: a bin that is short, or below nothing; counting settles that, also when the books were right', () => {
    const story = givenBins(found('S1', 10, 'A'), found('S2', 5, 'B'))
      .when(
        said({ kind: 'order', order: 'O', customer: 'X', lines: [{ line: '1', sku: 'S1', quantity: 4 }] }),
        said({ kind: 'release', pick: 'P', orders: ['O'] }),
        said({ kind: 'short-pick', pick: 'P', line: 1 }),
        said({ kind: 'move', sku: 'S2', quantity: 7, from: 'B', to: 'R' }),
      )
      .then(discrepancies('negative-balance', 'reservation-broken', 'short-pick'))
      .when(planned({ by: 'discrepancy' }), counted(1, lines('S1', 10)), counted(2, lines('S2', 0)))
      .then(bins(['A', 'B']), task(1, { state: 'closed', records: 1, accurate: 1 }), task(2, { state: 'recount' }))
      .when(counted(2, { empty: true }), approved(2, 'ok'))
      .then(task(2, { state: 'closed', records: 1, accurate: 0 }), balance('S2', 'B', 0), discrepancies());
    sameAgain(story.scene);
  });
});

describe('what is counted', () => {
  it('is posted at once within the tolerance; beyond it counted again, and approved by somebody else', () => {
    const story = givenBins(found('S1', 10, 'A', { lot: 'L1' }), found('S2', 4, 'A'))
      .when(planned({ by: 'location', locations: ['A'] }))
      .when(
        counted(
          1,
          {
            lines: [
              { sku: 'S1', lot: 'L1', quantity: 8 },
              { sku: 'S2', quantity: 4 },
            ],
          },
          'first',
        ),
      )
      .then(
        detail('first', { state: 'recount' }),
        task(1, { state: 'recount', records: 2, accurate: 1 }),
        balance('S1', 'A', 10),
      )
      .when(
        counted(
          1,
          {
            lines: [
              { sku: 'S1', lot: 'L1', quantity: 7 },
              { sku: 'S2', quantity: 4 },
            ],
          },
          'second',
          'cid',
        ),
      )
      .then(detail('second', { state: 'approval' }), balance('S1', 'A', 10))
      .when(counted(1, lines('S1', 7), 'third'), approved(1, 'self', 'ann'), approved(1, 'too', 'cid'))
      .then(answered('third', 'waits-for-approval'), answered('self', 'own-count'), answered('too', 'own-count'))
      .when(approved(1, 'no', 'bob', false))
      .then(task(1, { state: 'recount' }))
      .when(
        counted(1, {
          lines: [
            { sku: 'S1', lot: 'L1', quantity: 7 },
            { sku: 'S2', quantity: 4 },
          ],
        }),
        approved(1, 'yes'),
        approved(1, 'twice'),
        counted(1, lines('S1', 7), 'late'),
      )
      .then(
        answered('yes', 'done'),
        answered('twice', 'nothing-to-approve'),
        answered('late', 'count-ended'),
        task(1, { state: 'closed', approvedBy: 'bob', countedBy: ['ann', 'cid'], records: 2, accurate: 1 }),
        balance('S1', 'A', 7, { lot: 'L1' }),
        balance('S1', 'adjustment', -7),
        balance('S2', 'A', 4),
        ({ ledger }) =>
          expect(ledger.movements().filter(({ type }) => type === 'count')).toMatchObject([
            { sku: 'S1', quantity: 3, from: 'A', to: 'world', actor: 'ann', reason: 'C 1' },
          ]),
      );
    sameAgain(story.scene);
  });

  it('agrees with the books though it was counted again: nothing is posted, and the first count is remembered', () => {
    givenBins(found('S1', 10, 'A'))
      .when(planned({ by: 'location', locations: ['A'] }), counted(1, lines('S1', 9)), counted(1, lines('S1', 10)))
      .then(task(1, { state: 'closed', records: 1, accurate: 0 }), balance('S1', 'A', 10), discrepancies());
  });

  it('may differ by as much as the rules say', () => {
    given(inSite(site({}, { count: { toleranceUnits: 2 } })), found('S1', 10, 'A'))
      .when(planned({ by: 'location', locations: ['A'] }), counted(1, lines('S1', 12)))
      .then(task(1, { state: 'closed', records: 1, accurate: 1 }), balance('S1', 'A', 12));
  });

  it('may differ by what is worth little, and is counted again when it is worth much', () => {
    const rules = { count: { toleranceUnits: 1, toleranceValue: 5, recountOverValue: 100 } };
    const worth = (sku: string, unitCost: number): Step => said({ kind: 'product', sku, unitCost, currency: 'EUR' });
    given(
      inSite(site({}, rules)),
      worth('CHEAP', 0.5),
      worth('DEAR', 400),
      found('CHEAP', 100, 'A'),
      found('DEAR', 3, 'B'),
    )
      .when(
        planned({ by: 'location', locations: ['A', 'B'] }),
        counted(1, lines('CHEAP', 90), 'cheap'),
        counted(2, lines('DEAR', 2), 'dear'),
      )
      .then(
        // Ten of the one are worth 5, and one of the other 400.
        task(1, { state: 'closed', accurate: 1 }),
        task(2, { state: 'recount', accurate: 0 }),
        balance('CHEAP', 'A', 90),
        balance('DEAR', 'B', 3),
      );
  });

  it('is kept apart by lot, status, owner and container; what is not named is not there', () => {
    const story = givenBins(found('S1', 5, 'A'), found('S1', 2, 'A', { status: 'damaged' }), found('S3', 1, 'A'))
      .when(planned({ by: 'location', locations: ['A'] }), counted(1, lines('S1', 7)), counted(1, lines('S1', 7)))
      .when(approved(1, 'yes'))
      .then(
        balance('S1', 'A', 7, { status: 'available' }),
        balance('S1', 'A', 0, { status: 'damaged' }),
        balance('S3', 'A', 0),
        task(1, { records: 3, accurate: 0 }),
      );
    sameAgain(story.scene);
  });

  it('of some SKUs says nothing of the others', () => {
    const sku = gtinOf(5);
    givenBins(found(sku, 5, 'A'), found('S2', 2, 'A'))
      .when(planned({ by: 'sku', skus: [sku] }))
      .when(counted(1, { scans: Array.from({ length: 5 }, () => `]C101${sku}`) }), counted(1, lines('S2', 1), 'other'))
      .then(answered('other', 'count-ended'), task(1, { state: 'closed', records: 1 }), balance('S2', 'A', 2))
      .when(planned({ by: 'sku', skus: [sku], count: 'D' }))
      .when(said({ kind: 'count-bin', count: 'D', task: 1, ...lines('S2', 1) }, 'strange'))
      .then(answered('strange', 'not-counted'));
  });

  it('makes no sense: refused, and nothing is counted', () => {
    const goods = pallet('P', { tags: 2 });
    givenBins(booked(goods, 'A'))
      .when(planned({ by: 'location', locations: ['A'] }))
      .when(
        counted(1, {}, 'nothing'),
        counted(1, { empty: true, ...lines('S1', 1) }, 'both'),
        counted(1, lines('S1', 0.000_01), 'fine'),
        counted(1, lines(gtinOf(1), 2), 'tagged'),
        counted(1, { scans: ['nonsense'] }, 'scan'),
        counted(2, lines('S1', 1), 'bin'),
        said({ kind: 'count-bin', count: 'X', task: 1, empty: true }, 'plan'),
        ago(10 * MINUTE_MS, (at) => counted(1, { at, ...lines('S1', 1) }, 'early')),
        approved(1, 'approve'),
        swept(1, { absent: [itemEpc(9, 9)] }, 'absent'),
        swept(1, {}, 'silent'),
        ago(20 * MINUTE_MS, (from) => swept(1, { from }, 'old')),
        swept(1, { from: 'yesterday, at noon, I think' }, 'time'),
      )
      .then(
        answered('nothing', 'incomplete'),
        answered('both', 'contradiction'),
        answered('fine', 'bad-quantity'),
        answered('tagged', 'item-needed'),
        answered('scan', 'bad-scan'),
        answered('bin', 'unknown-count'),
        answered('plan', 'unknown-count'),
        answered('early', 'too-early'),
        answered('approve', 'nothing-to-approve'),
        answered('absent', 'not-expected'),
        answered('silent', 'nothing-heard'),
        answered('old', 'too-early'),
        answered('time', 'bad-time'),
        task(1, { state: 'open', attempts: 0 }),
      )
      .when(said({ kind: 'cancel-count', count: 'C' }, 'off'), said({ kind: 'cancel-count', count: 'C' }, 'twice'))
      .then(answered('off', 'done'), answered('twice', 'count-ended'), task(1, { state: 'cancelled' }));
  });
});

describe('a count is as of its moment', () => {
  it('what moves between the count and its closing is kept, also what is dated before and comes late', () => {
    const story = givenBins(found('S1', 10, 'A'))
      .when(planned({ by: 'location', locations: ['A'] }), counted(1, lines('S1', 8)))
      .when(
        said({ kind: 'move', sku: 'S1', quantity: 3, from: 'A', to: 'B' }), // after the first count
        waited(MINUTE_MS),
        counted(1, lines('S1', 5)),
        said({ kind: 'move', sku: 'S1', quantity: 2, from: 'A', to: 'R' }), // after the second
      )
      .then(task(1, { state: 'approval', lines: [{ expected: 7, counted: 5 }] }))
      // It was taken before the second count, and is told only now: one of the missing ones is explained.
      .when(ago(3 * MINUTE_MS, (at) => said({ kind: 'move', sku: 'S1', quantity: 1, from: 'A', to: 'B', at })))
      .when(approved(1, 'yes'))
      .then(
        balance('S1', 'A', 3), // 5 as counted, less 2
        balance('S1', 'B', 4),
        balance('S1', 'R', 2),
        balance('S1', 'adjustment', -9), // 10 found at first, one missing in the end
        task(1, { lines: [{ expected: 6, counted: 5 }] }),
      );
    sameAgain(story.scene);
  });

  it('what becomes known afterwards of the time before it is posted with its opposite: the count stands', () => {
    const story = givenBins(found('S1', 10, 'A'), found('S2', 1, 'A'))
      .when(waited(5 * MINUTE_MS), planned({ by: 'location', locations: ['A'] }))
      .when(
        counted(1, {
          lines: [
            { sku: 'S1', quantity: 10 },
            { sku: 'S2', quantity: 1 },
          ],
        }),
      )
      .then(task(1, { state: 'closed' }))
      .when(ago(4 * MINUTE_MS, (at) => said({ kind: 'move', sku: 'S1', quantity: 4, from: 'A', to: 'B', at })))
      .then(balance('S1', 'A', 10), balance('S1', 'B', 4), balance('S1', 'adjustment', -14), ({ ledger }) =>
        expect(ledger.movements().filter(({ type }) => type === 'count')).toMatchObject([
          { sku: 'S1', quantity: 4, from: 'world', to: 'A', reason: 'A was counted since' },
        ]),
      )
      .when(said({ kind: 'move', sku: 'S1', quantity: 4, from: 'A', to: 'B' }))
      .then(balance('S1', 'A', 6), balance('S1', 'B', 8));
    sameAgain(story.scene);
  });

  it('holds for tags, too: who was counted there is there, whatever is heard late of the time before', () => {
    const goods = pallet('P', { tags: 1 });
    const story = givenBins(heard(goods, 'over-a/1'))
      .when(planned({ by: 'location', locations: ['A'] }))
      .when(
        together(
          heard(goods, 'over-b/1', { forMs: 60_000, lateMs: 4 * MINUTE_MS, dbm: -45 }),
          after(2 * MINUTE_MS, counted(1, { epcs: goods.epcs as string[] })),
        ),
      )
      .then(task(1, { state: 'closed', records: 1, accurate: 1 }), stock(goods, 'A'))
      .when(waited(3 * MINUTE_MS))
      .then(stock(goods, 'A'), moved(goods, ['receive world → A', 'move A → B', 'count B → A']));
    sameAgain(story.scene);
  });
});

describe('tags', () => {
  const goods = pallet('P', { tags: 20 });
  const others = pallet('O', { tags: 1 });
  const [first = '', second = ''] = goods.epcs;
  const but = (...epcs: string[]) => ({ name: 'rest', epcs: goods.epcs.filter((epc) => !epcs.includes(epc)) });

  it('that a person did not find are missing, and such as the books had elsewhere are here; a wrong for a right one is two', () => {
    const epcs = [...but(first).epcs, ...others.epcs];
    const story = givenBins(booked(goods, 'A'), booked(others, 'B'))
      .when(planned({ by: 'location', locations: ['A'] }), counted(1, { epcs }), counted(1, { epcs }))
      .then(
        task(1, {
          state: 'approval',
          records: 1,
          accurate: 0,
          lines: [{ expected: 20, counted: 20, missing: [first], surplus: others.epcs }],
        }),
      )
      .when(approved(1, 'yes'))
      .then(
        stock({ name: 'first', epcs: [first] }, 'adjustment'),
        stock(others, 'A'),
        moved(others, ['receive world → B', 'count B → A']),
        balance(gtinOf(1), 'A', 20),
        balance(gtinOf(1), 'B', 0),
        discrepancies(),
      );
    sameAgain(story.scene);
  });

  it('are swept: one that was always read there and is silent now is missing; the rest was heard', () => {
    const story = givenBins(heard(goods, 'over-a/1', { forMs: 3 * MINUTE_MS }))
      .when(planned({ by: 'location', locations: ['A'] }))
      .when(heard(but(first), 'over-a/1', { forMs: MINUTE_MS }), swept(1, {}, 'first'))
      .then(task(1, { state: 'recount', lines: [{ expected: 20, counted: 19, missing: [first] }] }), stock(goods, 'A'))
      .when(heard(but(first), 'over-a/1', { forMs: MINUTE_MS }), swept(1, {}, 'second'), approved(1, 'yes'))
      .then(
        task(1, { state: 'closed' }),
        stock(but(first), 'A'),
        stock({ name: 'first', epcs: [first] }, 'adjustment'),
      );
    sameAgain(story.scene);
  });

  it('that were never read there are not taken as missing by one silent sweep: swept again, or looked for by hand', () => {
    const story = givenBins(booked(goods, 'A'), waited(MINUTE_MS))
      .when(planned({ by: 'location', locations: ['A'] }))
      .when(swept(1, { epcs: but(first, second).epcs }, 'first'))
      .then(
        task(1, { state: 'resweep', attempts: 0, uncertain: [{ epc: first }, { epc: second }] }),
        // 18 of 20 were read, so 3 in 22 are not; two in a hundred are not where the books have them.
        firstIsMissing(0.02 / (0.02 + (0.98 * 3) / 22)),
      )
      .when(swept(1, { epcs: [second], absent: [first] }, 'again'))
      .then(task(1, { state: 'recount', lines: [{ missing: [first], surplus: [] }] }))
      .when(swept(1, { epcs: but(first).epcs, absent: [first] }), approved(1, 'yes'))
      .then(task(1, { state: 'closed', countedBy: ['ann'] }), stock(but(first), 'A'), balance(gtinOf(1), 'A', 19));
    sameAgain(story.scene);
  });

  it('that are read often enough to be sure of are found missing by sweeps alone', () => {
    const sweep = swept(1, { epcs: but(first).epcs });
    givenBins(booked(goods, 'A'))
      .when(planned({ by: 'location', locations: ['A'] }), sweep)
      .then(task(1, { state: 'resweep' }))
      .when(sweep)
      .then(task(1, { state: 'resweep' }))
      .when(sweep)
      .then(task(1, { state: 'recount', lines: [{ missing: [first] }] }));
  });

  it('that are seen elsewhere after they were not found are there', () => {
    const one = { name: 'first', epcs: [first] };
    const story = givenBins(booked(goods, 'A'))
      .when(planned({ by: 'location', locations: ['A'] }))
      .when(counted(1, { epcs: [...but(first).epcs] }), counted(1, { epcs: [...but(first).epcs] }))
      .when(heard(one, 'over-r/1'), approved(1, 'yes'))
      .then(stock(one, 'R'), task(1, { state: 'closed' }));
    sameAgain(story.scene);
  });
});
