// Telling of alerts: from the outbox to real receivers. Whatever breaks on the way, nothing is lost, and what comes twice says
// that it is the same.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceAlerts } from '../../src/config/alerts.ts';
import { createLog } from '../../src/kit/log.ts';
import { channelsOf } from '../../src/watch/channels/channels.ts';
import { deliver, type DeliveryOptions } from '../../src/watch/channels/deliver.ts';
import { openWatch, type Watch } from '../../src/watch/watch.ts';
import type { AlertMessage } from '../../src/wire/alert.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { smallSite } from '../support/sites.ts';
import { eventually, stays } from '../support/wait.ts';
import { done, found, HOUR_MS, MINUTE_MS, SECOND_MS } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { alertsOf, look, only } from './watching.ts';

const SECRET = 'correct horse battery staple';
const SKUS = ['A-1', 'B-2', 'C-3'];
const NOON = Date.parse('2026-11-27T11:00:00Z');
const rules = only('low-stock');
let service: TestService;

beforeAll(async () => {
  const levels = SKUS.map((sku) => ({ sku, minimum: 10 }));
  service = await openService({ sites: [smallSite('T1', { alerts: { levels } })] });
  for (const sku of SKUS) await found(service, sku, 1, 'A-01');
});

beforeEach(async () => {
  for (const table of ['alert', 'alert_delivery', 'alert_channel']) await service.database.rows(`delete from ${table}`);
});

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

/** As the watch does it, at a time that the test says. */
const telling = (now: number): DeliveryOptions => ({
  pool: service.database.pool,
  publish: () => Promise.resolve(false),
  secret: (variable) => ({ OPS: SECRET, MAIL: 'mail secret' })[variable],
  clock: () => now,
  log: createLog({ style: 'silent' }),
});
/** To the one channel that is not MQTT; gives how much it took. */
const tell = (alerts: ServiceAlerts, now: number, options = telling(now), sites = ['T1']): Promise<number> =>
  deliver(options, channelsOf(alerts).at(-1)!, sites);

describe('a webhook', () => {
  it('gets each change once, signed, with an id of its own', async () => {
    const receiver = await openReceiver();
    const alerts = { ...hooks(receiver.url), page: 'https://tallygate.example/' };
    await look(service, NOON, alerts);
    expect(await tell(alerts, NOON)).toBe(3);
    expect(await tell(alerts, NOON + HOUR_MS)).toBe(0);
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
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', SECRET).update(signed).digest('base64')}`);
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

  it('that was being told when the process ended is told again, under the same id', async () => {
    const receiver = await openReceiver();
    const alerts = hooks(receiver.url);
    await look(service, NOON, alerts);
    // Ended between taking it and saying that it was delivered: the receiver has it, nobody knows.
    const ending = telling(NOON);
    const broken = {
      ...ending.pool,
      query: (statement: { name?: string }) =>
        statement.name === 'mark-delivered'
          ? Promise.reject(new Error('the process has ended'))
          : (ending.pool.query as (statement: object) => Promise<unknown>).call(ending.pool, statement),
    } as unknown as DeliveryOptions['pool'];
    await expect(tell(alerts, NOON, { ...ending, pool: broken })).rejects.toThrow('ended');
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

describe('mail', () => {
  interface Letter {
    readonly id: string;
    readonly text: string;
    readonly to: readonly string[];
  }

  async function openMailServer(): Promise<{ readonly port: number; readonly got: Letter[]; refuses: boolean }> {
    const box = { port: 0, got: [] as Letter[], refuses: false };
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username, password }, _session, answer) =>
        password === 'mail secret' ? answer(null, { user: username }) : answer(new Error('no')),
      onData(stream, session, answer) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (box.refuses) return answer(new Error('the mailbox is full'));
          const text = Buffer.concat(chunks).toString().replaceAll('=\r\n', '').replaceAll('=3D', '=');
          const [, id = ''] = /^message-id: <(.+)@tallygate>/im.exec(text) ?? [];
          box.got.push({ id, text, to: session.envelope.rcptTo.map(({ address }) => address) });
          return answer();
        });
      },
    });
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    box.port = (server.server.address() as AddressInfo).port;
    closeAfterTest(() => new Promise<void>((resolve) => server.close(resolve)));
    return box;
  }

  const mails = (port: number, more: object = {}): ServiceAlerts => ({
    rules,
    mails: [
      {
        id: 'shift',
        host: '127.0.0.1',
        port,
        from: 'tallygate@example.com',
        to: ['a@example.com', 'b@example.com'],
        ...more,
      },
    ],
  });

  it('of a burst is one, to everybody, and says what is wrong and what to do', async () => {
    const box = await openMailServer();
    const alerts = mails(box.port, { user: 'tallygate', passwordVariable: 'MAIL' });
    await look(service, NOON, alerts);
    await service.database.rows("delete from alert where subject = 'C-3@T1'");
    await look(service, NOON + 20 * SECOND_MS, alerts); // a bit later: it still goes with the first of them
    expect(await tell(alerts, NOON + 29 * SECOND_MS)).toBe(0);
    expect(await tell(alerts, NOON + 30 * SECOND_MS)).toBe(4);
    expect(box.got).toHaveLength(1);
    const { text, to } = box.got[0]!;
    expect(to).toEqual(['a@example.com', 'b@example.com']);
    expect(text).toMatch(/^subject: \[T1\] warning: 4 changes of alerts/im);
    for (const sku of SKUS) expect(text).toContain(`Only 1 of ${sku} is available in T1; the minimum is 10.`);
    expect(text).toContain('To do: Order 9 of it.');
  });

  it('that was refused is sent again as the same mail', async () => {
    const box = await openMailServer();
    const alerts = mails(box.port);
    box.refuses = true;
    await look(service, NOON, alerts);
    expect(await tell(alerts, NOON + MINUTE_MS)).toBe(0);
    const batch = await service.database.value<string>(
      "select distinct batch from alert_delivery where channel = 'shift'",
    );
    expect(await service.database.value<string>('select error from alert_channel')).toContain('the mailbox is full');
    box.refuses = false;
    expect(await tell(alerts, NOON + HOUR_MS)).toBe(3);
    expect(box.got.map(({ id }) => id)).toEqual([batch]);
  });

  it('without its password tells which variable is missing, and not a word of a secret', async () => {
    const box = await openMailServer();
    const alerts = mails(box.port, { user: 'x', passwordVariable: 'NOT_THERE' });
    await look(service, NOON, alerts);
    await tell(alerts, NOON + MINUTE_MS);
    expect(await service.database.value('select error from alert_channel')).toBe(
      'the environment variable NOT_THERE is not set',
    );
    const wrong = mails(box.port, { user: 'x', passwordVariable: 'OPS' });
    await tell(wrong, NOON + HOUR_MS);
    expect(JSON.stringify(await service.database.rows('select * from alert_channel, alert_delivery'))).not.toContain(
      SECRET,
    );
  });
});

describe('the watch', () => {
  const watching = (alerts: ServiceAlerts): Watch => {
    const watch = openWatch({
      database: service.database.options,
      alerts: { ...alerts, everyMs: 500 },
      telemetry: service.api.telemetry,
      plans: service.api.plans,
      engine: {
        figures: () => Promise.resolve(service.engine.siteFigures()),
        publish: (topic, payload) => {
          service.engine.publish(topic, payload);
          return Promise.resolve(true);
        },
      },
      secret: () => SECRET,
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
