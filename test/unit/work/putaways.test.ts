// Directed putaway: which bin, and why; and room, which is kept.
import { describe, it } from 'vitest';
import { given, inSite } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered, discrepancies } from '../../support/storiesThen.ts';
import { said } from '../../support/storiesWhen.ts';
import { arrived, confirmed, directedSite, pick, product, reason, reserve, tasks } from '../../support/storiesTasks.ts';

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
        reserve('COLD', { temperature: 'chilled' }),
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
        reason(
          'PUT-4',
          /^No bin may take it: no room \(2\), hazard class not allowed \(2\)\.$|hazard class not allowed/,
        ),
        reason('PUT-5', /^No bin may take it: hazard class not allowed \(4\)\.$/),
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
        reason('PUT-4', /^No bin may take it: no room \(1\)\.$/),
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

it('a site that does not ask for it is directed nowhere', () => {
  given(inSite(directedSite([reserve('R-1')], { directed: false })))
    .when(arrived('S1', 5))
    .then(tasks());
});
