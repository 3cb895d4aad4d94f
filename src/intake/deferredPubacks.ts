// The PUBACK of each message when we say so, many of them outstanding, on a client of MQTT.js, which knows only one after the other.
import type { IPublishPacket, MqttClient } from 'mqtt';
import type { Gate } from './frameGuard.ts';

/** A message of the broker. QoS 2 is never subscribed to, so it is never delivered. */
export interface Incoming {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  /** Kept by the broker from before we subscribed: not live. */
  readonly retain: boolean;
  /** Sends the PUBACK; to be called in the order of arrival [MQTT-4.6.0-2]. Nothing when the connection has ended. */
  readonly acknowledge: () => void;
}

export interface DeferOptions {
  /** While it is closed nothing more is read. */
  readonly gate: Gate;
  /** Messages taken and not acknowledged; beyond it nothing is read. */
  readonly inFlightMax: number;
  readonly keepaliveSeconds: number;
  readonly isClosed: () => boolean;
  readonly closed: Promise<unknown>;
}

export interface DeferredPubacks {
  /** Hands on no further message, and acknowledges none of those: they stay with the broker. */
  readonly stop: () => void;
}

/**
 * MQTT.js acknowledges when the callback of `handleMessage` is called without an error, one message after the other. With an
 * error it goes on to the next one and acknowledges nothing; the PUBACK is sent by `_sendPacket`, which is private:
 * test/unit/intake/brokerLink.test.ts is the contract that a new release must pass.
 */
export function deferPubacks(
  client: MqttClient,
  options: DeferOptions,
  onMessage: (message: Incoming) => void,
): DeferredPubacks {
  const { gate, inFlightMax, keepaliveSeconds, isClosed } = options;
  const deferred = new Error('acknowledged later');
  let inFlight = 0;
  let resume: (() => void) | undefined;
  let isStopped = false;
  let stayingAlive: NodeJS.Timeout | undefined;
  let isAtGate = false;
  let aliveAt = performance.now();
  const aliveMs = (keepaliveSeconds * 1000) / 3;

  const isFull = (): boolean => inFlight >= inFlightMax || gate.isClosed();
  const waitAtGate = (): void => {
    if (isAtGate) return;
    isAtGate = true;
    gate.whenOpen(() => {
      isAtGate = false;
      goOn();
    });
  };
  const goOn = (): void => {
    if (resume === undefined) return;
    if (gate.isClosed()) waitAtGate();
    if (isFull()) return;
    const next = resume;
    resume = undefined;
    clearInterval(stayingAlive);
    next();
  };
  /**
   * Answers to pings lie behind what is not read yet: megabytes of messages, or all of it while we hold. We go on pinging, so
   * that the broker does not give us up, and take the messages for an answer.
   */
  const stayAlive = (): void => {
    aliveAt = performance.now();
    client.sendPing();
    client.reschedulePing(true);
  };
  const hold = (then: () => void): void => {
    resume = then;
    stayingAlive = setInterval(stayAlive, aliveMs);
    if (gate.isClosed()) waitAtGate();
  };
  void options.closed.then(() => clearInterval(stayingAlive));

  const acknowledger = (messageId: number): (() => void) => {
    let isDue = true;
    return () => {
      if (!isDue) return;
      isDue = false;
      inFlight--;
      // Offline, MQTT.js would keep it and send it on the next connection, where that number means another message.
      if (!isClosed() && client.connected) sendPacketOf(client)({ cmd: 'puback', messageId, reasonCode: 0 });
      goOn();
    };
  };
  client.handleMessage = (packet: IPublishPacket, done: (error?: Error) => void) => {
    if (isStopped || isClosed()) {
      done(deferred); // not taken, and it comes again; but answers to what we sent may lie behind it
      return;
    }
    if (performance.now() - aliveAt > aliveMs) stayAlive();
    const { topic, qos, retain } = packet;
    const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
    if (qos === 1) inFlight++;
    const acknowledge = qos === 1 ? acknowledger(packet.messageId!) : () => {};
    onMessage({ topic, payload, qos: qos === 1 ? 1 : 0, retain, acknowledge });
    if (isFull()) hold(() => done(deferred));
    else done(deferred);
  };
  return {
    stop() {
      isStopped = true;
      clearInterval(stayingAlive);
      resume?.();
      resume = undefined;
    },
  };
}

type SendPacket = (packet: { readonly cmd: 'puback'; readonly messageId: number; readonly reasonCode: number }) => void;

const sendPacketOf = (client: MqttClient): SendPacket => {
  const name = '_sendPacket';
  return (packet) => (client as unknown as Record<typeof name, SendPacket>)[name](packet);
};
