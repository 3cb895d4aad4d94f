// Against a real broker over streams in memory: no ports, no sleeps.
import { duplexPair } from 'node:stream';
import { Aedes, type AuthorizePublishHandler } from 'aedes';
import { MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { createPublisher } from '../../../simulators/publisher.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function setUp(authorizePublish: AuthorizePublishHandler) {
  const broker = await Aedes.createBroker({ authorizePublish });
  const streams: import('node:stream').Duplex[] = [];
  const client = new MqttClient(
    () => {
      const [near, far] = duplexPair();
      streams.push(near);
      broker.handle(far);
      return near;
    },
    { reconnectPeriod: 1, clientId: 'simulate-test', protocolVersion: 4 },
  );
  closing.push(
    () => client.endAsync(true),
    () => new Promise<void>((done) => broker.close(done)),
  );
  return { client, streams };
}

const until = async (isDone: () => boolean): Promise<void> => {
  while (!isDone()) await new Promise((next) => setImmediate(next));
};

describe('the publisher', () => {
  it('waits for PUBACKs: at most so many messages are on their way', async () => {
    const waiting: (() => void)[] = [];
    const { client } = await setUp((_client, _packet, done) => void waiting.push(() => done(null)));
    const publisher = createPublisher(client, 3);
    let taken = 0;
    const sending = (async () => {
      for (let seq = 1; seq <= 5; seq++) {
        await publisher.send('t', `message ${seq}`);
        taken++;
      }
    })();
    await until(() => waiting.length > 0 && publisher.unacknowledged() === 3);
    expect(taken).toBe(2);
    await until(() => {
      waiting.shift()?.();
      return taken === 5 && publisher.unacknowledged() === 0;
    });
    await sending;
    await publisher.idle();
    expect(publisher.unacknowledged()).toBe(0);
  });

  it('sends what was not acknowledged again after a reconnect, byte for byte, and nothing is missing', async () => {
    const received: string[] = [];
    let held = true;
    const { client, streams } = await setUp((_client, packet, done) => {
      received.push(packet.payload.toString());
      // The first time it is heard and not acknowledged: the connection breaks before.
      if (!held) done(null);
    });
    const publisher = createPublisher(client);
    const payload = JSON.stringify({ epoch: 'e', seq: 1, sentAt: '2026-01-05T08:00:00.000Z' });
    await publisher.send('t', payload);
    await until(() => received.length === 1);
    expect(publisher.unacknowledged()).toBe(1);
    held = false;
    streams[0]!.destroy();
    await publisher.send('t', 'the next one');
    await publisher.idle();
    expect(received[0]).toBe(payload);
    expect(received.filter((text) => text === payload)).toHaveLength(2);
    expect(received).toContain('the next one');
  });

  it('says so when messages were given up', async () => {
    const { client } = await setUp(() => {});
    const publisher = createPublisher(client);
    await publisher.send('t', 'never acknowledged');
    const [idle] = await Promise.allSettled([publisher.idle(), client.endAsync(true)]);
    expect(idle).toMatchObject({ status: 'rejected', reason: { code: 'not-published', kind: 'unavailable' } });
  });
});
