// One MQTT connection, from CONNECT to its end; never a second one: whoever wants to go on opens a new one. So nothing that MQTT.js
// keeps for itself (its store, its queue) outlives a connection or is ever replayed.
import mqtt, { type IClientOptions, type IConnackPacket, type MqttClient } from 'mqtt';
import { publicUrl } from './brokerAddress.ts';
import { Fault, messageOf } from './faults.ts';

/** Where, as whom, and for how long. */
export interface MqttAddress {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
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

export interface MqttConnection {
  readonly client: MqttClient;
  /** The URL, to be told. */
  readonly where: string;
  /** Resolves, with a reason for people, when it is over. */
  readonly closed: Promise<string>;
  readonly isClosed: () => boolean;
  /** The code of the error that it ended with, of MQTT or of Node; undefined without one. */
  readonly code: () => number | string | undefined;
  /** Says DISCONNECT, or, `atOnce`, says nothing more. A peer that is gone is not waited for. */
  readonly end: (atOnce: boolean) => void;
}

const GOODBYE_WITHIN_MS = 1000;
const SESSION_TAKEN_OVER = 0x8e;
export const CLOSED_BY_BROKER = 'the broker closed the connection';

/** Begins to connect; `own` is what the caller wants beyond the address. Throws `rejected` for options that cannot be used. */
export function connectOnce(address: MqttAddress, own: IClientOptions & { keepalive: number }): MqttConnection {
  const { url, clientId, username, password, ca, cert, key, keepaliveSeconds, connectTimeoutMs } = address;
  try {
    return connectionOf(
      mqtt.connect(url, {
        clientId,
        username,
        password,
        ...(ca && { ca }),
        ...(cert && { cert }),
        ...(key && { key }),
        reconnectPeriod: 0,
        resubscribe: false,
        queueQoSZero: false,
        ...own,
        keepalive: keepaliveSeconds ?? own.keepalive,
        ...(connectTimeoutMs !== undefined && { connectTimeout: connectTimeoutMs }),
      }),
      publicUrl(url),
    );
  } catch (error) {
    throw new Fault('rejected', 'refused', `No connection can be made as it is configured: ${reasonOf(error)}.`);
  }
}

/** CONNACK 1 of MQTT 3.1.1, 0x84 of MQTT 5: another version of the protocol is spoken here. */
const VERSION_REFUSED = new Set<unknown>([1, 0x84]);
/** CONNACK 3 of MQTT 3.1.1; of MQTT 5 unavailable, busy, quota, other server, rate: it passes. */
const PASSING = new Set<unknown>([3, 0x88, 0x89, 0x97, 0x9c, 0x9d, 0x9f]);
/** Of TLS: somebody must put certificates right. */
const TLS_REFUSED =
  /^(?:CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|ERR_TLS_CERT_ALTNAME_INVALID|ERR_OSSL|ERR_SSL_(?!WRONG_VERSION))/;

/**
 * The CONNACK that lets us in. Throws `unavailable` (`no-broker`, or `closed` without a word) when it may heal by itself,
 * `rejected` when a person must act: the broker does not want us (`refused`), or not in this version of MQTT (`version-refused`),
 * or certificates are not good (`tls-refused`).
 */
export async function connected({ client, where, closed, code: codeOf }: MqttConnection): Promise<IConnackPacket> {
  const answer = await Promise.race([
    new Promise<IConnackPacket>((resolve) => client.once('connect', (connack) => resolve(connack))),
    closed,
  ]);
  if (typeof answer !== 'string') return answer;
  const code = codeOf();
  if (VERSION_REFUSED.has(code)) throw new Fault('rejected', 'version-refused', `${where}: ${answer}`);
  if (typeof code === 'number' && !PASSING.has(code)) throw new Fault('rejected', 'refused', `${where}: ${answer}`);
  if (typeof code === 'string' && TLS_REFUSED.test(code))
    throw new Fault('rejected', 'tls-refused', `${where}: ${answer} (${code})`);
  throw new Fault('unavailable', code === undefined ? 'closed' : 'no-broker', `${where}: ${answer}`);
}

function connectionOf(client: MqttClient, where: string): MqttConnection {
  let isClosed = false;
  let reason = CLOSED_BY_BROKER;
  let code: number | string | undefined;
  let giveUp: NodeJS.Timeout | undefined;
  client.on('error', (error) => {
    code = (error as { code?: number | string }).code;
    reason = reasonOf(error);
    // A broker that speaks nonsense is not talked to any longer.
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
    client,
    where,
    closed,
    isClosed: () => isClosed,
    code: () => code,
    end(atOnce) {
      if (isClosed || giveUp !== undefined) return;
      giveUp = setTimeout(() => client.stream.destroy(), GOODBYE_WITHIN_MS);
      client.end(atOnce);
    },
  };
}

/** Of what Node throws for a name with several addresses only the code is worth anything. */
export const reasonOf = (error: unknown): string => messageOf(error) || String((error as NodeJS.ErrnoException).code);
