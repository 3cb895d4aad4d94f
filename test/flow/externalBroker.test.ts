// Behind a broker that is not ours, a real Mosquitto: what it is told to be received is in the journal, and nothing else; what it
// forgets or refuses is said, once.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExternalBroker } from '../../src/config/externalBroker.ts';
import type { SiteFile } from '../../src/config/site.ts';
import { selfSigned } from '../support/certificate.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { ERROR, journalled, openEngine, quarantined, type TestEngine } from '../support/engine.ts';
import { brokerAt } from '../support/externalBroker.ts';
import { missingMosquitto, openMosquitto, RECOMMENDED, type Mosquitto } from '../support/mosquitto.ts';
import { connectPeer, type Peer } from '../support/mqttPeer.ts';
import { envelope, epcOf, readEntries, smallSite } from '../support/sites.ts';
import { eventually, inTime, stays } from '../support/wait.ts';

const missing = missingMosquitto();
const TOPIC = 'tallygate/v1/T1/gw-1/envelope';
const ALERTS = 'tallygate/v1/T1/alert';
const RECEIPTS = 'tallygate/v1/T1/gw-1/receipt';
const NOON = Date.UTC(2026, 10, 23, 12);
const A_WHILE_MS = 300;

interface Scene {
  readonly mosquitto: Mosquitto;
  readonly service: TestEngine;
  /** A gateway at the broker. */
  readonly gateway: Peer;
}

async function openScene({
  version,
  sites = [smallSite()],
  settings = RECOMMENDED,
  more = {},
}: {
  version?: 4 | 5;
  sites?: readonly SiteFile[];
  settings?: Parameters<typeof openMosquitto>[1];
  more?: Partial<ExternalBroker>;
} = {}): Promise<Scene> {
  const mosquitto = await openMosquitto(closeAfterTest, settings);
  const externalBroker = brokerAt(mosquitto.url, { version, ...more });
  const service = await openEngine({ sites, config: { externalBroker } });
  return { mosquitto, service, gateway: await connectPeer(mosquitto.port) };
}

const numbered = (seq: number): string =>
  envelope({ seq, sentAt: NOON + seq }, { reads: readEntries([{ epc: epcOf(seq), at: NOON + seq }]) });

const receiptsOf = (gateway: Peer): { readonly seq: number }[] =>
  gateway
    .messages()
    .flatMap((packet) => ('payload' in packet ? [JSON.parse(packet.payload.toString()) as { seq: number }] : []));

const numbersOf = async (service: TestEngine): Promise<number[]> => (await journalled(service)).map(({ seq }) => seq);

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

const said = ({ log }: TestEngine, text: string): number => log.filter(({ msg }) => msg.includes(text)).length;

type Device = NonNullable<SiteFile['devices']>[number];

const DEVICES: Device[] = [
  { id: 'door', format: 'impinj-iot', topic: 'impinj/door/events' },
  { id: 'over-a', format: 'impinj-iot', topic: 'impinj/+/events' },
  { id: 'over-b', format: 'impinj-iot', topic: 'others/over-b' },
];

/** One tag heard, with a time of its own when `at` is given: then the same bytes again are the same message. */
const inventory = (epc: string, at?: number): string =>
  JSON.stringify({
    ...(at === undefined ? {} : { timestamp: new Date(at).toISOString() }),
    eventType: 'tagInventory',
    tagInventoryEvent: { epcHex: epc, antennaPort: 1, peakRssiCdbm: -5500 },
  });

describe.skipIf(missing !== undefined)(`behind Mosquitto${missing ? ` (${missing})` : ''}`, () => {
  describe.each([4, 5] as const)('a broker of MQTT version %i', (version) => {
    it('has its envelopes journalled, and their gateways receipts, also of duplicates and of what is set aside', async () => {
      const { service, gateway } = await openScene({ version });
      await gateway.subscribe(RECEIPTS);
      for (let seq = 1; seq <= 300; seq++) gateway.publish(TOPIC, numbered(seq));
      gateway.publish(TOPIC, numbered(7));
      gateway.publish(TOPIC, '{"v":1,"epoch":"e1","seq":');
      await eventually('the receipt of all', () => receiptsOf(gateway).some(({ seq }) => seq === 300));
      expect(await numbersOf(service)).toEqual(upTo(300));
      await eventually('what is no envelope is set aside', async () => (await quarantined(service)).length === 1);
      await service.posted();
      expect(service.log.filter(({ level }) => level >= ERROR)).toEqual([]);
    });

    it('is told nothing before the commit, of many at once, and gives the next process what nobody acknowledged', async () => {
      const { service, gateway, mosquitto } = await openScene({ version });
      service.proxy.hold();
      for (let seq = 1; seq <= 200; seq++) gateway.publish(TOPIC, numbered(seq));
      await service.holding(200);
      await service.stop();
      service.proxy.cut(); // Postgres hears that it has ended
      expect(await numbersOf(service)).toEqual([]);

      const next = await openEngine({
        after: service,
        config: { externalBroker: brokerAt(mosquitto.url, { version }) },
      });
      await eventually('all are there', async () => (await numbersOf(next)).length === 200);
      expect(await numbersOf(next)).toEqual(upTo(200));
      await eventually('all are acknowledged', async () => (await next.metric('tallygate_mqtt_held_deliveries')) === 0);
      await next.stop();

      const last = await openEngine({ after: next, config: { externalBroker: brokerAt(mosquitto.url, { version }) } });
      gateway.publish(TOPIC, numbered(201));
      await eventually('the last one is there', async () => (await numbersOf(last)).length === 201);
      expect(await last.metric('tallygate_intake_messages_total', { result: 'duplicate' })).toBe(0);
    });

    it('is asked for what the devices of the site file publish, once each, and for nothing else', async () => {
      const { service, gateway, mosquitto } = await openScene({
        version,
        sites: [smallSite('T1', { devices: DEVICES })],
      });
      gateway.publish('impinj/door/events', inventory(epcOf(1)));
      gateway.publish('impinj/over-a/events', inventory(epcOf(2)));
      gateway.publish('others/over-b', inventory(epcOf(3)));
      gateway.publish('nobody/knows/this', 'hello');
      await eventually('three are journalled', async () => (await journalled(service)).length === 3);
      expect((await journalled(service)).map(({ gateway: device }) => device)).toEqual(['door', 'over-a', 'over-b']);
      await service.stop();

      // While nobody is there: the one is kept for us, the other one's file is gone.
      gateway.publish('impinj/door/events', inventory(epcOf(4)));
      const sites = [smallSite('T1', { devices: DEVICES.slice(0, 2) })];
      const next = await openEngine({
        sites,
        after: service,
        config: { externalBroker: brokerAt(mosquitto.url, { version }) },
      });
      await eventually('what was kept is journalled', async () => (await journalled(next)).length === 4);
      await eventually('it is connected', () => next.engine.health().broker?.connected === 1);
      gateway.publish('others/over-b', inventory(epcOf(5)));
      gateway.publish('impinj/door/events', inventory(epcOf(6)));
      await eventually('the last one is journalled', async () => (await journalled(next)).length === 5);
      expect(await quarantined(next)).toEqual([]);
    });

    it('does not sell old for new: what it retained of a device is not live', async () => {
      const mosquitto = await openMosquitto(closeAfterTest);
      const gateway = await connectPeer(mosquitto.port);
      const kept = gateway.publish('others/over-b', inventory(epcOf(1)), { retain: true });
      gateway.publish('tallygate/v1/T1/gw-1/status', '{"online":true}', { retain: true });
      await gateway.untilAcknowledged(kept);
      const service = await openEngine({
        sites: [smallSite('T1', { devices: DEVICES })],
        config: { externalBroker: brokerAt(mosquitto.url, { version }) },
      });
      await eventually('the status is known', () =>
        service.database.value("select online from gateway where gateway = 'gw-1'"),
      );
      gateway.publish('others/over-b', inventory(epcOf(2)), { retain: true });
      await eventually('the live one is journalled', async () => (await journalled(service)).length === 1);
      await stays('it is the only one', async () => (await journalled(service)).length === 1, A_WHILE_MS);
    });
  });

  describe('a broker that is away', () => {
    it('is said to be, once, and once that it is back; nothing is lost that it kept', async () => {
      const { service, gateway, mosquitto } = await openScene();
      gateway.publish(TOPIC, numbered(1));
      await eventually('it is journalled', async () => (await numbersOf(service)).length === 1);
      expect(service.engine.health().broker).toMatchObject({ sessions: 1, connected: 1 });
      await mosquitto.kill();
      await eventually('it is away', () => service.engine.health().broker?.connected === 0);
      expect(service.engine.health().broker?.reason).toMatch(/ECONNREFUSED|closed the connection/);
      expect(await service.metric('tallygate_mqtt_sessions_connected')).toBe(0);
      await stays('one line says it', () => said(service, 'the broker is not reached') === 1, 1500);
      await mosquitto.start();
      await eventually('it is back', () => service.engine.health().broker?.connected === 1);
      const again = await connectPeer(mosquitto.port);
      again.publish(TOPIC, numbered(2));
      await eventually('it is journalled', async () => (await numbersOf(service)).length === 2);
      expect(said(service, 'connected to the broker')).toBe(2);
      expect(said(service, 'the broker is not reached')).toBe(1);
    });

    it('that forgot our session is said to have', async () => {
      const { service, mosquitto } = await openScene({ settings: '' });
      await mosquitto.kill();
      await mosquitto.start();
      await eventually('it is said', () => said(service, 'the broker has lost our session') === 1);
    });

    it('does not keep the service from starting: it connects when there is one', async () => {
      const mosquitto = await openMosquitto(closeAfterTest);
      await mosquitto.kill();
      const service = await openEngine({ config: { externalBroker: brokerAt(mosquitto.url) } });
      expect(service.engine.health().broker).toMatchObject({ sessions: 1, connected: 0 });
      await mosquitto.start();
      await eventually('it is connected', () => service.engine.health().broker?.connected === 1);
    });

    it('and Postgres away as well does not keep the service from stopping', async () => {
      const { service, mosquitto } = await openScene();
      service.proxy.refuses = true;
      service.proxy.cut();
      await mosquitto.kill();
      await eventually('it asks whose the site is', () => said(service, 'the ledger cannot be written') > 0);
      await inTime('it has stopped', service.stop(), 8000);
    });

    it('is the next of the cluster that answers', async () => {
      const mosquitto = await openMosquitto(closeAfterTest);
      const nobody = 'mqtt://127.0.0.1:9';
      const service = await openEngine({ config: { externalBroker: brokerAt(`${nobody},${mosquitto.url}`) } });
      await eventually('it is connected', () => service.engine.health().broker?.connected === 1);
    });
  });

  describe('a broker that has an eye on who comes', () => {
    const guarded = (folder: string): string => {
      spawnSync('mosquitto_passwd', ['-b', '-c', join(folder, 'passwords'), 'tallygate', 'correct horse']);
      return `allow_anonymous false\npassword_file ${join(folder, 'passwords')}\n`;
    };

    it('lets in who has the password, from the URL, a setting or a file', async () => {
      const mosquitto = await openMosquitto(closeAfterTest, guarded);
      const passwordFile = join(mosquitto.folder, 'ours');
      writeFileSync(passwordFile, 'correct horse\n');
      for (const externalBroker of [
        brokerAt(mosquitto.url.replace('://', '://tallygate:correct%20horse@')),
        brokerAt(mosquitto.url, { username: 'tallygate', password: 'correct horse' }),
        brokerAt(mosquitto.url, { username: 'tallygate', passwordFile }),
      ]) {
        const service = await openEngine({ config: { externalBroker } });
        expect(service.engine.health().broker?.connected).toBe(1);
        await service.stop();
      }
    });

    it('and refuses us ends the start, with a word about which settings to look at', async () => {
      const mosquitto = await openMosquitto(closeAfterTest, guarded);
      for (const version of [4, 5] as const) {
        const externalBroker = brokerAt(mosquitto.url, { version, username: 'tallygate', password: 'wrong' });
        await expect(openEngine({ config: { externalBroker } })).rejects.toMatchObject({
          kind: 'rejected',
          code: 'broker-refused',
          message: expect.stringMatching(
            /127\.0\.0\.1.*[Nn]ot authorized.*TALLYGATE_MQTT_URL.*TALLYGATE_MQTT_PASSWORD/,
          ) as string,
        });
      }
    });

    it('by a certificate that we do not trust ends the start; with the one who signed it we are in', async () => {
      const mosquitto = await openMosquitto(closeAfterTest, (folder) => {
        const { keyFile, certFile } = selfSigned(folder);
        return `certfile ${certFile}\nkeyfile ${keyFile}\n`;
      });
      const url = mosquitto.url.replace('mqtt:', 'mqtts:');
      await expect(openEngine({ config: { externalBroker: brokerAt(url) } })).rejects.toThrow(
        /self.signed certificate.*TALLYGATE_MQTT_CA/,
      );
      const ca = join(mosquitto.folder, 'cert.pem');
      const service = await openEngine({ config: { externalBroker: brokerAt(url, { ca }) } });
      expect(service.engine.health().broker?.connected).toBe(1);
    });

    it('and no file where one should be is told by the name of the setting', async () => {
      const externalBroker = brokerAt('mqtt://127.0.0.1:9', { passwordFile: '/nowhere/password' });
      await expect(openEngine({ config: { externalBroker } })).rejects.toThrow(
        'TALLYGATE_MQTT_PASSWORD_FILE (mqtt.passwordFile): /nowhere/password cannot be read',
      );
    });
  });

  it('a site file whose topics cover those of the one before has a message of both once; topics that overlap are told', async () => {
    const [door, overA, overB] = DEVICES as [Device, Device, Device];
    const { service, gateway, mosquitto } = await openScene({ sites: [smallSite('T1', { devices: [door, overB] })] });
    await service.stop();
    const crossing = { ...overB, topic: '+/over-a/events' };
    const next = await openEngine({
      sites: [smallSite('T1', { devices: [door, overA, crossing] })],
      after: service,
      config: { externalBroker: brokerAt(mosquitto.url) },
    });
    for (let index = 1; index <= 5; index++) gateway.publish('impinj/door/events', inventory(epcOf(index)));
    await eventually('all are journalled', async () => (await journalled(next)).length >= 5);
    await stays('once', async () => (await journalled(next)).length === 5, A_WHILE_MS);
    expect(next.log.filter(({ msg }) => msg.includes('topics of devices overlap'))).toMatchObject([
      { site: 'T1', topic: 'impinj/+/events', other: '+/over-a/events' },
    ]);
  });

  it('a broker that does not let us publish receipts is said to, once, with what to allow; what it does allow goes out', async () => {
    const { service, gateway, mosquitto } = await openScene({
      version: 5,
      settings: (folder) => {
        writeFileSync(join(folder, 'rules'), `topic read #\ntopic write ${TOPIC}\ntopic write ${ALERTS}/#\n`);
        return `acl_file ${join(folder, 'rules')}\n`;
      },
    });
    const changes = await connectPeer(mosquitto.port);
    await changes.subscribe(`${ALERTS}/+`);
    for (let seq = 1; seq <= 5; seq++) gateway.publish(TOPIC, numbered(seq));
    const refused = await eventually('it is said', () =>
      service.log.find(({ msg }) => msg.includes('the broker does not let us publish')),
    );
    expect(refused).toMatchObject({ level: ERROR, topic: RECEIPTS });
    expect(refused.msg).toContain('allow tallygate/v1/T1/+/receipt and tallygate/v1/T1/alert/#');
    for (let count = 0; count < 300; count++) expect(await service.engine.publish(RECEIPTS, '{}')).toBe(false);
    expect(said(service, 'the broker does not let us publish')).toBe(1);
    expect(await service.engine.publish(`${ALERTS}/low-stock`, 'low')).toBe(true);
    await eventually('it has come', () => changes.messages()[0]?.payload.toString() === 'low');
  });

  it('a backlog of more than may be held stays with the broker until there is room, and the connection lives on', async () => {
    const heldBytesMax = 20_000;
    const mosquitto = await openMosquitto(closeAfterTest);
    const service = await openEngine({ config: { externalBroker: brokerAt(mosquitto.url), heldBytesMax } });
    const gateway = await connectPeer(mosquitto.port);
    service.proxy.hold();
    for (let seq = 1; seq <= 500; seq++) gateway.publish(TOPIC, numbered(seq));
    await eventually('it is full', async () => (await service.metric('tallygate_mqtt_held_bytes')) >= heldBytesMax);
    await stays(
      'no more is taken',
      async () => (await service.metric('tallygate_mqtt_held_bytes')) < heldBytesMax + numbered(1).length,
      A_WHILE_MS,
    );
    service.proxy.release();
    await eventually('all are journalled', async () => (await numbersOf(service)).length === 500);
    expect(said(service, 'the broker is not reached')).toBe(0);
  });
});
