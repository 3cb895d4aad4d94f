// An MQTT 3.1.1 client that does exactly what a test says and nothing by itself: no pings, no acknowledgements of its own
// accord, no reconnects. So a test can see what the broker does, packet by packet and in which order.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import mqttPacket, { type IConnectPacket, type IPublishPacket, type Packet } from 'mqtt-packet';
import { closeAfterTest } from './cleanUp.ts';
import { eventually } from './wait.ts';

export interface PeerOptions {
  readonly clientId?: string;
  readonly keepaliveSeconds?: number;
  readonly will?: NonNullable<IConnectPacket['will']>;
  /** Stop reading, as a client that hangs; the broker's words stay in the socket. */
  readonly isDeaf?: boolean;
}

export interface PublishOptions {
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
  readonly dup?: boolean;
  /** The next one when left out. */
  readonly messageId?: number;
}

export interface Peer {
  readonly clientId: string;
  /** What the broker said, in order. */
  readonly heard: Packet[];
  /** Sends a PUBLISH; its message id. */
  readonly publish: (topic: string, payload: string | Buffer, options?: PublishOptions) => number;
  /** Message ids of the PUBACKs that came, in order of arrival. */
  readonly acknowledged: () => number[];
  readonly untilAcknowledged: (messageId: number) => Promise<void>;
  /** Subscribes, and waits until the broker says so. */
  readonly subscribe: (...topics: string[]) => Promise<void>;
  /** PUBLISH packets that came, acknowledged at once. */
  readonly messages: () => IPublishPacket[];
  readonly send: (packet: Packet) => void;
  /** Bytes as they are, whatever the protocol says of them. */
  readonly write: (bytes: Buffer) => void;
  /** DISCONNECT, politely: no last will is published. */
  readonly leave: () => Promise<void>;
  /** The line is dead: no goodbye. */
  readonly die: () => void;
  readonly isClosed: () => boolean;
}

let peers = 0;

/** Two bytes, from 1 on. */
const PACKET_ID_MAX = 65_535;

/** Connects and waits for the CONNACK. The connection ends after the test. */
export async function connectPeer(port: number, options: PeerOptions = {}): Promise<Peer> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  closeAfterTest(() => socket.destroy());
  let isClosed = false;
  socket.on('close', () => (isClosed = true));
  socket.on('error', () => {}); // told by isClosed
  await once(socket, 'connect');
  const clientId = options.clientId ?? `peer-${++peers}`;
  const heard = listen(socket);
  let lastId = 0;
  const nextId = (): number => (lastId = (lastId % PACKET_ID_MAX) + 1);
  const send = (packet: Packet): void => void (socket.writable && mqttPacket.writeToStream(packet, socket));
  const peer: Peer = {
    clientId,
    heard,
    publish(topic, payload, { qos = 1, retain = false, dup = false, messageId = nextId() } = {}) {
      send({ cmd: 'publish', topic, payload, qos, retain, dup, ...(qos === 0 ? {} : { messageId }) });
      return messageId;
    },
    acknowledged: () => heard.flatMap((packet) => (packet.cmd === 'puback' ? [packet.messageId!] : [])),
    async untilAcknowledged(messageId) {
      await eventually(`message ${messageId} of ${clientId} is acknowledged`, () =>
        peer.acknowledged().includes(messageId),
      );
    },
    async subscribe(...topics) {
      const messageId = nextId();
      send({ cmd: 'subscribe', messageId, subscriptions: topics.map((topic) => ({ topic, qos: 1 })) });
      await eventually('the subscription is granted', () =>
        heard.some((packet) => packet.cmd === 'suback' && packet.messageId === messageId),
      );
    },
    messages: () => heard.filter((packet) => packet.cmd === 'publish'),
    send,
    write: (bytes) => void socket.write(bytes),
    async leave() {
      send({ cmd: 'disconnect' });
      socket.end();
      if (!isClosed) await once(socket, 'close');
    },
    die: () => void socket.destroy(),
    isClosed: () => isClosed,
  };
  send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId,
    keepalive: options.keepaliveSeconds ?? 0,
    ...(options.will === undefined ? {} : { will: options.will }),
  });
  await eventually(`${clientId} is let in`, () => heard.some((packet) => packet.cmd === 'connack'));
  if (options.isDeaf === true) socket.pause();
  return peer;
}

/** Collects packets; what comes with QoS 1 is acknowledged, or the broker would send no more. */
function listen(socket: Socket): Packet[] {
  const heard: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on('packet', (packet) => {
    heard.push(packet);
    if (packet.cmd === 'publish' && packet.qos === 1)
      mqttPacket.writeToStream({ cmd: 'puback', messageId: packet.messageId! }, socket);
  });
  socket.on('data', (chunk) => parser.parse(chunk));
  return heard;
}
