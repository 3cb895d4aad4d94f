// One MQTT connection, from CONNECT to its end; never a second one: whoever wants to go on opens a new link. So nothing that
// MQTT.js keeps for itself (its store, its queue) outlives a connection or is ever replayed: the outbox alone decides.
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { publicUrl } from '../src/kit/brokerAddress.ts';
import { Fault, messageOf } from '../src/kit/faults.ts';

export interface BrokerOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`; of the nodes of a cluster, with commas between them, each link takes one. */
  readonly url: string;
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** PEM, for `mqtts://` and `wss://`. */
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
  readonly keepaliveSeconds?: number;
  readonly connectTimeoutMs?: number;
}

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
const GOODBYE_WITHIN_MS = 1000;

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
  const client = newClient(options, topics);
  const link = linkOf(client);
  client.on('message', (topic, payload) => {
    if (topic === topics.subscribe) onMessage(payload);
  });
  const stop = (): void => link.end();
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) stop();
    await connected(client, link, options.url);
    await subscribed(client, link, topics.subscribe);
    return link;
  } catch (error) {
    link.end();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function newClient(options: BrokerOptions, topics: LinkTopics): MqttClient {
  try {
    return mqtt.connect(options.url, clientOptions(options, topics));
  } catch (error) {
    throw new Fault('rejected', 'refused', `No connection can be made as it is configured: ${reasonOf(error)}.`);
  }
}

const clientOptions = (options: BrokerOptions, { will }: LinkTopics): IClientOptions => ({
  clientId: options.clientId,
  username: options.username,
  password: options.password,
  ...(options.ca && { ca: options.ca }),
  ...(options.cert && { cert: options.cert }),
  ...(options.key && { key: options.key }),
  protocolVersion: 4, // what the embedded broker speaks
  clean: true,
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  keepalive: options.keepaliveSeconds ?? KEEPALIVE_SECONDS,
  connectTimeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
  will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
});

function linkOf(client: MqttClient): Link {
  let isClosed = false;
  let waiting = 0;
  let reason = CLOSED_BY_BROKER;
  client.on('error', (error) => {
    reason = reasonOf(error);
    // A broker that speaks nonsense is not talked to any longer.
    client.end(true);
  });
  let giveUp: NodeJS.Timeout | undefined;
  const closed = new Promise<string>((resolve) => {
    const close = (): void => {
      isClosed = true;
      clearTimeout(giveUp);
      resolve(reason);
    };
    client.once('close', close).once('end', close);
  });
  return {
    closed,
    isClosed: () => isClosed,
    publish(topic, payload, retain, onPuback) {
      if (isClosed) return;
      waiting++;
      client.publish(topic, payload, { qos: 1, retain }, (error) => {
        waiting--;
        if (!error && !isClosed) onPuback();
      });
    },
    end() {
      if (isClosed || giveUp !== undefined) return;
      // A peer that is gone answers nothing: the socket is not waited for.
      giveUp = setTimeout(() => client.stream.destroy(), GOODBYE_WITHIN_MS);
      client.end(waiting > 0 || !client.connected);
    },
  };
}

async function connected(client: MqttClient, link: Link, url: string): Promise<void> {
  let refusal: string | undefined;
  client.on('error', (error) => {
    // CONNACK 1 to 5 [MQTT-3.2.2.3]: the broker is there and does not want us as we are.
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'number' && code !== SERVER_UNAVAILABLE) refusal = reasonOf(error);
  });
  const reason = await Promise.race([
    new Promise<undefined>((resolve) => client.once('connect', () => resolve(undefined))),
    link.closed,
  ]);
  if (refusal !== undefined) {
    throw new Fault('rejected', 'refused', `The broker at ${publicUrl(url)} refuses this gateway: ${refusal}.`);
  }
  if (reason !== undefined) throw new Fault('unavailable', 'no-broker', reason);
}

const SERVER_UNAVAILABLE = 3;

async function subscribed(client: MqttClient, link: Link, topic: string): Promise<void> {
  const refusal = await Promise.race([
    new Promise<string | undefined>((resolve) => {
      client.subscribe(topic, { qos: 1 }, (error) => resolve(error ? reasonOf(error) : undefined));
    }),
    link.closed,
  ]);
  if (refusal === undefined) return;
  if (link.isClosed()) throw new Fault('unavailable', 'no-broker', refusal);
  throw new Fault(
    'rejected',
    'refused',
    `The broker does not let this gateway subscribe to ${topic} (${refusal}): without receipts nothing can be removed ` +
      'from the outbox. Allow it in the rules of the broker.',
  );
}

export const CLOSED_BY_BROKER = 'the broker closed the connection';

/** Of what Node throws for a name with several addresses only the code is worth anything. */
const reasonOf = (error: unknown): string => messageOf(error) || String((error as NodeJS.ErrnoException).code);
