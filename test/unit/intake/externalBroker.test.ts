// The sessions at a broker that is not ours, together: it is one broker, and what one session learns of it holds for all.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { IConnectPacket } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { openExternalBroker } from '../../../src/intake/externalBroker.ts';
import { systemClock } from '../../../src/kit/clock.ts';
import { defect } from '../../../src/kit/faults.ts';
import { createLog } from '../../../src/kit/log.ts';
import { closeAfterTest } from '../../support/cleanUp.ts';
import { brokerAt } from '../../support/externalBroker.ts';
import { openScript } from '../../support/scriptedBroker.ts';
import { eventually } from '../../support/wait.ts';

function openSessions(
  url: string,
  isOurs = () => Promise.resolve(true),
  onDefect: (error: unknown) => void = () => {},
) {
  const broker = openExternalBroker({
    broker: brokerAt(url),
    heldBytesMax: 1_000_000,
    isOurs,
    onDefect,
    clock: systemClock,
    log: createLog({ style: 'silent' }),
  });
  closeAfterTest(() => broker.close());
  return broker.sessions;
}

/** It takes every connection, and never says anything. */
async function openSilence(): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    closeAfterTest(() => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeAfterTest(() => server.close());
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a session', () => {
  it('that meets a defect tells of it, and does not pass for one that is only refused', async () => {
    const defects: unknown[] = [];
    const broken = defect('invariant', 'A site is ours or not.');
    const sessions = openSessions(
      (await openScript(5)).url,
      () => Promise.reject(broken),
      (error) => defects.push(error),
    );
    await sessions.serve('S0', [], []);
    expect(defects).toEqual([broken]);
  });

  it('is who the URL says, whatever characters a password has', async () => {
    const script = await openScript(5);
    const sessions = openSessions(script.url.replace('://', '://me:50%,%20more%2F@'));
    await sessions.serve('S0', [], []);
    expect(script.connects()).toMatchObject([{ username: 'me', password: Buffer.from('50%, more/') }]);
  });
});

describe('a broker', () => {
  it('that does not answer is waited for once, and not once a site', async () => {
    const sessions = openSessions(await openSilence());
    await sessions.serve('S0', [], []);
    const startedAt = performance.now();
    for (let index = 1; index < 50; index++) await sessions.serve(`S${index}`, [], []);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(sessions.health()).toMatchObject({ sessions: 50, connected: 0 });
  });

  it('that one session speaks MQTT 5 with is not asked for another version, whatever becomes of the others', async () => {
    let isMoody = false;
    const script = await openScript(
      5,
      {},
      { turnsAway: ({ clientId, protocolVersion }) => clientId.endsWith('S1') || protocolVersion === 4 || isMoody },
    );
    const sessions = openSessions(script.url);
    await sessions.serve('S1', [], []); // never let in
    await sessions.serve('S0', [], []);
    await eventually('the other one is connected', () => sessions.health().connected === 1);
    isMoody = true;
    const before = script.connections();
    script.cutAll();
    await eventually('both try again', () => script.connections() >= before + 3);
    expect(
      new Set(
        script
          .connects()
          .slice(before)
          .map(({ protocolVersion }) => protocolVersion),
      ),
    ).toEqual(new Set([5]));
  });

  it('that speaks 3.1.1 alone from a day on, and says so, is spoken to in that', async () => {
    let isReplaced = false;
    const script = await openScript(5, ({ protocolVersion }: IConnectPacket) =>
      isReplaced && protocolVersion === 5 ? { reasonCode: 0x84, sessionPresent: false } : {},
    );
    const sessions = openSessions(script.url);
    await sessions.serve('S0', [], []);
    expect(sessions.health().connected).toBe(1);
    isReplaced = true;
    script.cutAll();
    await eventually('it is away', () => sessions.health().connected === 0);
    await eventually('it is connected', () => sessions.health().connected === 1);
    expect(script.connects().at(-1)).toMatchObject({ protocolVersion: 4 });
  });

  it('that ends connections of MQTT 5 without a word is asked for 3.1.1', async () => {
    const script = await openScript(4, {}, { turnsAway: ({ protocolVersion }) => protocolVersion === 5 });
    const sessions = openSessions(script.url);
    await sessions.serve('S0', [], []);
    await sessions.serve('S1', [], []);
    expect(sessions.health()).toMatchObject({ sessions: 2, connected: 2 });
    expect(script.connects().map(({ protocolVersion }) => protocolVersion)).toEqual([5, 4, 4]);
  });
});
