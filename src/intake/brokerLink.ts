// One MQTT connection to a broker that is not ours. The session at the broker persists, and a message is acknowledged when we say
// so and not before: what has no PUBACK comes again.
import type { IClientOptions } from 'mqtt';
import { Fault } from '../kit/faults.ts';
import { connected, connectOnce, type MqttAddress, type MqttConnection } from '../kit/mqttConnection.ts';
import { deferPubacks, type Incoming } from './deferredPubacks.ts';
import type { Gate } from './frameGuard.ts';

export interface LinkOptions extends MqttAddress {
  /** 4 is MQTT 3.1.1. */
  readonly version: 4 | 5;
  /** While it is closed nothing more is read. */
  readonly gate: Gate;
  readonly inFlightMax?: number;
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
  /** QoS 1. `onPuback` is called once, with the reason when the broker refuses it; never when the connection ends before. */
  readonly publish: (topic: string, payload: string | Buffer, onPuback: (refusal?: string) => void) => void;
  /** No message is handed on from here: it stays with the broker. */
  readonly pause: () => void;
  /** Says DISCONNECT; the session stays. Resolves when it is over. */
  readonly end: () => Promise<void>;
}

const KEEPALIVE_SECONDS = 15;
const CONNECT_TIMEOUT_MS = 5000;
/** Messages taken and not acknowledged; beyond it nothing is read. Brokers do not keep to our Receive Maximum (measured). */
const IN_FLIGHT_MAX = 10_000;
/** Where a broker says no other [MQTT-3.2.2.3.3]; of MQTT 3.1.1 as many as there are numbers. */
const RECEIVE_MAXIMUM = 65_535;
/** How long a broker of MQTT 5 keeps our session, and queues for it, when we are gone: a week. Under 3.1.1 it decides. */
export const SESSION_EXPIRY_SECONDS = 7 * 86_400;

/**
 * Connects. `onMessage` may be called before it resolves, with what the broker had queued.
 * Throws what `connected` does.
 */
export async function openBrokerLink(
  options: LinkOptions,
  onMessage: (message: Incoming) => void,
  signal: AbortSignal,
): Promise<BrokerLink> {
  const connection = connectOnce(options, clientOptions(options));
  const { client, closed, isClosed } = connection;
  const { inFlightMax = IN_FLIGHT_MAX, keepaliveSeconds = KEEPALIVE_SECONDS, gate } = options;
  const pubacks = deferPubacks(client, { gate, inFlightMax, keepaliveSeconds, closed, isClosed }, onMessage);
  const end = async (): Promise<void> => {
    connection.end(!client.connected);
    await closed;
  };
  const stop = (): void => void end();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) stop();
    const { sessionPresent, properties } = await connected(connection);
    return {
      sessionPresent,
      receiveMaximum: properties?.receiveMaximum ?? RECEIVE_MAXIMUM,
      closed,
      isClosed,
      subscribe: (topics) => subscribed(connection, topics),
      unsubscribe: (topics) => {
        if (topics.length > 0 && !isClosed()) client.unsubscribe([...topics], () => {});
      },
      publish: (topic, payload, onPuback) => {
        if (isClosed()) return;
        client.publish(topic, payload, { qos: 1 }, (error) => {
          if (isClosed()) return;
          if (!error) onPuback();
          // A reason code of MQTT 5 [MQTT-3.4.2.1]; any other error is of the connection, which is about to end.
          else if (typeof (error as { code?: unknown }).code === 'number') onPuback(error.message);
        });
      },
      pause: pubacks.stop,
      end,
    };
  } catch (error) {
    await end();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const clientOptions = ({
  version,
  inFlightMax = IN_FLIGHT_MAX,
}: LinkOptions): IClientOptions & { keepalive: number } => ({
  protocolVersion: version,
  clean: false,
  ...(version === 5 && {
    properties: {
      sessionExpiryInterval: SESSION_EXPIRY_SECONDS,
      receiveMaximum: Math.min(inFlightMax, RECEIVE_MAXIMUM),
    },
  }),
  keepalive: KEEPALIVE_SECONDS,
  connectTimeout: CONNECT_TIMEOUT_MS,
});

async function subscribed(
  { client, closed, isClosed }: MqttConnection,
  topics: readonly string[],
): Promise<readonly string[]> {
  const one = (topic: string): Promise<string | undefined> =>
    new Promise((resolve) => {
      client.subscribe(topic, { qos: 1 }, (error, granted) => {
        const isRefused = error !== null || granted?.some(({ qos }) => qos >= 0x80) === true;
        resolve(isRefused ? topic : undefined);
      });
    });
  const answers = await Promise.race([Promise.all(topics.map((topic) => one(topic))), closed]);
  if (typeof answers === 'string' || isClosed())
    throw new Fault('unavailable', 'no-broker', typeof answers === 'string' ? answers : await closed);
  return answers.filter((topic) => topic !== undefined);
}
