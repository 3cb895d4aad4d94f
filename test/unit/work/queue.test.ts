// The queue: what comes next for a person, and why; nobody is given what somebody else has, and what is over comes to nobody.
import { describe, expect, it } from 'vitest';
import type { JobEffect } from '../../../src/infer/jobEffects.ts';
import type { Command } from '../../../src/wire/command.ts';
import { given, inSite, type Check, type Scene, type Step } from '../../support/stories.ts';
import { sameAgain } from '../../support/storiesAgain.ts';
import { answered } from '../../support/storiesThen.ts';
import { said, waited } from '../../support/storiesWhen.ts';
import { gtinOf, HOUR_MS, MINUTE_MS, MORNING, site, siteFile } from '../../support/storiesSite.ts';
import { saidBy } from '../../support/storiesTasks.ts';

const packingSite = inSite(
  site({ packing: { companyPrefix: '9521141' }, locations: siteFile().locations! }, { orders: true, directed: true }),
);

const found = (sku: string, quantity: number, location: string): Step =>
  said({ kind: 'adjust', sku, quantity, location, reason: 'counted' });
const ordered = (order: string, sku: string, quantity: number, more: object = {}): Step =>
  said({ kind: 'order', order, customer: 'SHOP-1', lines: [{ line: '1', sku, quantity }], ...more });
const released = (pick: string, ...orders: string[]): Step => said({ kind: 'release', pick, orders, to: 'PACK' });
type Asked = Omit<Extract<Command, { kind: 'next-job' }>, 'kind'>;
const asked = (person: string, key: string, more: Asked = {}): Step =>
  saidBy(person, { kind: 'next-job', ...more }, key);

const detailOf = (scene: Scene, key: string): Readonly<Record<string, unknown>> => {
  const outcome = scene.outcomeOf(key);
  if (outcome?.status !== 'done') throw new Error(`${key} was not done: ${JSON.stringify(outcome)}`);
  return outcome.detail!;
};
/** What was given out: `pick P-1`, or nothing; and why. */
const handed =
  (key: string, work: string | undefined, reason: RegExp): Check =>
  (scene) => {
    const { job, reason: why } = detailOf(scene, key) as { job: JobEffect | null; reason: string };
    expect(job === null ? undefined : `${job.kind} ${job.id}${job.part ? ` ${job.part}` : ''}`).toBe(work);
    expect(why).toMatch(reason);
  };
const jobsOf = (scene: Scene): ReadonlyMap<string, JobEffect> =>
  new Map(scene.effects.flatMap(({ jobs }) => jobs).map((job) => [`${job.kind} ${job.id} ${job.part}`, job]));

describe('the queue', () => {
  it('gives the most urgent, then what leaves first, then the nearest; and says why', () => {
    const by = (hours: number): object => ({ shipBy: new Date(MORNING + hours * HOUR_MS).toISOString() });
    const story = given(packingSite)
      .when(
        found('S1', 5, 'A-01'),
        found('S2', 5, 'B'),
        found('S3', 5, 'R'),
        found('S4', 5, 'A-01'),
        found('S5', 5, 'DOCK-1'),
        ordered('URGENT', 'S3', 1, { priority: 9 }),
        ordered('SOON', 'S2', 1, by(5.1)),
        ordered('NEAR', 'S4', 1, by(9.2)),
        ordered('FAR', 'S1', 1, by(9.7)),
        released('P-FAR', 'FAR'),
        released('P-NEAR', 'NEAR'),
        released('P-SOON', 'SOON'),
        released('P-URGENT', 'URGENT'),
        said({ kind: 'plan-count', count: 'C-1', by: 'location', locations: ['HOLD'] }),
        asked('ann', '1', { location: 'DOCK-1' }),
        asked('ben', '2', { location: 'DOCK-1' }),
        asked('cat', '3', { location: 'A-01' }),
        asked('dan', '4', { location: 'A-01' }),
        asked('eve', '5', { location: 'PACK' }),
        asked('fay', '6'),
        asked('gus', '7'),
        asked('api', 'nobody'),
        asked('ann', 'nowhere', { location: 'NOWHERE' }),
      )
      .then(
        handed('1', 'pick P-URGENT', /^Priority 9 \(order URGENT\); what comes next has 5\.$/),
        handed('2', 'pick P-SOON', /^To leave by 2026-01-05T13:06:00/),
        // Both leave in the same hour, from the same bin: the one that was there first.
        handed('3', 'pick P-FAR', /waits longest/),
        handed('4', 'pick P-NEAR', /^Priority 5 \(order NEAR\); what comes next has 4/),
        handed('5', 'putaway PUT-1', /^Priority 4; what comes next has 3/),
        handed('6', 'count C-1 1', /^Nothing else waits/),
        handed('7', undefined, /^Nothing waits/),
        answered('nobody', 'who-asks'),
        answered('nowhere', 'unknown-location'),
      );
    sameAgain(story.scene);
  });

  it('gives the nearest of what is as urgent, from where the person worked last', () => {
    const story = given(packingSite)
      .when(
        said({ kind: 'plan-count', count: 'C-1', by: 'location', locations: ['A-01', 'HOLD', 'SCRAP'] }),
        asked('ann', 'far', { location: 'YARD' }),
        saidBy('ann', { kind: 'count-bin', count: 'C-1', task: 1, empty: true }, 'counted'),
        asked('ann', 'then'),
      )
      .then(
        handed('far', 'count C-1 1', /^Of what is as urgent it is the nearest to YARD: 70 m; the next one: 72 m\.$/),
        answered('counted', 'done'),
        handed('then', 'count C-1 2', /nearest to A-01: 38 m; the next one: 58 m/),
      );
    sameAgain(story.scene);
  });

  it('gives nobody what somebody has; it is free again when they give it back, or say nothing for too long', () => {
    const story = given(packingSite)
      .when(
        found('S1', 5, 'A-01'),
        ordered('O1', 'S1', 2),
        released('P1', 'O1'),
        asked('ann', 'ann'),
        asked('ben', 'ben'),
        asked('ann', 'ann again'),
        saidBy('ben', { kind: 'confirm-pick', pick: 'P1', line: 1, scan: 'A-01' }, 'ben picks'),
        saidBy('ben', { kind: 'release-job', job: 'pick', id: 'P1' }, 'ben releases'),
        saidBy('ann', { kind: 'release-job', job: 'pick', id: 'P1' }, 'ann releases'),
        saidBy('ann', { kind: 'release-job', job: 'pick', id: 'P1' }, 'twice'),
        asked('ben', 'ben now'),
        waited(14 * MINUTE_MS),
        saidBy('ben', { kind: 'confirm-pick', pick: 'P1', line: 1, scan: 'A-01', quantity: 1 }, 'goes on'),
        waited(14 * MINUTE_MS),
        asked('ann', 'still his'),
        waited(2 * MINUTE_MS),
        asked('ann', 'hers'),
        saidBy('ann', { kind: 'confirm-pick', pick: 'P1', line: 1, scan: 'A-01' }, 'ann picks'),
        saidBy('ann', { kind: 'release-job', job: 'pick', id: 'P1' }, 'over'),
      )
      .then(
        handed('ann', 'pick P1', /^Nothing else waits/),
        handed('ben', undefined, /^Nothing waits/),
        handed('ann again', 'pick P1', /theirs already/),
        answered('ben picks', 'task-claimed'),
        answered('ben releases', 'task-claimed'),
        answered('ann releases', 'done'),
        answered('twice', 'not-claimed'),
        handed('ben now', 'pick P1', /^Nothing else waits/),
        answered('goes on', 'done'),
        handed('still his', undefined, /^Nothing waits/),
        handed('hers', 'pick P1', /^Nothing else waits/),
        answered('ann picks', 'done'),
        answered('over', 'unknown-job'),
      );
    expect(jobsOf(story.scene).get('pick P1 0')).toMatchObject({ state: 'over', claim: undefined });
    sameAgain(story.scene);
  });

  it('goes from the pick to the bench, and is over when the order is in its cartons', () => {
    const story = given(packingSite)
      .when(
        found(gtinOf(1), 3, 'A-01'),
        ordered('O1', gtinOf(1), 3),
        released('P1', 'O1'),
        saidBy('ann', { kind: 'confirm-pick', pick: 'P1', line: 1, scan: 'A-01', quantity: 1 }),
        asked('ben', 'early', { kinds: ['pack'] }),
        saidBy('ann', { kind: 'confirm-pick', pick: 'P1', line: 1, scan: 'A-01' }),
        asked('ben', 'pack', { kinds: ['pack'] }),
        saidBy('cat', { kind: 'open-carton', order: 'O1' }, 'cat opens'),
        saidBy('ben', { kind: 'open-carton', order: 'O1' }, 'ben opens'),
      )
      .when((scene, at) => {
        const { carton } = detailOf(scene, 'ben opens') as { carton: string };
        const scan = `]C101${gtinOf(1)}`;
        return [
          saidBy('ben', { kind: 'pack-item', carton, scan, quantity: 3 }, 'packed'),
          saidBy('ben', { kind: 'close-carton', carton }, 'closed'),
        ].reduce((now, step) => step(scene, now), at);
      })
      .then(
        handed('early', undefined, /^Nothing waits/),
        handed('pack', 'pack O1', /^Nothing else waits/),
        answered('cat opens', 'task-claimed'),
        answered('packed', 'done'),
        answered('closed', 'done'),
      );
    expect(jobsOf(story.scene).get('pack O1 0')).toMatchObject({ state: 'over', from: 'PACK' });
    sameAgain(story.scene);
  });

  it('leaves a second count to somebody else, and has work that waits for long before what just came', () => {
    const story = given(packingSite)
      .when(
        found('S1', 5, 'A-01'),
        said({ kind: 'plan-count', count: 'C-1', by: 'location', locations: ['A-01'] }),
        asked('ann', 'first'),
        saidBy('ann', { kind: 'count-bin', count: 'C-1', task: 1, lines: [{ sku: 'S1', quantity: 1 }] }, 'counted'),
        asked('ann', 'not she'),
        asked('ben', 'he'),
        saidBy('ben', { kind: 'release-job', job: 'count', id: 'C-1', part: 1 }),
        waited(9 * HOUR_MS),
        found('S5', 5, 'DOCK-1'),
        asked('ben', 'old'),
      )
      .then(
        handed('first', 'count C-1 1', /^Nothing else/),
        answered('counted', 'done'),
        handed('not she', undefined, /^Nothing waits/),
        handed('he', 'count C-1 1', /^Nothing else/),
        handed('old', 'count C-1 1', /^Priority 5; what comes next has 4/),
      );
    sameAgain(story.scene);
  });
});

const handedJob =
  (key: string, fields: Partial<JobEffect>): Check =>
  (scene) =>
    expect(detailOf(scene, key)['job']).toMatchObject(fields);
const job =
  (key: string, fields: Partial<JobEffect>): Check =>
  (scene) =>
    expect(jobsOf(scene).get(key)).toMatchObject(fields);
const noApproval: Check = (scene) =>
  expect([...jobsOf(scene).values()].filter(({ kind, state }) => kind === 'approve' && state === 'open')).toEqual([]);
/** Approves the adjustment that a command asked for. */
const approvedBy =
  (person: string, key: string): Step =>
  (scene, at) => {
    const adjustment = String(detailOf(scene, key)['adjustment']);
    return saidBy(person, { kind: 'approve-adjustment', adjustment })(scene, at);
  };

describe('loading and approving', () => {
  it('are jobs, for those who may do them, until they are done', () => {
    const rules = { orders: true, adjustment: { approveOverUnits: 10 } };
    const locations = siteFile().locations!;
    const story = given(inSite(site({ locations }, rules)))
      .when(
        found('S1', 5, 'A'),
        ordered('O1', 'S1', 5, { priority: 8 }),
        released('P1', 'O1'),
        said({ kind: 'open-load', load: 'L1', door: 'DOOR-1', carrier: 'VAN', orders: ['O1'] }),
        said({ kind: 'confirm-pick', pick: 'P1', line: 1, scan: 'A' }),
        saidBy('ann', { kind: 'adjust', sku: 'S2', quantity: 40, location: 'B', reason: 'found' }, 'much'),
        asked('ann', '1', { kinds: ['approve'] }),
        asked('ben', '2', { kinds: ['approve'] }),
        asked('ann', '3', { kinds: ['load'] }),
        saidBy('ben', { kind: 'close-load', load: 'L1' }, 'not his'),
      )
      .then(
        handed('1', undefined, /Nothing waits that they may do/),
        handedJob('2', { kind: 'approve', what: 'adjust 40 of S2', from: 'B' }),
        handedJob('3', { kind: 'load', what: '5 onto L1 (VAN)', from: 'DOCK-1' }),
        answered('not his', 'task-claimed'),
      )
      .when(said({ kind: 'move', sku: 'S1', quantity: 5, from: 'PACK', to: 'world', load: 'L1' }))
      .then(job('load L1 0', { what: 'close L1 (VAN)', state: 'open' }))
      .when(saidBy('ann', { kind: 'close-load', load: 'L1' }), approvedBy('ben', 'much'))
      .then(job('load L1 0', { state: 'over' }), noApproval);
    sameAgain(story.scene);
  });
});
