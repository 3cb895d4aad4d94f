// What is picked often is found to be of class A, is brought nearer to the bench by a task, and is stored there from then on; derived again it is
// the same.
import { beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, expectProblem, found, iso, MINUTE_MS, say } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { smallSite } from '../support/sites.ts';

interface Slotting {
  readonly lines: number;
  readonly skus: readonly {
    readonly sku: string;
    readonly lines: number;
    readonly class: string;
    readonly velocity: string | null;
  }[];
  readonly moves: readonly object[];
}

let service: TestService;
beforeAll(async () => {
  service = await openService({
    sites: [
      smallSite('T1', {
        locations: [
          { id: 'DOCK', kind: 'dock', x: 0, y: 60 },
          { id: 'PACK', kind: 'pack', x: 0, y: 0 },
          { id: 'NEAR', kind: 'pick', class: 'A', capacity: 50, x: 10, y: 0 },
          { id: 'FAR', kind: 'pick', class: 'C', x: 100, y: 0 },
          { id: 'FARTHER', kind: 'pick', class: 'C', x: 120, y: 0 },
        ],
        readPoints: [],
        rules: { directed: true },
      }),
    ],
  });
});

const slotting = async (query: Record<string, string> = {}) =>
  done(await service.get('/v1/slotting', { site: 'T1', ...query })) as Slotting;

it('is proposed by what was picked, and followed', async () => {
  await found(service, 'FAST', 40, 'FAR', { lot: 'L1' });
  await found(service, 'SLOW', 40, 'FARTHER');
  for (let number = 1; number <= 5; number++) {
    const lines = [{ line: '1', sku: 'FAST', quantity: 2 }];
    if (number === 5) lines.push({ line: '2', sku: 'SLOW', quantity: 1 });
    await say(service, '/v1/orders', { site: 'T1', id: `O-${number}`, customer: 'SHOP', lines });
    const { detail } = done(await service.post(`/v1/orders/O-${number}/release`, { site: 'T1' }));
    const { pick } = detail as { pick: string };
    for (const [index] of lines.entries())
      await say(service, `/v1/picks/${pick}/lines/${index + 1}/confirmation`, {
        site: 'T1',
        scan: index === 0 ? 'FAR' : 'FARTHER',
      });
  }
  await service.posted();

  const days = { from: iso(Date.now() - 10 * 24 * 60 * MINUTE_MS) };
  const first = await slotting(days);
  expect(first).toMatchObject({
    lines: 6,
    skus: [
      { sku: 'FAST', lines: 5, units: 10, class: 'A', velocity: null },
      { sku: 'SLOW', lines: 1, units: 1, class: 'B', velocity: null },
    ],
  });
  // 90 m nearer, there and back, five lines in ten days.
  expect(first.moves).toEqual([
    {
      sku: 'FAST',
      lot: 'L1',
      owner: null,
      quantity: 30,
      from: 'FAR',
      to: 'NEAR',
      class: 'A',
      savesM: 90,
      reason: '5 lines picked in 10 days: class A, and FAR is for class C.',
    },
  ]);
  expectProblem(await service.get('/v1/slotting', { site: 'T1', a: 0.9, b: 0.5 }), 400, 'bad-request');
  expectProblem(
    await service.get('/v1/slotting', { site: 'T1', from: iso(Date.now() + MINUTE_MS) }),
    400,
    'bad-request',
  );

  done(await service.put('/v1/products/FAST', { site: 'T1', velocity: 'A' }));
  // Somebody is to bring it: meanwhile it is proposed no more.
  const { reason, savesM: _, class: __, owner: ___, ...move } = first.moves[0] as Record<string, unknown>;
  const { detail } = done(await service.post('/v1/relocations', { site: 'T1', ...move, reason }));
  const [task] = (detail as { tasks: string[] }).tasks;
  await service.posted();
  expect((await slotting(days)).moves).toEqual([]);
  expect(done(await service.get(`/v1/relocations/${task}`))).toMatchObject({
    reason: 'api wants it at NEAR: 5 lines picked in 10 days: class A, and FAR is for class C.',
    left: 30,
  });
  await say(service, `/v1/relocations/${task}/confirmation`, { site: 'T1', scan: 'NEAR' });
  const second = await slotting(days);
  expect(second.moves).toEqual([]);
  expect(second.skus[0]).toMatchObject({ class: 'A', velocity: 'A' });
  // What comes in of it is directed there.
  await say(service, '/v1/movements', { site: 'T1', sku: 'FAST', quantity: 5, from: 'world', to: 'DOCK' });
  expect(done(await service.get('/v1/putaways', { site: 'T1' })).items).toMatchObject([
    { to: 'NEAR', rule: 'velocity' },
  ]);

  await service.posted();
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
});
