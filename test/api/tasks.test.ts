// Tasks over HTTP: listed with bin and reason, told as they happen, claimed by one, confirmed by a scan; and the same when derived again.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, found, pages } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { listenTo } from './sse.ts';

const bin = (id: string, kind: 'reserve' | 'pick', capacity: number, y: number) => ({ id, kind, capacity, x: 0, y });

let service: TestService;
beforeAll(async () => {
  const { locations = [] } = smallSite();
  service = await openService({
    sites: [
      smallSite('T1', {
        locations: [
          ...locations.map((one) => (one.id === 'DOCK' ? { ...one, x: 0, y: 0 } : one)),
          bin('R-1', 'reserve', 50, 10),
          bin('R-2', 'reserve', 80, 20),
        ].filter(({ id }) => id !== 'R' && id !== 'A-01' && id !== 'B'),
        readPoints: [],
        rules: { directed: true, taskClaimMs: 10_000 },
      }),
    ],
  });
});

const act = (path: string, body: object = {}, operator = 'ann') =>
  service.post(path, { site: 'T1', ...body }, { 'x-operator': operator });
const one = async (path: string) => done(await service.get(path)) as Record<string, unknown>;
interface TaskSeen {
  readonly id: string;
  readonly to: string;
  readonly left: number;
}

describe('tasks', () => {
  it('say what goes where and why, oldest first, and are told as they happen', async () => {
    const events = await listenTo(`${await service.listen()}/v1/live?site=T1&types=task`);
    done(await service.put('/v1/products/BOLTS', { site: 'T1', fixedBin: 'A', pickMinimum: 5, pickMaximum: 20 }));
    await found(service, 'BOLTS', 96, 'DOCK');
    const open = await pages<TaskSeen>(service, '/v1/putaways', { site: 'T1', limit: 2 });
    expect(open.map(({ id, to, left }) => `${id} ${to} ${left}`)).toEqual(['PUT-1 A 20', 'PUT-2 R-2 76']);
    expect(await one('/v1/putaways/PUT-1')).toMatchObject({
      site: 'T1',
      kind: 'putaway',
      sku: 'BOLTS',
      lot: null,
      from: 'DOCK',
      status: 'available',
      rule: 'fixed-bin',
      reason: 'A is its fixed bin, with room for 20.',
      claimedBy: null,
    });
    await eventually('they are told', () => events.of('task').some(({ data }) => data['id'] === 'PUT-2'));
    await events.hangUp();
    expect(done(await service.get('/v1/replenishments', { site: 'T1' })).items).toEqual([]);
    expectProblem(await service.get('/v1/replenishments/PUT-1'), 404, 'not-found', /no replenishment/);
    expectProblem(await service.get('/v1/putaways/PUT-99'), 404, 'not-found');
  });

  it('are claimed by one of many who try, and given back', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `op-${index}`);
    const answers = await Promise.all(names.map((name) => act('/v1/putaways/PUT-1/claim', {}, name)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
    const winner = names[answers.findIndex(({ status }) => status === 200)]!;
    expect(await one('/v1/putaways/PUT-1')).toMatchObject({ claimedBy: winner });
    const claimed = await pages<TaskSeen>(service, '/v1/putaways', { site: 'T1', claimed: true });
    expect(claimed.map(({ id }) => id)).toEqual(['PUT-1']);
    const loser = names.find((name) => name !== winner)!;
    expectProblem(await act('/v1/putaways/PUT-1/confirmation', { scan: 'A' }, loser), 409, 'task-claimed');
    expectProblem(await act('/v1/putaways/PUT-1/release', {}, loser), 409, 'task-claimed');
    done(await act('/v1/putaways/PUT-1/release', {}, winner));
    expectProblem(await act('/v1/putaways/PUT-1/release', {}, winner), 422, 'not-claimed');
    expect(await one('/v1/putaways/PUT-1')).toMatchObject({ claimedBy: null, claimedUntil: null });
  });

  it('are confirmed once, also when ten say so at once; a pick face below its minimum is filled', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => act('/v1/putaways/PUT-1/confirmation', { scan: 'A' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await one('/v1/putaways/PUT-1')).toMatchObject({ state: 'done', done: 20, left: 0 });
    expect(done(await act('/v1/putaways/PUT-2/confirmation', { scan: 'R-1', quantity: 6 })).detail).toEqual({
      task: 'PUT-2',
      to: 'R-1',
      directed: 'R-2',
      brought: 6,
      left: 70,
    });
    const { items } = done(await service.get('/v1/discrepancies', { site: 'T1', kind: 'other-bin' }));
    expect(items).toMatchObject([{ sku: 'BOLTS', location: 'R-1', state: 'open' }]);
    await found(service, 'BOLTS', -18, 'A');
    const [task] = await pages<TaskSeen>(service, '/v1/replenishments', { site: 'T1' });
    expect(task).toMatchObject({ id: 'REPL-1', from: 'R-1', to: 'A', left: 6, rule: 'pick-face' });
    done(await act('/v1/replenishments/REPL-1/confirmation', { scan: 'A' }));
    expect(await pages(service, '/v1/replenishments', { site: 'T1' })).toEqual([]);
    const { items: moves } = done(await service.get('/v1/movements', { site: 'T1', type: 'move' }));
    expect(moves).toMatchObject([{ from: 'R-1', to: 'A', quantity: 6, source: 'scan' }]);
    expectProblem(await act('/v1/replenishments/REPL-1/claim'), 422, 'task-done');
    expectProblem(await act('/v1/putaways/PUT-2/confirmation', { scan: 'PACK' }), 422, 'not-storage');
    expectProblem(await act('/v1/putaways/PUT-2/confirmation', { scan: 'HEAVEN' }), 422, 'bad-scan');
    expectProblem(await act('/v1/putaways/PUT-77/claim'), 404, 'unknown-task');
    expectProblem(await act('/v1/putaways/PUT-2/confirmation', {}), 400, 'bad-request');
  });

  it('are the same when the journal is derived again', async () => {
    await service.posted();
    const log = createLog({ style: 'silent' });
    const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
    expect(differences).toEqual([]);
  });
});
