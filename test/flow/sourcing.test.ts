// Orders that name no site: promised where all of it is, by lead time and cost; divided only where they may be; and never more than there is,
// however many ask at once.
import { beforeAll, expect, it } from 'vitest';
import { openCommands } from '../../src/api/commands.ts';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, expectProblem, say } from '../api/doings.ts';
import { openService, type Answer, type TestService } from '../api/service.ts';
import { smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';

let service: TestService;
beforeAll(async () => {
  service = await openService({
    sites: [
      smallSite('T1', { sourcing: { leadDays: 2, cost: 5, regions: [{ region: 'SOUTH', leadDays: 1 }] } }),
      smallSite('T2', { sourcing: { leadDays: 1, cost: 9 } }),
      smallSite('T3', { sourcing: { offers: false } }),
    ],
  });
});

interface Detail {
  readonly placed: readonly {
    readonly site: string;
    readonly reason: string;
    readonly lines: readonly { readonly line: string; readonly reserved: number; readonly backordered: number }[];
  }[];
  readonly backordered: number;
}
const stock = (site: string, sku: string, quantity: number) =>
  say(service, '/v1/adjustments', { site, sku, quantity, location: 'A', reason: 'counted' });
const order = (id: string, lines: readonly (readonly [sku: string, quantity: number])[], more: object = {}) =>
  service.post('/v1/orders', {
    id,
    customer: 'SHOP',
    lines: lines.map(([sku, quantity], index) => ({ line: String(index + 1), sku, quantity })),
    ...more,
  });
const placed = (answer: Answer): Detail => done(answer).detail as Detail;
/** `site reserved+backordered`, line by line. */
const text = ({ placed: all }: Detail): string[] =>
  all.map(({ site, lines }) => `${site} ${lines.map((line) => `${line.reserved}+${line.backordered}`).join(' ')}`);

it('is given to the site that has all of it, by lead time, then cost, with the reason', async () => {
  await stock('T1', 'S1', 10);
  await stock('T2', 'S1', 10);
  await stock('T3', 'S1', 99);
  await stock('T1', 'S2', 3);
  const first = placed(await order('O1', [['S1', 2]]));
  expect(text(first)).toEqual(['T2 2+0']);
  expect(first.placed[0]!.reason).toBe('T2 and T1 have all of it; from T2 it takes 1 day, from T1 2 days.');
  // To the south both take a day: the cheaper one.
  expect(text(placed(await order('O2', [['S1', 2]], { region: 'SOUTH' })))).toEqual(['T1 2+0']);
  // Only one has all of it, though later.
  const third = placed(
    await order('O3', [
      ['S1', 1],
      ['S2', 1],
    ]),
  );
  expect(text(third)).toEqual(['T1 1+0 1+0']);
  expect(third.placed[0]!.reason).toBe('Only T1 has all of it.');
  expect(done(await service.get('/v1/orders/O3', { site: 'T1' }))).toMatchObject({
    state: 'reserved',
    sourcing: 'Only T1 has all of it.',
  });
  // Candidates that are named, also one that offers nothing by itself.
  expect(text(placed(await order('O4', [['S1', 50]], { sites: ['T2', 'T3'] })))).toEqual(['T3 50+0']);
  expectProblem(await order('O3', [['S1', 1]]), 409, 'order-exists');
  expectProblem(await order('O5', [['S1', 1]], { sites: ['NOWHERE'] }), 404, 'unknown-site');
  expectProblem(await order('O5', [['S1', 1]], { site: 'T1', split: true }), 400, 'bad-request');
});

it('is divided only where it may be, over as few as can be; what nobody has waits', async () => {
  await stock('T1', 'S3', 3);
  await stock('T2', 'S3', 4);
  const whole = placed(await order('D1', [['S3', 6]]));
  expect(text(whole)).toEqual(['T2 0+6']);
  expect(whole.placed[0]!.reason).toMatch(/may not be divided: T2 has most, 4 of 6/);
  done(await service.post('/v1/orders/D1/cancellation', { site: 'T2' }));
  expect(text(placed(await order('D2', [['S3', 6]], { split: true })))).toEqual(['T1 2+0', 'T2 4+0']);
  expect(text(placed(await order('D3', [['S3', 5]], { split: true })))).toEqual(['T1 1+4']);
  const none = placed(await order('D4', [['S3', 5]]));
  expect(text(none)).toEqual(['T2 0+5']);
  expect(none.placed[0]!.reason).toMatch(/No site has any of it/);
});

it('asked again under its key is the same, and one that was cut off goes on', async () => {
  await stock('T1', 'S4', 5);
  await stock('T2', 'S4', 5);
  const body = { id: 'K1', customer: 'SHOP', lines: [{ line: '1', sku: 'S4', quantity: 8 }], split: true };
  const ask = () =>
    service.ask({ method: 'POST', url: '/v1/orders', headers: { 'idempotency-key': 'KEY-1' }, payload: body });
  const first = placed(await ask());
  expect(text(first)).toEqual(['T1 3+0', 'T2 5+0']);
  expect(text(placed(await ask()))).toEqual(['T1 3+0', 'T2 5+0']);
  // As if the service had ended after the first part.
  const part = {
    kind: 'order',
    order: 'K2',
    customer: 'SHOP',
    lines: [{ line: '1', sku: 'S4', quantity: 1 }],
  } as const;
  const sourcing = { request: 'KEY-2', reason: 'It may be divided.' };
  const commands = openCommands(service.database.pool, Date.now, createLog({ style: 'silent' }));
  await commands.run('T1', 'part', 'api', { ...part, lines: [...part.lines], sourcing });
  const rest = await service.ask({
    method: 'POST',
    url: '/v1/orders',
    headers: { 'idempotency-key': 'KEY-2' },
    payload: { id: 'K2', customer: 'SHOP', lines: [{ line: '1', sku: 'S4', quantity: 2 }], split: true },
  });
  expect(text(placed(rest))).toEqual(['T1 1+0', 'T2 0+1']);
});

it('is looked for at the site that was given it and does not answer, and given to no other one', async () => {
  const patient = await openService({
    sites: [smallSite('N1', { sourcing: { leadDays: 1 } }), smallSite('N2', { sourcing: { leadDays: 2 } })],
    api: { outcomeWithinMs: 1500 },
  });
  for (const site of ['N1', 'N2'])
    await say(patient, '/v1/adjustments', { site, sku: 'S6', quantity: 9, location: 'A', reason: 'counted' });
  // The writer of N1 gets stuck where it would enter the order, as behind a disk that hangs.
  const { owner } = patient.database;
  await owner.query(`
    create function hang() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(7); return new; end $$;
    create trigger hang before insert on customer_order for each row when (new.site = 'N1') execute function hang();
    select pg_advisory_lock(7)`);
  const body = { id: 'H1', customer: 'SHOP', lines: [{ line: '1', sku: 'S6', quantity: 2 }] };
  const ask = (key: string) => patient.post('/v1/orders', body, { 'idempotency-key': key });
  expectProblem(await ask('KEY-H'), 503, 'outcome-pending');
  expectProblem(await ask('KEY-H'), 503, 'outcome-pending', /N1 was given H1 before/);
  expectProblem(await ask('KEY-OTHER'), 503, 'outcome-pending', /N1 was given H1 before/);
  await owner.query('select pg_advisory_unlock(7); drop trigger hang on customer_order; drop function hang()');
  const first = await eventually('N1 answers', async () => {
    const answer = await ask('KEY-H');
    return answer.status === 200 && answer;
  });
  expect(text(placed(first))).toEqual(['N1 2+0']);
  expectProblem(await ask('KEY-OTHER'), 409, 'order-exists');
  expect(done(await patient.get('/v1/orders', { site: 'N2' })).items).toEqual([]);
  expect(await patient.database.value('select count(*) from order_try')).toBe(0);
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(patient.database.url, 'N1', openJournal(patient.database.pool, log), log);
  expect(differences).toEqual([]);
}, 60_000);

it('is never promised twice, whoever asks at the same moment', async () => {
  await stock('T1', 'S5', 4);
  await stock('T2', 'S5', 6);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => order(`R${index}`, [['S5', 1]])));
  const details = answers.map((answer) => placed(answer));
  const reserved = (site: string): number =>
    details
      .flatMap((detail) => detail.placed)
      .filter((one) => one.site === site)
      .reduce((sum, { lines }) => sum + lines[0]!.reserved, 0);
  expect([reserved('T1'), reserved('T2')]).toEqual([4, 6]);
  expect(details.reduce((sum, { backordered }) => sum + backordered, 0)).toBe(10);
  await service.posted();
  const log = createLog({ style: 'silent' });
  for (const site of ['T1', 'T2']) {
    const { differences } = await verifySite(service.database.url, site, openJournal(service.database.pool, log), log);
    expect(differences).toEqual([]);
  }
});
