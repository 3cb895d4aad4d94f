// One MQTT connection to a broker that is not ours, from CONNECT to its end; never a second one: whoever wants to go on opens a
// new link, so nothing that MQTT.js keeps for itself outlives a connection or is ever replayed. The session at the broker
// persists, and a message is acknowledged when we say so and not before: what has no PUBACK comes again.
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { publicUrl } from '../kit/brokerAddress.ts';
import { Fault, messageOf } from '../kit/faults.ts';
import { deferPubacks, type Incoming } from './deferredPubacks.ts';
import type { Gate } from './frameGuard.ts';

export interface LinkOptions {
  readonly url: string;
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** PEM, for `mqtts://` and `wss://`. */
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
  /** 4 is MQTT 3.1.1. */
  readonly version: 4 | 5;
  /** While it is closed nothing more is read. */
  readonly gate: Gate;
  readonly inFlightMax?: number;
  readonly keepaliveSeconds?: number;
  readonly connectTimeoutMs?: number;
}

export interface BrokerLink {
  /** The broker had kept our session, with what came meanwhile. */
  readonly sessionPresent: boolean;
  /** How many QoS 1 messages the broker takes from us unacknowledged. */
  readonly receiveMaximum: number;
  /** Resolves, with a reason for people, when the connection is over. */
  readonly closed: Promise<string>;
  readonly isClosed: () => boolean;
  /** QoS 1. The topics that the broker refuses; throws `unavailable` when the connection ends before it has answered. */
  readonly subscribe: (topics: readonly string[]) => Promise<readonly string[]>;
  readonly unsubscribe: (topics: readonly string[]) => void;
  /** `onPuback` is called once, or never when the connection ends before; at once for QoS 0. */
  readonly publish: (
    topic: string,
    payload: string | Buffer,
    options: { readonly qos: 0 | 1; readonly retain: boolean },
    onPuback: () => void,
  ) => void;
  /** No message is handed on from here: it stays with the broker. */
  readonly pause: () => void;
  /** Says DISCONNECT; the session stays. Resolves when it is over. */
  readonly end: () => Promise<void>;
}

const KEEPALIVE_SECONDS = 15;
const CONNECT_TIMEOUT_MS = 5000;
const GOODBYE_WITHIN_MS = 1000;
/** Messages taken and not acknowledged; beyond it nothing is read. Brokers do not keep to our Receive Maximum (measured). */
const IN_FLIGHT_MAX = 10_000;
/** How long a broker of MQTT 5 keeps our session, and queues for it, when we are gone: a week. Under 3.1.1 it decides. */
export const SESSION_EXPIRY_SECONDS = 7 * 86_400;

/**
 * Connects. `onMessage` may be called before it resolves, with what the broker had queued.
 * Throws `unavailable` when nobody answers, `rejected` (`refused`, or `version-refused`) when the broker does not want us.
 */
export async function openBrokerLink(
  options: LinkOptions,
  onMessage: (message: Incoming) => void,
  signal: AbortSignal,
): Promise<BrokerLink> {
  const { client, closing } = newClient(options);
  const { inFlightMax = IN_FLIGHT_MAX, keepaliveSeconds = KEEPALIVE_SECONDS, gate } = options;
  const pubacks = deferPubacks(client, { gate, inFlightMax, keepaliveSeconds, ...closing }, onMessage);
  const stop = (): void => void closing.end();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) stop();
    const { sessionPresent, receiveMaximum } = await connected(client, closing, options);
    return {
      sessionPresent,
      receiveMaximum,
      closed: closing.closed,
      isClosed: closing.isClosed,
      subscribe: (topics) => subscribed(client, closing, topics),
      unsubscribe: (topics) => {
        if (topics.length > 0 && !closing.isClosed()) client.unsubscribe([...topics], () => {});
      },
      publish: (topic, payload, { qos, retain }, onPuback) => {
        if (closing.isClosed()) return;
        client.publish(topic, payload, { qos, retain }, (error) => {
          if (!error && !closing.isClosed()) onPuback();
        });
      },
      pause: pubacks.stop,
      end: closing.end,
    };
  } catch (error) {
    await closing.end();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

interface Closing {
  readonly closed: Promise<string>;
  readonly isClosed: () => boolean;
  readonly end: () => Promise<void>;
  /** The code of the error that the connection ended with; undefined without one. */
  readonly code: () => number | string | undefined;
}

function newClient(options: LinkOptions): { readonly client: MqttClient; readonly closing: Closing } {
  try {
    const client = mqtt.connect(options.url, clientOptions(options));
    return { client, closing: closingOf(client) };
  } catch (error) {
    throw new Fault('rejected', 'refused', `No connection can be made as it is configured: ${messageOf(error)}`);
  }
}

const clientOptions = (options: LinkOptions): IClientOptions => ({
  clientId: options.clientId,
  username: options.username,
  password: options.password,
  ...(options.ca && { ca: options.ca }),
  ...(options.cert && { cert: options.cert }),
  ...(options.key && { key: options.key }),
  protocolVersion: options.version,
  clean: false,
  ...(options.version === 5 && {
    properties: {
      sessionExpiryInterval: SESSION_EXPIRY_SECONDS,
      receiveMaximum: Math.min(options.inFlightMax ?? IN_FLIGHT_MAX, 65_535),
    },
  }),
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  keepalive: options.keepaliveSeconds ?? KEEPALIVE_SECONDS,
  connectTimeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
});

function closingOf(client: MqttClient): Closing {
  let isClosed = false;
  let reason = 'the broker closed the connection';
  let code: number | string | undefined;
  let giveUp: NodeJS.Timeout | undefined;
  client.on('error', (error) => {
    code = (error as { code?: number | string }).code;
    // Of what Node throws for a name with several addresses only the code is worth anything.
    reason = messageOf(error) || String(code);
    client.end(true);
  });
  // MQTT 5 says why it ends it [MQTT-3.14].
  client.on('disconnect', (packet) => {
    code = packet.reasonCode;
    reason =
      packet.reasonCode === SESSION_TAKEN_OVER
        ? `another client has the id ${client.options.clientId}`
        : `the broker ended the connection (reason code ${packet.reasonCode})`;
  });
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
    code: () => code,
    async end() {
      if (!isClosed && giveUp === undefined) {
        // A peer that is gone answers nothing: the socket is not waited for.
        giveUp = setTimeout(() => client.stream.destroy(), GOODBYE_WITHIN_MS);
        client.end(!client.connected);
      }
      await closed;
    },
  };
}

const SESSION_TAKEN_OVER = 0x8e;
/** CONNACK 1 of MQTT 3.1.1, 0x84 of MQTT 5: another version of the protocol is spoken here. */
const VERSION_REFUSED = new Set<unknown>([1, 0x84]);
/** CONNACK 3 of MQTT 3.1.1; of MQTT 5 unavailable, busy, quota, other server, rate: it passes. */
const PASSING = new Set<unknown>([3, 0x88, 0x89, 0x97, 0x9c, 0x9d, 0x9f]);
/** Of TLS: somebody must put certificates right. */
const TLS_REFUSED =
  /^(?:CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|ERR_TLS_CERT_ALTNAME_INVALID|ERR_OSSL|ERR_SSL_(?!WRONG_VERSION))/;

async function connected(
  client: MqttClient,
  closing: Closing,
  { url }: LinkOptions,
): Promise<{ readonly sessionPresent: boolean; readonly receiveMaximum: number }> {
  const answer = await Promise.race([
    new Promise<{ sessionPresent: boolean; properties?: { receiveMaximum?: number } }>((resolve) =>
      client.once('connect', (connack) => resolve(connack)),
    ),
    closing.closed,
  ]);
  if (typeof answer !== 'string')
    return { sessionPresent: answer.sessionPresent, receiveMaximum: answer.properties?.receiveMaximum ?? 65_535 };
  const code = closing.code();
  const where = publicUrl(url);
  if (VERSION_REFUSED.has(code)) throw new Fault('rejected', 'version-refused', `${where}: ${answer}`);
  if (typeof code === 'number' && !PASSING.has(code)) throw new Fault('rejected', 'refused', `${where}: ${answer}`);
  if (typeof code === 'string' && TLS_REFUSED.test(code))
    throw new Fault('rejected', 'tls-refused', `${where}: ${answer} (${code})`);
  throw new Fault('unavailable', code === undefined ? 'closed' : 'no-broker', `${where}: ${answer}`);
}

async function subscribed(client: MqttClient, closing: Closing, topics: readonly string[]): Promise<readonly string[]> {
  const one = (topic: string): Promise<string | undefined> =>
    new Promise((resolve) => {
      client.subscribe(topic, { qos: 1 }, (error, granted) => {
        const isRefused = error !== null || granted?.some(({ qos }) => qos >= 0x80) === true;
        resolve(isRefused ? topic : undefined);
      });
    });
  const answers = await Promise.race([Promise.all(topics.map((topic) => one(topic))), closing.closed]);
  if (typeof answers === 'string' || closing.isClosed())
    throw new Fault('unavailable', 'no-broker', typeof answers === 'string' ? answers : await closing.closed);
  return answers.filter((topic) => topic !== undefined);
}
