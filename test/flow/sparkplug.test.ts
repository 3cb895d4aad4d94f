// A real edge node of Sparkplug B (Eclipse Tahu's client) at our broker, and at a Mosquitto that we are a client of: born, speaking by aliases, asked to be born again when we have
// forgotten what its aliases mean, and gone.
import { newClient } from 'sparkplug-client';
import { expect, it } from 'vitest';
import { postgresReader } from '../../src/telemetry/postgresReader.ts';
import { postgresSink } from '../../src/telemetry/postgresSink.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openEngine, quarantined, type TestEngine } from '../support/engine.ts';
import { brokerAt } from '../support/externalBroker.ts';
import { missingMosquitto, openMosquitto } from '../support/mosquitto.ts';
import { smallSite } from '../support/sites.ts';
import { askMeasures, feed } from '../support/telemetry.ts';
import { eventually } from '../support/wait.ts';

type Node = ReturnType<typeof newClient>;
type Payload = Parameters<Node['publishNodeBirth']>[0];

const devices = [{ id: 'plant', format: 'sparkplug-b', topic: 'spBv1.0/DC1/+/plant/#' }];

const missing = missingMosquitto();
/** Least and most, by device and name. */
const MEASURED = {
  'plant cpu': [[0.5, 0.5]],
  'plant freezer/online': [[1, 1]],
  'plant freezer/temperature': [[-18.5, -16]],
  'plant online': [[1, 1]],
};

it('is understood from its birth on, and asked for it when that was missed', async () => {
  const service = await openEngine({ sites: [smallSite('T1', { devices })] });
  expect(await understood(service, service.engine.mqttPort)).toEqual(MEASURED);
});

it.skipIf(missing !== undefined)(
  `is understood and asked behind a broker of somebody else's, too${missing ? ` (${missing})` : ''}`,
  async () => {
    const mosquitto = await openMosquitto(closeAfterTest);
    const service = await openEngine({
      sites: [smallSite('T1', { devices })],
      config: { externalBroker: brokerAt(mosquitto.url) },
    });
    expect(await understood(service, mosquitto.port)).toEqual(MEASURED);
  },
);

/** The story, with the node at the broker that listens there; what was measured until it left, least and most of each series. */
async function understood(service: TestEngine, port: number): Promise<object> {
  const telemetry = feed(service, postgresSink);
  const node = newClient({
    serverUrl: `mqtt://127.0.0.1:${port}`,
    username: '',
    password: '',
    groupId: 'DC1',
    edgeNode: 'plant',
    clientId: 'plant-1',
    version: 'spBv1.0',
    publishDeath: true,
  });
  let isStopped = false;
  const stop = (): void => {
    if (!isStopped) node.stop();
    isStopped = true;
  };
  closeAfterTest(stop);
  let births = 0;
  let isDumb = true;
  const bear = (): void => {
    births++;
    node.publishNodeBirth({
      timestamp: Date.now(),
      metrics: [
        { name: 'cpu', alias: 1, type: 'Float', value: 0.5 },
        { name: 'Node Control/Rebirth', type: 'Boolean', value: false },
      ],
    });
    node.publishDeviceBirth('freezer', {
      timestamp: Date.now(),
      metrics: [{ name: 'temperature', alias: 7, type: 'Double', value: -18.5 }],
    });
  };
  // As if the service had started after it: its first birth is not published.
  node.on('birth', () => {
    if (!isDumb) bear();
  });
  let commands = 0;
  node.on('ncmd', ({ metrics }) => {
    if (metrics?.some(({ name, value }) => name === 'Node Control/Rebirth' && value === true)) {
      commands++;
      bear();
    }
  });
  await new Promise<void>((resolve) => node.on('connect', resolve));
  const speak = (value: number): void =>
    node.publishDeviceData('freezer', {
      timestamp: Date.now(),
      metrics: [{ alias: 7, type: 'Double', value }],
    } as unknown as Payload);
  isDumb = false;
  speak(-17);
  await eventually('it was asked to be born again, and was', () => commands === 1 && births === 1);
  await eventually('what had no name was set aside', async () =>
    (await quarantined(service)).some(({ code }) => code === 'unknown-alias'),
  );
  speak(-16);
  const series = async () => {
    await telemetry.caughtUp();
    return Object.fromEntries(
      (await askMeasures(postgresReader(service.database.pool), { everyMs: 86_400_000 })).map(
        ({ device, name, points }) => [`${device} ${name}`, points.map(({ min, max }) => [min, max])],
      ),
    );
  };
  await eventually(
    'what it said since is measured',
    async () => (await series())['plant freezer/temperature']?.[0]?.[1] === -16,
  );
  const measured = await series();
  stop();
  await eventually('it has gone', async () => (await series())['plant online']?.[0]?.[0] === 0);
  return measured;
}
