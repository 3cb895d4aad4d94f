// The contract with MQTT.js that no new release may break silently: many messages taken, none acknowledged by itself, each one when
// we say so, in both versions of MQTT; and nothing of one connection on another.
import type { Packet } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { openBrokerLink, type BrokerLink, type LinkOptions } from '../../../src/intake/brokerLink.ts';
import type { Incoming } from '../../../src/intake/deferredPubacks.ts';
import { closeAfterTest } from '../../support/cleanUp.ts';
import { openScript, type Script } from '../../support/scriptedBroker.ts';
import { eventually, stays } from '../../support/wait.ts';

const A_WHILE_MS = 150;

interface Opened {
  readonly link: BrokerLink;
  readonly taken: Incoming[];
}

const OPEN = { isClosed: () => false, whenOpen: () => {} };

async function open(script: Script, version: 4 | 5, more: Partial<LinkOptions> = {}): Promise<Opened> {
  const taken: Incoming[] = [];
  const options = { url: script.url, clientId: 'tallygate-T1', version, gate: OPEN, ...more };
  const link = await openBrokerLink(options, (message) => taken.push(message), new AbortController().signal);
  closeAfterTest(() => link.end());
  return { link, taken };
}

const publish = (messageId: number, qos: 0 | 1 = 1): Packet => ({
  cmd: 'publish',
  topic: 'a',
  payload: String(messageId),
  qos,
  dup: false,
  retain: false,
  ...(qos === 0 ? {} : { messageId }),
});

const acknowledged = (script: Script): number[] =>
  script.heard().flatMap((packet) => (packet.cmd === 'puback' ? [packet.messageId!] : []));

describe.each([4, 5] as const)('a link of MQTT version %i', (version) => {
  it('asks for a session that stays, under its name', async () => {
    const script = await openScript(version);
    const { link } = await open(script, version);
    expect(link.sessionPresent).toBe(true);
    expect(script.heard()[0]).toMatchObject({
      cmd: 'connect',
      clean: false,
      clientId: 'tallygate-T1',
      protocolVersion: version,
    });
    const properties = (script.heard()[0] as { properties?: object }).properties;
    expect(properties).toEqual(
      version === 4 ? undefined : expect.objectContaining({ sessionExpiryInterval: 604_800, receiveMaximum: 10_000 }),
    );
  });

  it('takes a thousand messages, acknowledges none by itself, and each when it is told to, in that order', async () => {
    const script = await openScript(version);
    const { taken } = await open(script, version);
    for (let id = 1; id <= 1000; id++) script.say(publish(id));
    await eventually('all are taken', () => taken.length === 1000);
    expect(taken.map(({ payload }) => Number(payload.toString()))).toEqual(
      Array.from({ length: 1000 }, (_, index) => index + 1),
    );
    await stays('none is acknowledged', () => acknowledged(script).length === 0, A_WHILE_MS);
    for (const { acknowledge } of taken.slice(0, 600)) acknowledge();
    await eventually('600 are acknowledged', () => acknowledged(script).length === 600);
    for (const { acknowledge } of taken) acknowledge(); // twice makes no second one
    await eventually('all are', () => acknowledged(script).length >= 1000);
    await stays('once each', () => acknowledged(script).length === 1000, A_WHILE_MS);
    expect(acknowledged(script)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
    expect(script.heard().filter(({ cmd }) => cmd !== 'puback' && cmd !== 'connect')).toEqual([]);
  });

  it('keeps what is acknowledged after its end to itself: on the next connection that number is another message', async () => {
    const script = await openScript(version);
    const first = await open(script, version);
    for (const id of [7, 8]) script.say(publish(id));
    await eventually('both are taken', () => first.taken.length === 2);
    script.cut();
    await first.link.closed;
    first.taken[0]!.acknowledge();
    await stays('it does not connect again to say so', () => script.connections() === 1, A_WHILE_MS);
    const second = await open(script, version);
    for (const id of [7, 8]) script.say(publish(id));
    await eventually('both are taken again', () => second.taken.length === 2);
    first.taken[1]!.acknowledge();
    await stays('nothing is acknowledged', () => acknowledged(script).length === 0, A_WHILE_MS);
    for (const { acknowledge } of second.taken) acknowledge();
    await eventually('both are', () => acknowledged(script).length === 2);
    expect(acknowledged(script)).toEqual([7, 8]);
    expect(script.connections()).toBe(2);
  });

  it('reads no further with so many unacknowledged, and stays alive meanwhile', async () => {
    const script = await openScript(version);
    const { link, taken } = await open(script, version, { inFlightMax: 10, keepaliveSeconds: 1 });
    for (let id = 1; id <= 30; id++) script.say(publish(id));
    await eventually('ten are taken', () => taken.length === 10);
    await stays('no more, and it lives', () => taken.length === 10 && !link.isClosed(), 2500);
    expect(script.heard().filter(({ cmd }) => cmd === 'pingreq').length).toBeGreaterThan(3);
    for (const { acknowledge } of taken.slice(0, 5)) acknowledge();
    await eventually('five more are taken', () => taken.length === 15);
    for (let at = 5; at < 30; at++) {
      await eventually('it is taken', () => taken.length > at);
      taken[at]!.acknowledge();
    }
    await eventually('all are acknowledged', () => acknowledged(script).length === 30);
  });

  it('takes messages for a sign of life: answers to its pings may lie behind many of them', async () => {
    const script = await openScript(version, {}, { answersPings: false });
    const { link, taken } = await open(script, version, { keepaliveSeconds: 1 });
    let id = 0;
    await stays(
      'it lives',
      () => {
        script.say(publish(++id));
        return !link.isClosed();
      },
      3000,
    );
    expect(taken.length).toBeGreaterThan(10);
    await eventually('silence is its end', () => link.isClosed(), 5000);
  });

  it('reads no further while the gate is closed', async () => {
    const script = await openScript(version);
    let isClosed = true;
    let resume: () => void = () => {};
    const gate = { isClosed: () => isClosed, whenOpen: (then: () => void) => (resume = then) };
    const { taken } = await open(script, version, { gate });
    for (let id = 1; id <= 5; id++) script.say(publish(id, id === 1 ? 1 : 0));
    await stays('one is taken', () => taken.length <= 1, A_WHILE_MS);
    isClosed = false;
    resume();
    await eventually('the others are', () => taken.length === 5);
  });

  it('tells which topics are refused', async () => {
    const script = await openScript(version);
    const { link } = await open(script, version);
    expect(await link.subscribe(['yes', 'no', 'this/+'])).toEqual(['no']);
    script.cut();
    await link.closed;
    await expect(link.subscribe(['yes'])).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('hands nothing on after a pause, acknowledges what it had, and says goodbye', async () => {
    const script = await openScript(version);
    const { link, taken } = await open(script, version);
    script.say(publish(1));
    await eventually('it is taken', () => taken.length === 1);
    link.pause();
    script.say(publish(2));
    await stays('the second is not', () => taken.length === 1, A_WHILE_MS);
    taken[0]!.acknowledge();
    const heard = script.heard();
    await link.end();
    await eventually('goodbye', () => heard.some(({ cmd }) => cmd === 'disconnect'));
    expect(heard.map(({ cmd }) => cmd)).toEqual(['connect', 'puback', 'disconnect']);
  });
});

describe('a link that is ended under way', () => {
  it.each([10, 1])(
    'says goodbye although an answer lies behind messages not taken (of %i in flight)',
    async (inFlightMax) => {
      const script = await openScript(5);
      const { link, taken } = await open(script, 5, { inFlightMax });
      let isOut = false;
      link.publish('receipt', '{}', () => (isOut = true));
      script.say(publish(1));
      script.say(publish(2));
      await eventually(
        'both have spoken',
        () => taken.length > 0 && script.heard().some(({ cmd }) => cmd === 'publish'),
      );
      link.pause();
      const receipt = script.heard().find((packet) => packet.cmd === 'publish')!;
      for (let id = 3; id <= 100; id++) script.say(publish(id));
      script.say({ cmd: 'puback', messageId: receipt.messageId!, reasonCode: 0 });
      const heard = script.heard();
      await link.end();
      await eventually('goodbye', () => heard.some(({ cmd }) => cmd === 'disconnect'));
      expect(isOut).toBe(true);
      expect(acknowledged(script)).toEqual([]);
    },
  );
});

describe('what a broker answers', () => {
  it.each([
    [4, { returnCode: 1 }, 'rejected', 'version-refused'],
    [4, { returnCode: 4 }, 'rejected', 'refused'],
    [4, { returnCode: 5 }, 'rejected', 'refused'],
    [4, { returnCode: 3 }, 'unavailable', 'no-broker'],
    [5, { reasonCode: 0x84 }, 'rejected', 'version-refused'],
    [5, { reasonCode: 0x86 }, 'rejected', 'refused'],
    [5, { reasonCode: 0x88 }, 'unavailable', 'no-broker'],
  ] as const)('to a CONNECT of version %i with %o is %s (%s)', async (version, connack, kind, code) => {
    const script = await openScript(version, { sessionPresent: false, ...connack });
    await expect(open(script, version)).rejects.toMatchObject({ kind, code });
  });

  it('with nothing at all is unavailable', async () => {
    await expect(open({ url: 'mqtt://127.0.0.1:9' } as Script, 4)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'no-broker',
    });
  });
});
