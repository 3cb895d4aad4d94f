// Publishes over MQTT with QoS 1 and waits for PUBACKs. Every message is kept until it is acknowledged, and its very bytes
// are sent again after a reconnect: what was on its way by the client, what the client gave back by this. Only closing
// gives anything up.
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { Fault, messageOf } from '../src/kit/faults.ts';
import { statusTopic } from '../src/wire/topics.ts';
import { payloadOf, topicOf, type TimedMessage } from './messages.ts';

/** Messages without a PUBACK; at the bound `send` waits. */
export const IN_FLIGHT_MAX = 64;
const CONNECT_TIMEOUT_MS = 10_000;
const RECONNECT_MS = 1000;
const ONLINE = '{"online":true}';
const OFFLINE = '{"online":false}';

export interface Publisher {
  /** Resolves when the message has been taken and there is room for another. */
  readonly send: (topic: string, payload: string | Uint8Array, retain?: boolean) => Promise<void>;
  readonly unacknowledged: () => number;
  /** Resolves when everything has been acknowledged. Rejects when that is impossible: the client was closed. */
  readonly idle: () => Promise<void>;
}

type Client = Pick<MqttClient, 'publish' | 'once' | 'connected' | 'disconnecting'>;

export function createPublisher(client: Client, inFlightMax: number = IN_FLIGHT_MAX): Publisher {
  let inFlight = 0;
  let failure: Error | undefined;
  let waiting: (() => void)[] = [];
  const wakeAll = (): void => {
    const awakened = waiting;
    waiting = [];
    for (const wake of awakened) wake();
  };
  const attempt = (topic: string, payload: string | Buffer, retain: boolean): void => {
    client.publish(topic, payload, { qos: 1, retain }, (error) => {
      if (!error) {
        inFlight--;
        return wakeAll();
      }
      // The client gives back what it was handed while it sent its store again and lost the connection once more.
      if (client.disconnecting) return;
      if (client.connected) attempt(topic, payload, retain);
      else client.once('connect', () => attempt(topic, payload, retain));
    });
  };
  client.once('end', () => {
    if (inFlight > 0) failure = new Error('the client was closed');
    wakeAll();
  });
  const until = async (isDone: () => boolean): Promise<void> => {
    for (;;) {
      if (failure !== undefined) throw notPublished(failure);
      if (isDone()) return;
      await new Promise<void>((wake) => waiting.push(wake));
    }
  };
  return {
    send: async (topic, payload, retain = false) => {
      inFlight++;
      attempt(topic, typeof payload === 'string' ? payload : Buffer.from(payload), retain);
      await until(() => inFlight < inFlightMax);
    },
    unacknowledged: () => inFlight,
    idle: () => until(() => inFlight === 0),
  };
}

const notPublished = (error: Error): Fault =>
  new Fault('unavailable', 'not-published', `Messages were not acknowledged: ${error.message}.`);

/** A broker that messages of any line can be sent to. */
export interface Uplink {
  readonly send: (message: TimedMessage) => Promise<void>;
  /** Waits for the last PUBACKs, says goodbye, disconnects. */
  readonly close: () => Promise<void>;
  /** Disconnects at once; what is not acknowledged is given up. */
  readonly abort: () => void;
}

interface Line {
  readonly client: MqttClient;
  readonly publisher: Publisher;
}

/** One connection a gateway, each with its last will, as real ones have; one more for readers that speak for themselves. */
export function createUplink(url: string, onTrouble: (text: string) => void): Uplink {
  const lines = new Map<string, Promise<Line>>();
  const open: Line[] = [];
  const lineFor = (message: TimedMessage): Promise<Line> => {
    const status = message.kind === 'envelope' ? statusTopic(message.site, message.gateway) : '';
    let line = lines.get(status);
    if (line === undefined) lines.set(status, (line = connect(url, status, onTrouble, open)));
    return line;
  };
  return {
    send: async (message) => (await lineFor(message)).publisher.send(topicOf(message), payloadOf(message)),
    close: async () => {
      for (const [status, line] of lines) {
        const { client, publisher } = await line;
        if (status !== '') await publisher.send(status, OFFLINE, true);
        await publisher.idle();
        client.removeAllListeners('offline');
        await client.endAsync();
      }
    },
    abort: () => {
      for (const { client } of open) client.removeAllListeners('offline').end(true);
    },
  };
}

async function connect(url: string, status: string, onTrouble: (text: string) => void, open: Line[]): Promise<Line> {
  const will = { topic: status, payload: Buffer.from(OFFLINE), qos: 1 as const, retain: true };
  const options: IClientOptions = {
    reconnectPeriod: RECONNECT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(status === '' ? {} : { will }),
  };
  let client: MqttClient;
  try {
    client = await mqtt.connectAsync(url, options, false);
  } catch (error) {
    const why = messageOf(error) || String((error as NodeJS.ErrnoException).code);
    throw new Fault('unavailable', 'no-broker', `No MQTT broker answers at ${url} (${why}). Is the service running?`);
  }
  let told = '';
  const tellOnce = (text: string): void => {
    if (text !== told) onTrouble(text);
    told = text;
  };
  client.on('error', (error) => tellOnce(messageOf(error)));
  client.on('offline', () =>
    tellOnce(`The connection to ${url} is lost; trying again every ${RECONNECT_MS / 1000} s.`),
  );
  const announce = (): void => {
    told = '';
    if (status !== '') client.publish(status, ONLINE, { qos: 1, retain: true });
  };
  client.on('connect', announce);
  announce();
  const line = { client, publisher: createPublisher(client) };
  open.push(line);
  return line;
}
