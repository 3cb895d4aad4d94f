// A day at a door: booked, late, here, unloaded and away; one that never comes; and the time to the shelf since the truck was there.
import { beforeAll, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, expectProblem, HOUR_MS, iso, MINUTE_MS, say, seen } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { alertsOf, look, only } from '../api/watching.ts';
import { crossing, epcOf, lying, smallSite } from '../support/sites.ts';

const MORNING = Date.now() - 4 * HOUR_MS;
const tags = [1, 2, 3].map(epcOf);
const at = (minutes: number): string => iso(MORNING + minutes * MINUTE_MS);

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1', { rules: { inboundDocuments: true } })] });
});

it('has one truck at a time, tells who is late and who has not come, and counts the wait for it', async () => {
  const lines = [{ line: '1', epcs: tags }];
  const notice = { site: 'T1', id: 'ASN-1', document: 'notice', supplier: 'ACME', lines, at: at(-60) };
  await say(service, '/v1/inbounds', notice);
  const door = { site: 'T1', door: 'DOOR', direction: 'in' };
  await say(service, '/v1/appointments', {
    ...door,
    id: 'A-1',
    from: at(0),
    to: at(120),
    inbound: 'ASN-1',
    note: '1-ABC-123',
  });
  const other = { ...door, id: 'A-2', from: at(60), to: at(180) };
  expectProblem(await service.post('/v1/appointments', other), 409, 'door-taken');
  await say(service, '/v1/appointments', { ...other, from: at(120), to: at(180) });
  await say(service, '/v1/appointments', {
    ...door,
    id: 'A-3',
    from: iso(Date.now() + HOUR_MS),
    to: iso(Date.now() + 2 * HOUR_MS),
  });

  // The truck is at the gate 20 minutes late; its goods are read half an hour after that, and on their shelf after another half.
  await say(service, '/v1/appointments/A-1/arrival', { site: 'T1', at: at(20) });
  await seen(service, crossing(tags, 'in', MORNING + 50 * MINUTE_MS), { DOCK: tags });
  await seen(service, lying(tags, 'over-b', MORNING + 80 * MINUTE_MS, 60), { B: tags });
  await say(service, '/v1/inbounds/ASN-1/closing', { site: 'T1' });
  const { items } = done(await service.get('/v1/appointments', { site: 'T1' })) as { items: object[] };
  expect(items).toMatchObject([
    { id: 'A-1', state: 'left', punctuality: 'late', lateMinutes: 20, note: '1-ABC-123' },
    { id: 'A-2', state: 'booked', punctuality: 'no-show' },
    { id: 'A-3', state: 'booked', punctuality: 'due', lateMinutes: 0 },
  ]);
  expect(done(await service.get('/v1/appointments', { site: 'T1', state: 'open' })).items).toHaveLength(2);

  // A-2 has not come: that is an alert until somebody says that nobody waits for it, or so long after its time.
  const rules = only('truck-late');
  await look(service, Date.now(), { rules });
  expect(await alertsOf(service, { kind: 'truck-late' })).toMatchObject([
    {
      subject: 'A-2',
      severity: 'warning',
      message: `The truck of A-2 was to be at DOOR at ${at(120)}, and has not come within 15 min.`,
      evidence: { door: 'DOOR', direction: 'in', from: at(120), inbound: null },
      look: '/v1/appointments?site=T1&direction=in&door=DOOR',
    },
  ]);
  const tried = async (limits: object): Promise<object[]> =>
    done(
      await service.get('/v1/alert-rules/truck-late/dry-run', {
        site: 'T1',
        from: at(-60),
        limits: JSON.stringify({ clearAfterMs: 0, ...limits }),
      }),
    ).firings as object[];
  expect(await tried({})).toMatchObject([
    { subject: 'A-1', from: at(15), to: at(20) },
    { subject: 'A-2', from: at(135), to: null },
  ]);
  expect(await tried({ lateMs: 10 * MINUTE_MS })).toMatchObject([{ subject: 'A-2', from: at(145) }]);
  await say(service, '/v1/appointments/A-2/cancellation', { site: 'T1' });
  await look(service, Date.now() + MINUTE_MS, { rules: { ...rules, 'truck-late': { on: true, clearAfterMs: 0 } } });
  expect(await alertsOf(service, { kind: 'truck-late' })).toEqual([]);
  expect(await alertsOf(service, { kind: 'truck-late', state: 'resolved' })).toHaveLength(1);
  const [figures] = done(await service.get('/v1/kpis', { site: 'T1' })).sites as [{ dockToStock: object }];
  expect(figures.dockToStock).toMatchObject({ units: 3, medianHours: expect.closeTo(1, 1) as number });

  await service.posted();
  const log = createLog({ style: 'silent' });
  const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
  expect(differences).toEqual([]);
});
