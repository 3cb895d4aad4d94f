// Loads at two doors: what does not belong on a truck is told by its load, and is an alert before the truck leaves.
import { beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src/kit/log.ts';
import { openWatch } from '../../src/watch/watch.ts';
import { closeAfterFile, closeAfterTest } from '../support/cleanUp.ts';
import { crossing, epcOf, readEntries, SKU } from '../support/sites.ts';
import { twoDoors } from '../support/twoDoors.ts';
import { eventually } from '../support/wait.ts';
import { done, HOUR_MS, iso, MINUTE_MS, say, SECOND_MS, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { listenTo } from './sse.ts';
import { only } from './watching.ts';

const MORNING = Date.now() - 4 * HOUR_MS;
const [RIGHT, WRONG, LATE] = [1, 2, 3].map(epcOf) as [string, string, string];
const UNPICKED = epcOf(9);

interface Load {
  readonly loaded: number;
  readonly alarms: readonly { readonly kind: string; readonly epc: string; readonly message: string }[];
}

let service: TestService;
let posted: ((site: string, from: number, to: number) => void) | undefined;
beforeAll(async () => {
  service = await openService({
    sites: [twoDoors('T1', { rules: { orders: true } })],
    api: { onPosted: (...told) => posted?.(...told) },
  });
  const at = iso(MORNING);
  for (const epc of [RIGHT, WRONG, LATE]) await say(service, '/v1/movements', { site: 'T1', epc, to: 'A', at });
  await say(service, '/v1/movements', { site: 'T1', epc: UNPICKED, to: 'DOCK', at });
  const order = { site: 'T1', customer: 'SHOP-1' };
  await say(service, '/v1/orders', { ...order, id: 'O1', lines: [{ line: '1', sku: SKU, quantity: 3 }] });
  await say(service, '/v1/picks', { site: 'T1', id: 'P1', orders: ['O1'], to: 'PACK' });
  for (const scan of [RIGHT, WRONG, LATE])
    await say(service, '/v1/picks/P1/lines/1/confirmation', { site: 'T1', scan, at: iso(MORNING + MINUTE_MS) });
  const load = { site: 'T1', carrier: 'CARRIER', at };
  await say(service, '/v1/loads', { ...load, id: 'LOAD-1', door: 'DOOR', orders: ['O1'] });
  await say(service, '/v1/orders', { ...order, id: 'O2', lines: [{ line: '1', sku: 'NOTHING', quantity: 1 }] });
  await say(service, '/v1/loads', { ...load, id: 'LOAD-2', door: 'DOOR-2', orders: ['O2'] });
});

const loadOf = async (id: string): Promise<Load> => done(await service.get(`/v1/loads/${id}`)) as Load;

describe('a load', () => {
  it('tells what of it went out at another door, as does the load that is there; and not once it is back', async () => {
    await seen(service, crossing([RIGHT], 'out', MORNING + HOUR_MS), { world: [RIGHT] });
    expect(await loadOf('LOAD-1')).toMatchObject({ loaded: 1, alarms: [] });
    await seen(service, crossing([WRONG], 'out', MORNING + HOUR_MS + MINUTE_MS, 'door-2'), { world: [WRONG] });
    const alarm = { kind: 'wrong-load', epc: WRONG, readPoint: 'DOOR-2' };
    expect(await loadOf('LOAD-1')).toMatchObject({ loaded: 1, alarms: [alarm] });
    expect(await loadOf('LOAD-2')).toMatchObject({ loaded: 0, alarms: [alarm] });
    await seen(service, crossing([WRONG], 'in', MORNING + HOUR_MS + 3 * MINUTE_MS, 'door-2'), { DOCK: [WRONG] });
    expect(await loadOf('LOAD-1')).toMatchObject({ alarms: [] });
    expect(await loadOf('LOAD-2')).toMatchObject({ alarms: [] });
  });

  it('has what went out and was never picked as an alert within a second of the decision', async () => {
    const stream = await listenTo(`${await service.listen()}/v1/live?types=discrepancy,alert`);
    closeAfterTest(() => stream.hangUp());
    const watch = openWatch({
      database: service.database.options,
      // It looks at everything once, and then not for an hour.
      alerts: { rules: only('unplanned-ship'), everyMs: HOUR_MS },
      telemetry: service.api.telemetry,
      sink: 'postgres',
      plans: service.api.plans,
      engine: { figures: () => Promise.resolve(service.engine.siteFigures()), publish: service.engine.publish },
      secret: () => undefined,
      clock: Date.now,
      log: createLog({ style: 'silent' }),
    });
    closeAfterFile(() => watch.stop());
    await eventually('it has looked once', async () => /look_seconds_count [1-9]/.test(await watch.metrics()));
    posted = watch.posted;
    const reads = crossing([UNPICKED], 'out', MORNING + 2 * HOUR_MS);
    await service.deliver({ reads: readEntries(reads) }, { sentAt: reads.at(-1)!.at + 5 * SECOND_MS });
    await eventually('the alert is told', () => stream.of('alert').length > 0, 20_000);
    expect(stream.of('alert')[0]!.data).toMatchObject({
      kind: 'unplanned-ship',
      subject: 'unplanned-ship@DOOR',
      severity: 'critical',
      message: 'It went out and was never picked for an order: stop the truck.',
    });
    const tookMs = await service.database.value(
      `select extract(epoch from a.at - d.recorded_at) * 1000 from discrepancy d, alert_change a where d.kind = 'unplanned-ship'`,
    );
    expect(tookMs).toBeLessThan(1000);
  });
});
