// `npm start` as a newcomer meets it: nothing configured, nothing installed, and it runs; Ctrl-C, and it is gone; again, and
// it goes on where it was.
import { createServer, type Server } from 'node:net';
import mqtt from 'mqtt';
import { describe, expect, it } from 'vitest';
import { formatTime } from '../../src/wire/time.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { install, isAlive, promised, type Service } from '../support/serviceProcess.ts';
import { envelope } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';

const READY_WITHIN_MS = 15_000;
const STOP_WITHIN_MS = 5000;

async function publish(service: Service, payload: string): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${service.mqttPort}`);
  await client.publishAsync('tallygate/v1/DC1/gw-9/envelope', payload, { qos: 1 });
  await client.endAsync();
}

const metric = async (service: Service, name: string): Promise<number> => {
  const text = await service.get<string>('/metrics');
  const line = text.split('\n').find((each) => each.startsWith(name));
  return Number(line?.split(' ').at(-1) ?? Number.NaN);
};

describe('the quick start', () => {
  it('brings everything up, says where to look, stops on Ctrl-C, and goes on where it was', async () => {
    const home = install();
    const service = await home.start();
    expect(service.startedInMs).toBeLessThan(promised(READY_WITHIN_MS));
    for (const words of [
      'is running, with simulated traffic at the demo site',
      `http://127.0.0.1:${service.httpPort}/docs`,
      `mqtt://127.0.0.1:${service.mqttPort}`,
      'DC1 (Antwerp distribution centre)',
      home.dataDir,
      'Ctrl-C',
    ])
      expect(service.output()).toContain(words);
    expect(service.output()).not.toMatch(/"level":"(?:warn|error|fatal)"/);

    expect(await service.get('/livez')).toBeTruthy();
    await eventually('it is ready', () => service.get('/readyz'));
    expect(await service.get<string>('/')).toContain('<html');
    expect(await service.get<{ openapi: string }>('/openapi.json')).toMatchObject({ openapi: '3.1.0' });
    await eventually('the demo reads', async () => (await metric(service, 'tallygate_reads_total')) > 0);
    const measures = [{ device: 'door-1', name: 'test', value: 1, at: formatTime(Date.now()) }];
    const ours = envelope({ seq: 1 }, { measures });
    await publish(service, ours);

    const family = [...service.family(), (await home.postgresPid())!];
    expect(family.length).toBeGreaterThanOrEqual(3);
    const { code, tookMs } = await service.stop();
    expect({ code, output: service.output() }).toMatchObject({
      code: 0,
      output: expect.stringContaining('Stopping') as string,
    });
    expect(tookMs).toBeLessThan(promised(STOP_WITHIN_MS));
    await eventually('nothing of it is left', () => family.every((pid) => !isAlive(pid)));

    const again = await home.start();
    expect(again.startedInMs).toBeLessThan(promised(READY_WITHIN_MS));
    expect(again.output()).toContain('site recovered from its journal');
    expect(again.output()).not.toContain('Created the Postgres');
    await publish(again, ours);
    expect(await metric(again, 'tallygate_intake_messages_total{result="duplicate"}')).toBe(1);
    expect((await again.stop()).code).toBe(0);
  });
});

describe('ports', () => {
  it('taken ones give way to the next when they are defaults, and two instances run side by side', async () => {
    for (const port of [8080, 1883]) closeAfterTest(await occupied(port));
    const homes = [1, 2].map(() => install({ TALLYGATE_HTTP_PORT: '', TALLYGATE_MQTT_PORT: '' }));
    const services = await Promise.all(homes.map((home) => home.start()));
    const ports = services.flatMap(({ httpPort, mqttPort }) => [httpPort, mqttPort]);
    expect(new Set(ports).size).toBe(4);
    for (const { httpPort, mqttPort, output } of services) {
      expect(httpPort).toBeGreaterThan(8080);
      expect(mqttPort).toBeGreaterThan(1883);
      expect(output()).toContain('MQTT port 1883 is taken');
      expect(output()).toContain('HTTP port 8080 is taken');
    }
    const [one, other] = services;
    const first = await mqtt.connectAsync(`mqtt://127.0.0.1:${one!.mqttPort}`);
    await first.publishAsync('nobody/knows', 'this', { qos: 1 });
    await first.endAsync();
    expect((await one!.get<{ items: unknown[] }>('/v1/quarantine')).items).toHaveLength(1);
    expect((await other!.get<{ items: unknown[] }>('/v1/quarantine')).items).toHaveLength(0);
    expect(await Promise.all(services.map((service) => service.stop()))).toMatchObject([{ code: 0 }, { code: 0 }]);
  });

  it.each([
    ['TALLYGATE_MQTT_PORT', 'MQTT'],
    ['TALLYGATE_HTTP_PORT', 'HTTP'],
  ])('that was asked for by %s and is taken is a clear failure', async (variable) => {
    const server = createServer();
    const port = await listening(server, 0);
    const home = homeOfFailures();
    const service = home.start({ [variable]: String(port) });
    await expect(service).rejects.toThrow(`Port ${port} is taken by another program. Set ${variable} to a free one`);
    await eventually('nothing of it is left', async () => {
      const pid = await home.postgresPid();
      return pid === undefined || !isAlive(pid);
    });
  });
});

describe('an address', () => {
  it('that this machine has not is a clear failure', async () => {
    await expect(homeOfFailures().start({ TALLYGATE_HOST: '192.0.2.1' })).rejects.toThrow(
      'This machine has no address 192.0.2.1 to listen on (EADDRNOTAVAIL). Set TALLYGATE_HOST to one of its own',
    );
  });
});

let failures: ReturnType<typeof install> | undefined;
const homeOfFailures = () => (failures ??= install());

/** Keeps a port busy, unless somebody else does already. */
async function occupied(port: number): Promise<() => Promise<void>> {
  const server = createServer();
  await listening(server, port).catch(() => {});
  return () => new Promise((resolve) => void server.close(() => resolve()));
}

async function listening(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  closeAfterTest(() => server.close());
  return typeof address === 'object' && address !== null ? address.port : port;
}
