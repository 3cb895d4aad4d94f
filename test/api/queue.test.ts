// The queue over HTTP: however many people ask at the same moment, each is given something else; what is given out is listed, told as it
// happens, free again in time, done once; and the same when derived again.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, found, say } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { listenTo } from './sse.ts';

const CLAIM_MS = 10_000;
const PEOPLE = Array.from({ length: 20 }, (_, index) => `op-${index + 1}`);

let service: TestService;
beforeAll(async () => {
  const spots: Readonly<Record<string, readonly [number, number]>> = {
    DOCK: [0, 0],
    A: [0, 30],
    B: [0, 60],
    PACK: [20, 0],
  };
  const { locations = [] } = smallSite();
  service = await openService({
    sites: [
      smallSite('T1', {
        locations: [
          ...locations
            .filter(({ id }) => id !== 'R' && id !== 'A-01')
            .map((one) => (spots[one.id] === undefined ? one : { ...one, x: spots[one.id]![0], y: spots[one.id]![1] })),
          ...Array.from({ length: 12 }, (_, index) => ({
            id: `R-${index + 1}`,
            kind: 'reserve' as const,
            capacity: 10,
            x: 5,
            y: index,
          })),
        ],
        readPoints: [],
        packing: { companyPrefix: '0614141' },
        rules: { directed: true, orders: true, taskClaimMs: CLAIM_MS },
      }),
    ],
  });
});

const ask = (operator: string, body: object = {}) =>
  service.post('/v1/queue/next', { site: 'T1', ...body }, { 'x-operator': operator });
interface Given {
  readonly job: { readonly kind: string; readonly id: string; readonly part: number } | null;
  readonly until: string;
  readonly reason: string;
}
const nameOf = ({ job }: Given): string => (job === null ? 'nothing' : `${job.kind} ${job.id} ${job.part}`);
interface Listed {
  readonly jobs: readonly {
    readonly kind: string;
    readonly id: string;
    readonly part: number;
    readonly what: string;
    readonly claimedBy: string | null;
    readonly because: string;
    readonly distanceM: number | null;
  }[];
  readonly waiting: number;
}
const list = async (query: Record<string, string | number> = {}): Promise<Listed> =>
  done(await service.get('/v1/queue', { site: 'T1', ...query })) as Listed;

describe('the queue', () => {
  it('gives twenty people who ask at once twenty different pieces of work, in the order in which it is listed', async () => {
    const stream = await listenTo(`${await service.listen()}/v1/live?site=T1&types=job`);
    // Eight pallets at the dock, six orders to be picked, seven bins to be counted.
    for (let pallet = 1; pallet <= 8; pallet++) await found(service, `GOODS-${pallet}`, 10, 'DOCK');
    for (let order = 1; order <= 6; order++) {
      await found(service, `PART-${order}`, 4, order % 2 === 0 ? 'A' : 'B');
      await say(service, '/v1/orders', {
        site: 'T1',
        id: `O-${order}`,
        customer: 'SHOP',
        priority: order === 5 ? 8 : 5,
        lines: [{ line: '1', sku: `PART-${order}`, quantity: 2 }],
      });
      await say(service, '/v1/picks', { site: 'T1', id: `P-${order}`, orders: [`O-${order}`] });
    }
    const locations = Array.from({ length: 7 }, (_, index) => `R-${index + 1}`);
    await say(service, '/v1/counts', { site: 'T1', id: 'C-1', by: 'location', locations });
    const before = await list({ location: 'DOCK' });
    expect(before.waiting).toBe(21);
    expect(before.jobs.slice(0, 2)).toMatchObject([
      { id: 'P-5', because: 'Priority 8 (order O-5); what comes next has 5.' },
      { id: 'P-2', distanceM: 30, because: expect.stringMatching(/waits longest/) as string },
    ]);

    const answers = await Promise.all(PEOPLE.map((one) => ask(one, { location: 'DOCK' })));
    const given = answers.map((answer) => done(answer).detail as Given);
    expect(new Set(given.map(nameOf)).size).toBe(20);
    // The same twenty that stood first.
    expect(new Set(given.map(nameOf))).toEqual(
      new Set(before.jobs.slice(0, 20).map(({ kind, id, part }) => `${kind} ${id} ${part}`)),
    );
    const after = await list();
    expect(after.jobs.filter(({ claimedBy }) => claimedBy !== null)).toHaveLength(20);
    expect((await list({ person: 'late' })).jobs).toHaveLength(1);
    expect(nameOf(done(await ask('late', { location: 'DOCK' })).detail as Given)).toMatch(/^count C-1/);
    expect(nameOf(done(await ask('later')).detail as Given)).toBe('nothing');
    // Asked again, it is what they have.
    expect(nameOf(done(await ask('op-1')).detail as Given)).toBe(nameOf(given[0]!));
    await eventually(
      'all are told',
      () => stream.of('job').filter(({ data }) => data['claimedBy'] === null).length >= 21,
    );
    await stream.hangUp();
  });

  it('lets nobody do what somebody else has, gives it to others when it is given back or the time is over', async () => {
    const held = new Map(
      (await list()).jobs.map(({ kind, id, part, claimedBy }) => [`${kind} ${id} ${part}`, claimedBy!] as const),
    );
    const owner = held.get('pick P-1 0')!;
    const confirm = (operator: string) =>
      service.post('/v1/picks/P-1/lines/1/confirmation', { site: 'T1', scan: 'B' }, { 'x-operator': operator });
    expectProblem(await confirm('later'), 409, 'task-claimed', new RegExp(`^${owner} has pick P-1 until`));
    const back = { site: 'T1', job: 'pick', id: 'P-1' };
    expectProblem(await service.post('/v1/queue/release', back, { 'x-operator': 'later' }), 409, 'task-claimed');
    done(await service.post('/v1/queue/release', back, { 'x-operator': owner }));
    expect(nameOf(done(await ask('later')).detail as Given)).toBe('pick P-1 0');
    done(await confirm('later'));
    expect((await list({ kind: 'pick' })).jobs.map(({ id }) => id)).not.toContain('P-1');
    // What was picked is to be packed now, and those who said nothing lose what they had.
    expect((await list({ kind: 'pack' })).jobs).toMatchObject([{ id: 'O-1', what: '2 of order O-1', claimedBy: null }]);
    await eventually(
      'the time of those who asked first is over',
      async () => (await list()).jobs.every(({ claimedBy }) => claimedBy === null),
      CLAIM_MS + 5000,
    );
    const [one, two] = await Promise.all([ask('ann', { kinds: ['putaway'] }), ask('ben', { kinds: ['putaway'] })]);
    expect(nameOf(done(one).detail as Given)).not.toBe(nameOf(done(two).detail as Given));
  });

  it('says what is wrong with a question', async () => {
    expectProblem(await service.post('/v1/queue/next', { site: 'T1' }), 422, 'who-asks', /X-Operator/);
    expectProblem(await ask('ann', { location: 'NOWHERE' }), 422, 'unknown-location');
    expectProblem(await ask('ann', { kinds: ['dance'] }), 400, 'bad-request');
    expectProblem(await service.get('/v1/queue', { site: 'T1', location: 'NOWHERE' }), 422, 'unknown-location');
    expectProblem(
      await service.post('/v1/queue/release', { site: 'T1', job: 'pack', id: 'NONE' }, { 'x-operator': 'ann' }),
      404,
      'unknown-job',
    );
    await service.posted();
    const log = createLog({ style: 'silent' });
    const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
    expect(differences).toEqual([]);
  });
});
