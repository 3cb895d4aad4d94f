// Postgres is away for longer than a keep-alive: nothing is acknowledged, nothing grows without bound, and when it is back
// everything goes on by itself with nothing lost and nothing doubled.
import mqtt, { type MqttClient } from 'mqtt';
import { describe, expect, it } from 'vitest';
import { closeAfterTest } from '../support/cleanUp.ts';
import { ERROR, journalled, openEngine, type TestEngine } from '../support/engine.ts';
import { crossing, envelope, epcOf, readEntries } from '../support/sites.ts';
import { eventually, stays } from '../support/wait.ts';

const KEEPALIVE_SECONDS = 1;
const NOON = Date.UTC(2026, 10, 23, 12);
const A_WHILE_MS = 300;
const SOCKET_CHUNK_BYTES = 1024 * 1024;

const goAway = ({ proxy }: TestEngine): void => {
  proxy.refuses = true;
  proxy.cut();
};
const comeBack = ({ proxy }: TestEngine): void => void (proxy.refuses = false);

const numbered = (seq: number, bytes = 0) =>
  envelope(
    { seq, sentAt: NOON + seq },
    { reads: readEntries([{ epc: epcOf(seq), at: NOON + seq }]), ...(bytes > 0 && { padding: 'x'.repeat(bytes) }) },
  );

interface Gateway {
  readonly client: MqttClient;
  readonly topic: string;
  /** Sequence numbers that were acknowledged. */
  readonly acknowledged: number[];
  readonly publish: (seq: number, payload: string) => void;
  /** How often it was cut off. */
  readonly cuts: () => number;
}

/** An ordinary client: it pings, connects again when it is cut, and sends again what was not acknowledged. */
async function openGateway(service: TestEngine, id: string): Promise<Gateway> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${service.engine.mqttPort}`, {
    clientId: id,
    keepalive: KEEPALIVE_SECONDS,
    reconnectPeriod: 50,
  });
  closeAfterTest(() => client.endAsync(true));
  let cuts = 0;
  client.on('close', () => cuts++);
  client.on('error', () => {}); // cut off, as expected
  const acknowledged: number[] = [];
  const topic = `tallygate/v1/T1/${id}/envelope`;
  return {
    client,
    topic,
    acknowledged,
    publish(seq, payload) {
      const attempt = (): void =>
        void client.publish(topic, payload, { qos: 1 }, (error) => {
          // The client gives up what it was sending again when it was cut off once more.
          if (error) client.once('connect', attempt);
          else acknowledged.push(seq);
        });
      attempt();
    },
    cuts: () => cuts,
  };
}

describe('while Postgres is away for longer than a keep-alive', () => {
  it('nothing is acknowledged; afterwards everything is there once, in the journal and in the ledger', async () => {
    const service = await openEngine();
    const gateways = await Promise.all(['gw-1', 'gw-2', 'gw-3'].map((id) => openGateway(service, id)));
    for (const gateway of gateways) gateway.publish(1, numbered(1));
    await eventually('all goes well', () => gateways.every(({ acknowledged }) => acknowledged.length === 1));
    await service.posted();

    goAway(service);
    const now = Date.now();
    const driven = crossing(
      [1, 2, 3, 4].map((serial) => epcOf(serial + 500)),
      'in',
      now - 10_000,
    );
    for (const gateway of gateways) for (let seq = 2; seq <= 30; seq++) gateway.publish(seq, numbered(seq));
    for (let part = 0; part < 12; part++) {
      const reads = readEntries(driven.slice(part * 4, part * 4 + 4));
      gateways[0]!.publish(31 + part, envelope({ seq: 31 + part, sentAt: now }, { reads }));
    }
    await eventually('every gateway has been cut off', () => gateways.every((gateway) => gateway.cuts() > 0));
    expect(gateways.map(({ acknowledged }) => acknowledged)).toEqual([[1], [1], [1]]);
    expect(service.engine.health().database).toBe(false);

    comeBack(service);
    await eventually('everything is acknowledged', () =>
      gateways.every(({ acknowledged }, index) => acknowledged.length === (index === 0 ? 42 : 30)),
    );
    await service.posted();
    const rows = (await journalled(service)).map(({ gateway, seq }) => `${gateway} ${seq}`);
    expect(rows).toHaveLength(42 + 30 + 30);
    expect(new Set(rows).size).toBe(rows.length);
    await eventually('the pallet came in', async () => {
      const moved = await service.database.rows("select epc from transaction where type = 'receive'");
      expect(moved.map(({ epc }) => epc as string).toSorted()).toEqual([501, 502, 503, 504].map(epcOf));
      return true;
    });
    expect(service.engine.health().database).toBe(true);
    const errors = service.log.filter(({ level }) => level >= ERROR).map(({ msg }) => msg);
    expect(
      errors.filter((text) => text.includes('nothing is acknowledged')),
      'said once, not every try',
    ).toHaveLength(1);
  });

  it('a gateway that only tells its state is answered at once, and its word is kept afterwards', async () => {
    const service = await openEngine();
    const [gateway, watcher] = [await service.connect(), await service.connect()];
    await watcher.subscribe('tallygate/v1/T1/+/status');
    goAway(service);
    await gateway.untilAcknowledged(
      gateway.publish('tallygate/v1/T1/gw-1/status', '{"online":true,"backlog":0}', { retain: true }),
    );
    await gateway.untilAcknowledged(
      gateway.publish('tallygate/v1/T1/gw-1/status', '{"online":true,"backlog":7}', { retain: true }),
    );
    await eventually('others hear it', () => watcher.messages().length === 2);
    comeBack(service);
    await eventually('the last word is kept', async () => {
      const [known] = await service.database.rows<{ status: unknown }>('select status from gateway');
      return (known?.status as { backlog?: number } | undefined)?.backlog === 7;
    });
  });

  it('what is held is bounded over all connections, and what a closed one left makes room', async () => {
    const heldBytesMax = 300_000;
    const service = await openEngine({ config: { heldBytesMax, commitBytesMax: 65_536 } });
    goAway(service);
    const peers = await Promise.all(
      Array.from({ length: 10 }, () => service.connect({ keepaliveSeconds: KEEPALIVE_SECONDS })),
    );
    const payload = 20_000;
    for (let seq = 1; seq <= 40; seq++)
      for (const [index, peer] of peers.entries())
        peer.publish(`tallygate/v1/T1/gw-${index}/envelope`, numbered(seq, payload));
    const held = () => service.metric('tallygate_mqtt_held_bytes');
    await eventually('it is full', async () => (await held()) >= heldBytesMax);
    await stays('no more is taken', async () => (await held()) < heldBytesMax + SOCKET_CHUNK_BYTES, A_WHILE_MS);

    await eventually('who cannot be heard is cut off', () => peers.every((peer) => peer.isClosed()));
    await eventually('only what is on its way to Postgres is left', async () => (await held()) <= 65_536 + payload);
    const honest = await service.connect();
    const id = honest.publish('tallygate/v1/T1/gw-1/envelope', numbered(1, payload));
    await service.holding(1);
    expect(honest.acknowledged()).toEqual([]);
    comeBack(service);
    await honest.untilAcknowledged(id);
    await eventually('nothing is held any more', async () => (await held()) === 0);
    const count = (result: string) => service.metric('tallygate_intake_messages_total', { result });
    expect(await count('dropped')).toBeGreaterThan(0);
    // A tick may still be on its way: nobody holds that.
    await eventually('all are accounted for', async () => {
      const results = await Promise.all(['fresh', 'duplicate', 'dropped'].map((result) => count(result)));
      return results.reduce((sum, one) => sum + one, 0) === (await count('received'));
    });
  });

  it('also when nobody says that it has gone: what has no answer is asked again on another connection', async () => {
    const service = await openEngine({ answerWithinMs: 500 });
    const gateway = await service.connect();
    await gateway.untilAcknowledged(gateway.publish('tallygate/v1/T1/gw-1/envelope', numbered(1)));
    service.proxy.strand();
    const id = gateway.publish('tallygate/v1/T1/gw-1/envelope', numbered(2));
    await gateway.untilAcknowledged(id);
    await service.posted();
    expect(await journalled(service)).toHaveLength(2);
  });

  it('an engine that is stopped meanwhile stops within seconds, and the next one has what was acknowledged', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    await gateway.untilAcknowledged(gateway.publish('tallygate/v1/T1/gw-1/envelope', numbered(1)));
    goAway(service);
    gateway.publish('tallygate/v1/T1/gw-1/envelope', numbered(2));
    await service.holding(1);
    const startedAt = performance.now();
    await service.stop();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(gateway.acknowledged()).toHaveLength(1);
    const next = await openEngine({ after: service });
    const again = await next.connect();
    await again.untilAcknowledged(again.publish('tallygate/v1/T1/gw-1/envelope', numbered(2)));
    await next.posted();
    expect((await journalled(next)).map(({ seq }) => seq)).toEqual([1, 2]);
  });
});
