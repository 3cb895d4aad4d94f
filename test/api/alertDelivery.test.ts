// Telling of alerts: from the outbox to real receivers. Whatever breaks on the way, nothing is lost, and what comes twice says
// that it is the same.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceAlerts } from '../../src/config/alerts.ts';
import { createLog } from '../../src/kit/log.ts';
import { openPool } from '../../src/store/database.ts';
import { openWatch, type Watch } from '../../src/watch/watch.ts';
import type { AlertMessage } from '../../src/wire/alert.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openTcpProxy, targetOf } from '../support/tcpProxy.ts';
import { eventually, stays } from '../support/wait.ts';
import { done, HOUR_MS, MINUTE_MS, SECOND_MS } from './doings.ts';
import type { TestService } from './service.ts';
import { forgetAlerts, NOON, openLowStock, rules, secret, SECRETS, SKUS, tellBy, telling } from './telling.ts';
import { alertsOf, look, only } from './watching.ts';

let service: TestService;

beforeAll(async () => {
  service = await openLowStock();
});
beforeEach(() => forgetAlerts(service));

interface Receiver {
  readonly url: string;
  readonly got: { readonly headers: IncomingHttpHeaders; readonly body: string; readonly message: AlertMessage }[];
  answer: number;
  readonly close: () => Promise<void>;
}

async function openReceiver(port = 0): Promise<Receiver> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      receiver.got.push({ headers: request.headers, body, message: JSON.parse(body) as AlertMessage });
      response.writeHead(receiver.answer).end();
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`,
    got: [],
    answer: 204,
    async close() {
      server.closeAllConnections();
      server.close();
      if (server.listening) await once(server, 'close');
    },
  };
  closeAfterTest(() => receiver.close());
  return receiver;
}

const hooks = (url: string, more: object = {}): ServiceAlerts => ({
  rules,
  webhooks: [{ id: 'ops', url, secretVariable: 'OPS', ...more }],
});

const tell = (alerts: ServiceAlerts, now: number): Promise<number> => tellBy(telling(service, now), alerts);

describe('a webhook', () => {
  it('gets each change once, signed, with an id of its own', async () => {
    const receiver = await openReceiver();
    const alerts = { ...hooks(receiver.url), page: 'https://tallygate.example/' };
    await look(service, NOON, alerts);
    expect(await tell(alerts, NOON)).toBe(3);
    expect(await tell(alerts, NOON + HOUR_MS)).toBe(0);
    await look(service, NOON + HOUR_MS, { ...alerts, rules: only() });
    expect(await tell(alerts, NOON + HOUR_MS)).toBe(3);
    const resolved = receiver.got.splice(3).map((one) => one.message);
    expect(resolved.map(({ page }) => page)).toEqual(
      resolved.map(({ id }) => `https://tallygate.example/#/T1/alerts?id=${id}&state=resolved`),
    );
    const { headers, body, message } = receiver.got[0]!;
    expect(message).toMatchObject({
      v: 1,
      change: 'opened',
      kind: 'low-stock',
      site: 'T1',
      state: 'open',
      page: `https://tallygate.example/#/T1/alerts?id=${message.id}`,
    });
    expect(headers['webhook-id']).toBe(message.delivery);
    const signed = `${headers['webhook-id'] as string}.${NOON / 1000}.${body}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', SECRETS.OPS).update(signed).digest('base64')}`,
    );
    expect(new Set(receiver.got.map((one) => one.message.delivery)).size).toBe(3);
  });

  it('that was down gets all of it when it is back; meanwhile everybody can see that it is', async () => {
    const receiver = await openReceiver();
    const alerts = hooks(receiver.url);
    await receiver.close();
    await look(service, NOON, alerts);
    expect(await tell(alerts, NOON)).toBe(0);
    const { rows } = await service.database.pool.query<{ channel: string; error: string; failures: number }>(
      'select * from alert_channel',
    );
    expect(rows).toMatchObject([{ channel: 'ops', error: 'it cannot be reached (ECONNREFUSED)', failures: 1 }]);
    expect(done(await service.get('/readyz')).checks.alerts).toMatchObject({
      ok: true,
      detail: expect.stringContaining('ops takes nothing since') as string,
    });
    expect(await look(service, NOON + 3 * MINUTE_MS, { ...alerts, rules: only('channel-failing') })).toContain(
      'channel-failing ops opened',
    );
    const back = await openReceiver(Number(new URL(receiver.url).port));
    expect(await tell(alerts, NOON + SECOND_MS)).toBe(0); // it is not yet time to try again
    await tell(alerts, NOON + HOUR_MS);
    const open = SKUS.map((sku) => `${sku}@T1`);
    expect(back.got.map(({ message }) => message.subject)).toEqual(expect.arrayContaining(open) as string[]);
    expect(await service.database.value('select failing_since from alert_channel')).toBeNull();
  });

  it('that answers with an error is asked again, later each time, with the same id', async () => {
    const receiver = await openReceiver();
    receiver.answer = 500;
    const alerts = hooks(receiver.url, { kinds: ['low-stock'] });
    await look(service, NOON, alerts);
    for (let minute = 0; minute < 60; minute++) await tell(alerts, NOON + minute * MINUTE_MS);
    const ids = receiver.got.map(({ message }) => message.delivery);
    expect(ids.length).toBeLessThan(40);
    receiver.answer = 200;
    await tell(alerts, NOON + 3 * HOUR_MS);
    expect(new Set([...ids, ...receiver.got.map(({ message }) => message.delivery)]).size).toBe(3);
    expect(
      await service.database.value('select count(*) from alert_delivery where delivered_at is null and channel = $1', [
        'ops',
      ]),
    ).toBe(0);
  });

  it('hears that an alert has ended after it heard that it opened, whatever failed in between', async () => {
    const receiver = await openReceiver();
    const alerts = hooks(receiver.url);
    receiver.answer = 500;
    await look(service, NOON, alerts);
    for (const minute of [0, 1, 2, 3, 4, 5]) await tell(alerts, NOON + minute * MINUTE_MS);
    receiver.answer = 200;
    receiver.got.length = 0;
    await look(service, NOON + 5 * MINUTE_MS, { ...alerts, rules: only() });
    expect(await tell(alerts, NOON + 5 * MINUTE_MS)).toBe(0); // what opened waits still
    expect(await tell(alerts, NOON + HOUR_MS)).toBe(6);
    for (const sku of SKUS)
      expect(
        receiver.got.filter(({ message }) => message.subject === `${sku}@T1`).map(({ message }) => message.change),
      ).toEqual(['opened', 'resolved']);
  });

  it('that was being told when the process ended is told again, under the same id', async () => {
    const receiver = await openReceiver();
    const alerts = hooks(receiver.url);
    await look(service, NOON, alerts);
    // Ended between taking it and saying that it was delivered: the receiver has it, nobody knows.
    const proxy = await openTcpProxy(targetOf(service.database.url));
    closeAfterTest(() => proxy.close());
    const pool = openPool({ url: proxy.url(service.database.url), name: 'ending', max: 2, onError: () => {} });
    closeAfterTest(() => pool.end());
    const ended = proxy.loseOnce('mark-delivered', 'before');
    await expect(tellBy({ ...telling(service, NOON), pool }, alerts)).rejects.toThrow(/terminated/);
    await ended;
    expect(receiver.got).toHaveLength(1);
    expect(await tell(alerts, NOON + 10 * SECOND_MS)).toBe(0);
    expect(await tell(alerts, NOON + 2 * MINUTE_MS)).toBe(3);
    expect(receiver.got).toHaveLength(4);
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  });

  it('is told once by several who deliver at the same time', async () => {
    const receiver = await openReceiver();
    const alerts = hooks(receiver.url);
    await look(service, NOON, alerts);
    const counts = await Promise.all([tell(alerts, NOON), tell(alerts, NOON), tell(alerts, NOON)]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(receiver.got).toHaveLength(3);
  });

  it('is told only what it asked for, and in quiet hours only what is critical', async () => {
    const receiver = await openReceiver();
    const quietHours = { from: '11:00', to: '14:00' }; // noon at the site is within them
    await look(service, NOON, hooks(receiver.url, { severity: 'critical' }));
    await look(service, NOON, hooks(receiver.url, { sites: ['T2'] }));
    expect(await tell(hooks(receiver.url), NOON)).toBe(0);
    await service.database.rows('delete from alert');
    const alerts = hooks(receiver.url, { quietHours });
    await look(service, NOON, alerts);
    expect(await tell(alerts, NOON)).toBe(0);
    expect(await tell(alerts, NOON + 2 * HOUR_MS)).toBe(3);
    await service.database.rows('delete from alert');
    const worse = { ...alerts, rules: { ...rules, 'low-stock': { on: true, severity: 'critical' as const } } };
    await look(service, NOON + 1, worse);
    expect(await tell(alerts, NOON + 1)).toBe(3);
  });
});

describe('the broker', () => {
  it('is told again what it has not taken, and until then nothing counts as delivered', async () => {
    const published: AlertMessage[] = [];
    const told = (isTaken: boolean, now: number): Promise<number> =>
      tellBy(
        {
          ...telling(service, now),
          publish: async (_topic, payload) => {
            published.push(JSON.parse(payload) as AlertMessage);
            return isTaken;
          },
        },
        { rules },
      );
    await look(service, NOON, { rules });
    expect(await told(false, NOON)).toBe(0);
    expect(published).toHaveLength(1);
    expect(await service.database.value('select count(*) from alert_delivery where delivered_at is null')).toBe(3);
    expect(await service.database.value('select error from alert_channel')).toBe('the broker does not answer');
    expect(await told(true, NOON + MINUTE_MS)).toBe(3);
    expect(new Set(published.map(({ delivery }) => delivery)).size).toBe(3);
    expect(await told(true, NOON + HOUR_MS)).toBe(0);
  });
});

describe('the watch', () => {
  const watching = (alerts: ServiceAlerts): Watch => {
    const watch = openWatch({
      database: service.database.options,
      alerts: { ...alerts, everyMs: 500 },
      telemetry: service.api.telemetry,
      sink: 'postgres',
      plans: service.api.plans,
      engine: {
        figures: () => Promise.resolve(service.engine.siteFigures()),
        publish: service.engine.publish,
      },
      secret,
      clock: Date.now,
      log: createLog({ style: 'silent' }),
    });
    closeAfterTest(() => watch.stop());
    return watch;
  };

  it('tells one channel while another takes long to answer', async () => {
    const quick = await openReceiver();
    const slow = createServer(() => {}); // takes everything, and never says so
    slow.listen(0, '127.0.0.1');
    await once(slow, 'listening');
    closeAfterTest(() => slow.close().closeAllConnections());
    const { port } = slow.address() as AddressInfo;
    watching({
      rules,
      webhooks: [
        { id: 'slow', url: `http://127.0.0.1:${port}`, secretVariable: 'OPS' },
        { id: 'quick', url: quick.url, secretVariable: 'OPS' },
      ],
    });
    await eventually('all are told', () => quick.got.length === 3);
    await service.database.rows('delete from alert'); // so that they are found anew
    await eventually('all are told again', () => quick.got.length === 6, 5000);
  });

  it('looks and tells by itself: on MQTT, to webhooks, and in its figures', async () => {
    const receiver = await openReceiver();
    const peer = await service.connect();
    await peer.subscribe('tallygate/v1/T1/alert/+');
    const watch = watching(hooks(receiver.url));
    await eventually('all are told', () => receiver.got.length === 3 && peer.messages().length === 3);
    const [first] = peer.messages();
    expect(first).toMatchObject({ topic: 'tallygate/v1/T1/alert/low-stock', qos: 1, retain: false });
    expect(JSON.parse(first!.payload.toString())).toMatchObject({ v: 1, change: 'opened', kind: 'low-stock' });
    await stays('nothing is told twice', () => receiver.got.length === 3 && peer.messages().length === 3, 1500);
    const text = await watch.metrics();
    expect(text).toContain('tallygate_alerts{site="T1",severity="warning",state="open"} 3');
    expect(text).toContain('tallygate_alert_deliveries_waiting{channel="ops"} 0');
    expect(text).toContain('tallygate_alert_deliveries{channel="ops",result="delivered"} 3');
    const [alert] = await alertsOf(service);
    const told = done(await service.get(`/v1/alerts/${alert!.id}`)).told as {
      channel: string;
      deliveredAt: string | null;
    }[];
    expect(told.map(({ channel, deliveredAt }) => [channel, deliveredAt !== null])).toEqual([
      ['mqtt', true],
      ['ops', true],
    ]);
    const channels = done(await service.get('/v1/alert-channels')).items as { channel: string }[];
    expect(channels.map(({ channel }) => channel)).toEqual(['mqtt']); // those that the API itself is configured with
  });
});
