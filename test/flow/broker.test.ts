// What the broker takes, from whom, and what it does with what it should not: topics, sizes, retained reads, last wills.
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/kit/ids.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { journalled, openEngine, quarantined, type TestEngine } from '../support/engine.ts';
import { envelope, epcOf, readEntries, smallSite } from '../support/sites.ts';
import { eventually, stays } from '../support/wait.ts';

const TOPIC = 'tallygate/v1/T1/gw-1/envelope';
const STATUS = 'tallygate/v1/T1/gw-1/status';
const NOON = Date.UTC(2026, 10, 23, 12);
const A_WHILE_MS = 300;
const KIB = 1024;

const numbered = (seq: number) =>
  envelope({ seq, sentAt: NOON + seq }, { reads: readEntries([{ epc: epcOf(seq), at: NOON + seq }]) });

/** An envelope of exactly so many bytes, by a field that is no part of the contract. */
function padded(seq: number, bytes: number): string {
  const bare = numbered(seq).slice(0, -1);
  return `${bare},"padding":"${'x'.repeat(bytes - bare.length - 14)}"}`;
}

describe('topics', () => {
  it.each([
    ['a receipt, which only the service may write', 'tallygate/v1/T1/gw-1/receipt'],
    ['an alert, which only the service may write', 'tallygate/v1/T1/alert/silent-reader'],
    ['a topic of ours that does not exist', 'tallygate/v1/T1/gw-1/telegram'],
    ['an older version', 'tallygate/v0/T1/gw-1/envelope'],
    ['a site of no good name', 'tallygate/v1/T1%20/gw-1/envelope'],
    ['the broker itself', '$SYS/tallygate/new/clients'],
  ])('whoever publishes %s is shown the door, and nothing is kept', async (_what, topic) => {
    const service = await engineOfFile();
    const before = (await quarantined(service)).length;
    const intruder = await service.connect();
    const honest = await service.connect();
    intruder.publish(topic, numbered(1));
    await eventually('its connection is closed', () => intruder.isClosed());
    expect(intruder.acknowledged()).toEqual([]);
    const id = honest.publish(TOPIC, numbered(1));
    await honest.untilAcknowledged(id);
    expect(await quarantined(service)).toHaveLength(before);
  });
});

/** Tests that only send and look share an engine. */
let shared: Promise<TestEngine> | undefined;
const engineOfFile = (): Promise<TestEngine> => (shared ??= openEngine({ lives: 'file' }));

describe('sizes', () => {
  it('256 KiB is an envelope, one byte more is quarantined by head, hash and length, and acknowledged', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    await gateway.subscribe('tallygate/v1/T1/gw-1/receipt');
    gateway.publish(TOPIC, padded(1, 256 * KIB));
    const large = padded(2, 256 * KIB + 1);
    const id = gateway.publish(TOPIC, large);
    await gateway.untilAcknowledged(id);
    expect((await journalled(service)).map(({ seq }) => seq)).toEqual([1]);
    const [kept] = await quarantined(service);
    expect(kept).toMatchObject({ site: 'T1', gateway: 'gw-1', code: 'too-large', length: 256 * KIB + 1 });
    expect(kept!.sha256).toBe(sha256Hex(large));
    expect(kept!.content.toString()).toBe(large.slice(0, kept!.content.length));
    expect(kept!.content.length).toBeLessThanOrEqual(4 * KIB);
    expect(kept!.seq, 'its head says which it was').toBe(2);
    // Whoever counts on receipts goes on after it: it is quarantined, and will not be sent again.
    gateway.publish(TOPIC, numbered(3));
    await eventually('the receipt passes it', () =>
      gateway.messages().some(({ payload }) => JSON.parse(String(payload)).seq === 3),
    );
    expect(gateway.messages().map(({ payload }) => JSON.parse(String(payload)))).toContainEqual(
      expect.objectContaining({ rejected: [expect.objectContaining({ seq: 2, code: 'too-large' })] }),
    );
  });

  it('1 MiB is still acknowledged, a byte more ends the connection and costs the others nothing', async () => {
    const service = await openEngine();
    const [gateway, other] = [await service.connect(), await service.connect()];
    const id = gateway.publish(TOPIC, padded(1, 1024 * KIB));
    await gateway.untilAcknowledged(id);
    expect(await quarantined(service)).toMatchObject([{ code: 'too-large', length: 1024 * KIB }]);
    gateway.publish(TOPIC, Buffer.alloc(1024 * KIB + 65_536 + 17, 'x')); // beyond any topic beside it
    await eventually('it is shown the door', () => gateway.isClosed());
    const next = other.publish(TOPIC, numbered(2));
    await other.untilAcknowledged(next);
    expect(await quarantined(service)).toHaveLength(1);
    expect(service.log.some(({ msg }) => msg.includes('too large'))).toBe(true);
  });

  it('a payload just above 1 MiB ends the connection as well, whatever its topic takes', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    gateway.publish(TOPIC, padded(1, 1024 * KIB + 1));
    await eventually('it is shown the door', () => gateway.isClosed());
    expect(gateway.acknowledged()).toEqual([]);
    expect(await quarantined(service)).toHaveLength(0);
  });

  it('who announces a giant before it has said who it is, is not listened to', async () => {
    const service = await engineOfFile();
    const socket = connect({ port: service.engine.mqttPort, host: '127.0.0.1' });
    closeAfterTest(() => socket.destroy());
    let isClosed = false;
    socket.on('close', () => (isClosed = true)).on('error', () => {});
    socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f])); // CONNECT of 256 MiB [MQTT-2.2.3]
    await eventually('it is closed', () => isClosed);
  });
});

describe('retained messages', () => {
  it('live reads are accepted and not kept for whoever subscribes later', async () => {
    const service = await openEngine({
      sites: [smallSite('T1', { devices: [{ id: 'door', format: 'zebra-iotc', topic: 'zebra/door' }] })],
    });
    const gateway = await service.connect();
    gateway.publish('zebra/door', '{"type":"heartbeat"}', { retain: true });
    const id = gateway.publish(TOPIC, numbered(1), { retain: true });
    gateway.publish(STATUS, '{"online":true}', { retain: true });
    await gateway.untilAcknowledged(id + 1);
    expect(await journalled(service)).toHaveLength(1);
    const late = await service.connect();
    await late.subscribe('#');
    await eventually('the status is there', () => late.messages().length > 0);
    expect(late.messages().map(({ topic }) => topic)).toEqual([STATUS]);
  });
});

describe('a last will', () => {
  const will = (payload: string, topic = STATUS) => ({
    topic,
    payload: Buffer.from(payload),
    qos: 1 as const,
    retain: true,
  });
  const statusOf = async ({ database }: TestEngine) =>
    (await database.rows<{ online: boolean | null; status: unknown }>('select online, status from gateway'))[0];

  it('tells that a gateway has gone, also when it is plain text', async () => {
    const service = await openEngine();
    const gateway = await service.connect({ will: will('connection lost') });
    gateway.publish(STATUS, '{"online":true}', { retain: true });
    await eventually('it is known', async () => (await statusOf(service))?.online === true);
    gateway.die();
    await eventually('it is told', async () => (await statusOf(service))?.online === null);
    expect((await statusOf(service))?.status).toEqual({ text: 'connection lost' });
    expect(await quarantined(service)).toEqual([]);
  });

  it('of a connection that its client has replaced says nothing any more', async () => {
    const service = await openEngine();
    for (let round = 1; round <= 25; round++) {
      const before = await service.connect({ clientId: 'gw-1', will: will('{"online":false}') });
      // So that there is something to tidy up when it ends, and its end takes a moment.
      await before.subscribe(...Array.from({ length: 40 }, (_, index) => `some/${round}/${index}`));
      if (round % 2 === 0) before.die(); // else the broker ends it when the next one comes [MQTT-3.1.4-2]
      const after = await service.connect({ clientId: 'gw-1', will: will('{"online":false}') });
      const id = after.publish(STATUS, `{"online":true,"round":${round}}`, { retain: true });
      await after.untilAcknowledged(id);
      await eventually('its word is heard', async () => {
        const known = await statusOf(service);
        return known?.online === true && (known.status as { round: number }).round === round;
      });
      await after.leave();
    }
    await stays('it stays', async () => (await statusOf(service))?.online === true, A_WHILE_MS);
    const late = await service.connect();
    await late.subscribe(STATUS);
    await eventually('the last word is kept', () => late.messages().length > 0);
    expect(JSON.parse(String(late.messages()[0]!.payload))).toMatchObject({ online: true, round: 25 });
  });

  it('goes out at once, also while nothing can be acknowledged', async () => {
    const service = await openEngine();
    const watcher = await service.connect();
    await watcher.subscribe(STATUS);
    const gateway = await service.connect({ will: will('{"online":false}') });
    service.proxy.hold();
    gateway.publish(TOPIC, numbered(1));
    await service.holding(1);
    gateway.die();
    await eventually('the will is told', () => watcher.messages().length > 0);
    service.proxy.release();
    await eventually('and known', async () => (await statusOf(service))?.online === false);
  });
});
