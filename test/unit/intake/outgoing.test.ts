// What we publish at a broker that is not ours, on a real connection: it is out when the broker has it, nothing is dropped without
// a word, and what the broker refuses takes no place.
import { describe, expect, it } from 'vitest';
import { openBrokerLink } from '../../../src/intake/brokerLink.ts';
import { openOutgoing, type Outgoing } from '../../../src/intake/outgoing.ts';
import { closeAfterTest } from '../../support/cleanUp.ts';
import { openScript, type Script } from '../../support/scriptedBroker.ts';
import { eventually, stays } from '../../support/wait.ts';

const A_WHILE_MS = 150;
const NOT_ALLOWED = 0x87;
const OPEN = { isClosed: () => false, whenOpen: () => {} };

interface Scene {
  readonly script: Script;
  readonly outgoing: Outgoing;
  /** Topics of refusals that were told. */
  readonly refusals: readonly string[];
  /** Publishes, and keeps the outcome under the payload. */
  readonly publish: (topic: string, payload: string, isNewestOnly?: boolean) => void;
  readonly outcomes: Readonly<Record<string, boolean>>;
}

/** Connected; the broker takes so many messages unacknowledged. */
async function openScene(receiveMaximum: number): Promise<Scene> {
  const script = await openScript(5, { properties: { receiveMaximum } });
  const options = { url: script.url, clientId: 'tallygate-T1', version: 5, gate: OPEN } as const;
  const link = await openBrokerLink(options, () => {}, new AbortController().signal);
  closeAfterTest(() => link.end());
  const refusals: string[] = [];
  const outgoing = openOutgoing((topic) => refusals.push(topic));
  outgoing.start(link);
  void link.closed.then(() => outgoing.stop());
  const outcomes: Record<string, boolean> = {};
  const publish: Scene['publish'] = (topic, payload, isNewestOnly = false) =>
    void outgoing.publish({ topic, payload, isNewestOnly }).then((isOut) => (outcomes[payload] = isOut));
  return { script, outgoing, refusals, publish, outcomes };
}

const heard = (script: Script) => script.heard().flatMap((packet) => (packet.cmd === 'publish' ? [packet] : []));
const payloads = (script: Script): string[] => heard(script).map(({ payload }) => payload.toString());

/** Answers every message as it comes. */
async function answer(script: Script, messages: number, reasonCode = 0): Promise<void> {
  for (let at = 0; at < messages; at++) {
    await eventually(`message ${at} has come`, () => heard(script).length > at);
    script.say({ cmd: 'puback', messageId: heard(script)[at]!.messageId!, reasonCode });
  }
}

describe('a message', () => {
  it('is out when the broker has it, and not before', async () => {
    const { script, publish, outcomes } = await openScene(10);
    publish('alert/a', 'one');
    await eventually('it has come', () => payloads(script).length === 1);
    expect(heard(script)[0]).toMatchObject({ topic: 'alert/a', qos: 1, retain: false });
    await stays('it is not out yet', () => outcomes['one'] === undefined, A_WHILE_MS);
    await answer(script, 1);
    await eventually('it is out', () => outcomes['one']);
  });

  it('that waits behind others goes out in its turn; of receipts of one gateway only the newest does', async () => {
    const { script, publish, outcomes } = await openScene(1);
    publish('alert/a', 'first');
    publish('receipt/1', 'receipt 1', true);
    publish('alert/a', 'second');
    publish('receipt/2', 'receipt 2', true);
    publish('receipt/1', 'receipt 3', true);
    publish('alert/a', 'third');
    await answer(script, 5);
    await eventually('all are told', () => Object.keys(outcomes).length === 6);
    expect(payloads(script)).toEqual(['first', 'receipt 3', 'second', 'receipt 2', 'third']);
    expect(outcomes).toMatchObject({ first: true, second: true, third: true, 'receipt 1': false, 'receipt 3': true });
  });

  it('that the broker refuses is not out, takes no place, and is told once a connection', async () => {
    const { script, publish, outcomes, refusals } = await openScene(10);
    for (let count = 0; count < 500; count++) publish(`receipt/${count}`, String(count), true);
    await answer(script, 499, NOT_ALLOWED);
    await eventually('the last one has come', () => payloads(script).length === 500);
    script.say({ cmd: 'puback', messageId: heard(script)[499]!.messageId!, reasonCode: 0 });
    await eventually('it is out', () => outcomes['499']);
    expect(Object.values(outcomes).filter((isOut) => isOut)).toHaveLength(1);
    expect(refusals).toEqual(['receipt/0']);
  });

  it('is not out when the connection ends before, or when there is none', async () => {
    const { script, publish, outcomes } = await openScene(1);
    publish('alert/a', 'on its way');
    publish('alert/a', 'waiting');
    await eventually('one has come', () => payloads(script).length === 1);
    script.cut();
    await eventually('both are told', () => Object.keys(outcomes).length === 2);
    publish('alert/a', 'later');
    await eventually('this as well', () => outcomes['later'] === false);
    expect(outcomes).toEqual({ 'on its way': false, waiting: false, later: false });
  });
});
