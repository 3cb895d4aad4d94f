// A gateway's connection to its broker, from CONNECT to its end. Nothing is ever replayed by it: the outbox alone decides.
import { Fault } from '../src/kit/faults.ts';
import { connected, connectOnce, reasonOf, type MqttAddress, type MqttConnection } from '../src/kit/mqttConnection.ts';

/** Of the nodes of a cluster, with commas between them in `url`, each link takes one. */
export type BrokerOptions = MqttAddress;

export interface LinkTopics {
  /** Retained; left with the broker as last will. */
  readonly will: { readonly topic: string; readonly payload: string };
  readonly subscribe: string;
}

export interface Link {
  /** Resolves, with a reason for people, when the connection is over. */
  readonly closed: Promise<string>;
  readonly isClosed: () => boolean;
  /** QoS 1. `onPuback` is called once, or never when the connection ends before. */
  readonly publish: (topic: string, payload: Buffer | string, retain: boolean, onPuback: () => void) => void;
  /** Ends it: with a DISCONNECT when nothing waits for its PUBACK, at once otherwise. */
  readonly end: () => void;
}

const KEEPALIVE_SECONDS = 20;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Connects and subscribes. `onMessage` may be called before it resolves.
 * Throws `unavailable` when nobody answers, `rejected` when the broker refuses us: then a person must act.
 */
export async function openLink(
  options: BrokerOptions,
  topics: LinkTopics,
  onMessage: (payload: Buffer) => void,
  signal: AbortSignal,
): Promise<Link> {
  const connection = connectOnce(options, {
    protocolVersion: 4, // what the embedded broker speaks
    clean: true,
    keepalive: KEEPALIVE_SECONDS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    will: { topic: topics.will.topic, payload: Buffer.from(topics.will.payload), qos: 1, retain: true },
  });
  const link = linkOf(connection);
  connection.client.on('message', (topic, payload) => {
    if (topic === topics.subscribe) onMessage(payload);
  });
  const stop = (): void => link.end();
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) stop();
    await connected(connection);
    await subscribed(connection, topics.subscribe);
    return link;
  } catch (error) {
    link.end();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function linkOf({ client, closed, isClosed, end }: MqttConnection): Link {
  let waiting = 0;
  return {
    closed,
    isClosed,
    publish(topic, payload, retain, onPuback) {
      if (isClosed()) return;
      waiting++;
      client.publish(topic, payload, { qos: 1, retain }, (error) => {
        waiting--;
        if (!error && !isClosed()) onPuback();
      });
    },
    end: () => end(waiting > 0 || !client.connected),
  };
}

async function subscribed({ client, closed, isClosed }: MqttConnection, topic: string): Promise<void> {
  const refusal = await Promise.race([
    new Promise<string | undefined>((resolve) => {
      client.subscribe(topic, { qos: 1 }, (error) => resolve(error ? reasonOf(error) : undefined));
    }),
    closed,
  ]);
  if (refusal === undefined) return;
  if (isClosed()) throw new Fault('unavailable', 'no-broker', refusal);
  throw new Fault(
    'rejected',
    'refused',
    `The broker does not let this gateway subscribe to ${topic} (${refusal}): without receipts nothing can be removed ` +
      'from the outbox. Allow it in the rules of the broker.',
  );
}
