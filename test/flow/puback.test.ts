// A PUBACK is a receipt (promise P1): it comes when the content is committed, in the order of arrival, and never before.
import { describe, expect, it } from 'vitest';
import { openClient } from '../../src/store/database.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { connectPeer } from '../support/mqttPeer.ts';
import { journalled, openEngine } from '../support/engine.ts';
import { envelope, epcOf, readEntries } from '../support/sites.ts';
import { eventually, stays } from '../support/wait.ts';

const TOPIC = 'tallygate/v1/T1/gw-1/envelope';
const NOON = Date.UTC(2026, 10, 23, 12);
/** Long enough that an acknowledgement that did not wait would be seen. */
const A_WHILE_MS = 300;

const numbered = (seq: number, epoch = 'e1') =>
  envelope({ seq, epoch, sentAt: NOON + seq }, { reads: readEntries([{ epc: epcOf(seq), at: NOON + seq }]) });

describe('a PUBACK', () => {
  it('does not come while Postgres has not answered, and comes when it has', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    service.proxy.hold();
    const id = gateway.publish(TOPIC, numbered(1));
    await service.holding(1);
    await stays('nothing is acknowledged', () => gateway.acknowledged().length === 0, A_WHILE_MS);
    service.proxy.release();
    await gateway.untilAcknowledged(id);
    expect(await journalled(service)).toMatchObject([{ gateway: 'gw-1', epoch: 'e1', seq: 1 }]);
  });

  it('does not come before the commit, though Postgres has begun its work', async () => {
    const service = await openEngine();
    const other = await openClient({ ...service.database.options, role: 'owner' });
    closeAfterTest(() => other.end());
    const gateway = await service.connect();
    await other.query('begin');
    await other.query("select from journal_head where site = 'T1' for update");
    const id = gateway.publish(TOPIC, numbered(1));
    await eventually('the append waits for its site', () =>
      service.database.value(
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      ),
    );
    await stays('nothing is acknowledged', () => gateway.acknowledged().length === 0, A_WHILE_MS);
    await other.query('commit');
    await gateway.untilAcknowledged(id);
  });

  it('comes once, for one row, when the answer to the commit was lost on its way', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    const first = gateway.publish(TOPIC, numbered(1)); // the statement is prepared by name: its text travels once
    await gateway.untilAcknowledged(first);
    const lost = service.proxy.loseOnce('append-fresh', 'after');
    const second = gateway.publish(TOPIC, numbered(2));
    await lost;
    await gateway.untilAcknowledged(second);
    expect(gateway.acknowledged()).toEqual([first, second]);
    expect((await journalled(service)).map(({ seq }) => seq)).toEqual([1, 2]);
    // Nobody told the pipeline of the row: it looks into the journal by itself.
    await service.posted();
  });

  it('comes in the order in which the messages of a connection came, whatever they are', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    service.proxy.hold();
    const ids = [
      gateway.publish(TOPIC, numbered(1)),
      gateway.publish('tallygate/v1/T1/gw-1/status', '{"online":true}', { retain: true }),
      gateway.publish(TOPIC, '{"v":1,"epoch":"e1","seq":'), // quarantined
      gateway.publish('nobody/knows/this', 'hello'), // quarantined without a site
      gateway.publish(TOPIC, numbered(1)), // a duplicate
      gateway.publish(TOPIC, numbered(2), { messageId: 4000 }),
      gateway.publish('tallygate/v1/T1/gw-1/status', '{"online":true,"backlog":3}', { retain: true }),
      gateway.publish(TOPIC, numbered(3), { messageId: 17 }),
    ];
    await service.holding(6);
    expect(gateway.acknowledged()).toEqual([]);
    service.proxy.release();
    await gateway.untilAcknowledged(17);
    expect(gateway.acknowledged()).toEqual(ids);
    expect((await journalled(service)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('comes in order of each connection over many commits, with QoS 0 in between', async () => {
    const service = await openEngine({ config: { commitBytesMax: 3000 } });
    const peers = await Promise.all([1, 2, 3].map(() => service.connect()));
    const expected = peers.map((peer, index) => {
      const ids: number[] = [];
      for (let seq = 1; seq <= 60; seq++) {
        const isLucky = seq % 5 === 0;
        const id = peer.publish(`tallygate/v1/T1/gw-${index}/envelope`, numbered(seq), { qos: isLucky ? 0 : 1 });
        if (!isLucky) ids.push(id);
      }
      return ids;
    });
    for (const [index, peer] of peers.entries()) {
      await peer.untilAcknowledged(expected[index]!.at(-1)!);
      expect(peer.acknowledged()).toEqual(expected[index]);
    }
    expect(service.engine.figures.commit.commits).toBeGreaterThan(5);
    expect(await journalled(service)).toHaveLength(180);
  });

  it('of a hundred messages that wait for a commit comes with the next one, all at once', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    service.proxy.hold();
    gateway.publish(TOPIC, numbered(1));
    await service.holding(1);
    const before = service.engine.figures.commit.commits;
    for (let seq = 2; seq <= 101; seq++) gateway.publish(TOPIC, numbered(seq));
    await service.holding(101);
    service.proxy.release();
    await eventually('all are acknowledged', () => gateway.acknowledged().length === 101);
    expect(service.engine.figures.commit.commits - before).toBeLessThan(10);
  });
});

describe('the other qualities of service', () => {
  it('QoS 0 is taken in and never acknowledged', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    gateway.publish(TOPIC, numbered(1), { qos: 0 });
    await eventually('it is in the journal', async () => (await journalled(service)).length === 1);
    expect(gateway.heard.map(({ cmd }) => cmd)).toEqual(['connack']);
  });

  it('QoS 0 of a connection that is gone is kept: it would not come again', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    service.proxy.hold();
    gateway.publish(TOPIC, numbered(1), { qos: 0 });
    gateway.publish(TOPIC, numbered(2), { qos: 0 });
    await service.holding(2);
    gateway.die();
    service.proxy.release();
    await eventually('both are in the journal', async () => (await journalled(service)).length === 2);
  });

  it('QoS 2 is received (PUBREC) when it is committed, and complete after its release', async () => {
    const service = await openEngine();
    const gateway = await service.connect();
    service.proxy.hold();
    const messageId = gateway.publish(TOPIC, numbered(1), { qos: 2 });
    await service.holding(1);
    await stays('nothing is acknowledged', () => gateway.heard.length === 1, A_WHILE_MS);
    service.proxy.release();
    await eventually('it is received', () => gateway.heard.some(({ cmd }) => cmd === 'pubrec'));
    expect(await journalled(service)).toHaveLength(1);
    gateway.send({ cmd: 'pubrel', messageId });
    await eventually('it is complete', () => gateway.heard.some(({ cmd }) => cmd === 'pubcomp'));
  });

  it('QoS 2 that was not released before the connection broke is taken once all the same', async () => {
    const service = await openEngine();
    const gateway = await service.connect({ clientId: 'gw-1' });
    gateway.publish(TOPIC, numbered(1), { qos: 2, messageId: 9 });
    await eventually('it is received', () => gateway.heard.some(({ cmd }) => cmd === 'pubrec'));
    gateway.die();
    const again = await connectPeer(service.engine.mqttPort, { clientId: 'gw-1' });
    again.publish(TOPIC, numbered(1), { qos: 2, messageId: 9, dup: true });
    await eventually('it is received again', () => again.heard.some(({ cmd }) => cmd === 'pubrec'));
    expect(await journalled(service)).toHaveLength(1);
  });
});
