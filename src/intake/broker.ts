// The embedded broker. A QoS 1 message is acknowledged when it has been committed, and not before: aedes waits for the
// callback of `authorizePublish` (decision D1), which is the only hook that holds back a PUBACK. QoS 2 is held the same way
// (its PUBREC waits); QoS 0 has nothing to hold back: such a message is as durable as its delivery was lucky.
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type Client, type PublishPacket } from 'aedes';
import { Subject, type Observable } from 'rxjs';
import type { Clock } from '../kit/clock.ts';
import { rejected } from '../kit/faults.ts';
import { asAddressFault } from '../kit/ports.ts';
import type { Logger } from '../kit/log.ts';
import { MESSAGE_BYTES_MAX } from '../wire/envelope.ts';
import { parseTopic } from '../wire/topics.ts';
import type { Connection, Delivery } from './delivery.ts';
import { guardFrames } from './frameGuard.ts';
import { openHold } from './hold.ts';

export interface BrokerOptions {
  readonly host: string;
  readonly port: number;
  /** Bytes held unacknowledged over all connections; beyond it nothing more is read until some are settled. */
  readonly heldBytesMax: number;
  readonly connectionsMax: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a gateway says of itself, or its last will. */
export interface StatusMessage {
  readonly site: string;
  readonly gateway: string;
  readonly payload: Buffer;
  readonly at: number;
}

export interface Broker {
  /** 0 for a broker that is not ours. */
  readonly port: number;
  /** From now on connections are served; until then they wait, with the port taken already. */
  readonly open: () => void;
  readonly deliveries$: Observable<Delivery>;
  readonly statuses$: Observable<StatusMessage>;
  /** A connection has ended: what is held of it need not be held any longer. */
  readonly closed$: Observable<void>;
  /**
   * QoS 1, not retained. True once the broker has it; false when it does not take it, or is not there: nothing is tried again.
   * With `isNewestOnly` older ones of the topic that still wait need not go out any more. `site` says whose session it goes out on where
   * the topic does not.
   */
  readonly publish: (
    topic: string,
    payload: string | Buffer,
    options?: { readonly isNewestOnly?: boolean; readonly site?: string },
  ) => Promise<boolean>;
  readonly figures: () => BrokerFigures;
  /** Stops accepting and ends every connection. */
  readonly close: () => Promise<void>;
}

export interface BrokerFigures {
  readonly connections: number;
  readonly heldDeliveries: number;
  readonly heldBytes: number;
  readonly refused: number;
}

/** What one socket read takes at most: aedes reads on when all of it is settled, so it bounds the rate of a connection. */
const SOCKET_CHUNK_BYTES = 1024 * 1024;
const CONNECT_TIMEOUT_MS = 5000;
const DRAIN_TIMEOUT_MS = 20_000;
/** Topic and header beside the largest message. */
const FRAME_OVERHEAD_BYTES = 65_536 + 16;
const FIRST_FRAME_BYTES_MAX = 65_536;
const TOPIC_LEVELS_MAX = 16;

/** Takes the port; nobody is served before `open`. Throws a fault `port-taken` when the port is not free. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { log, clock } = options;
  const deliveries$ = new Subject<Delivery>();
  const statuses$ = new Subject<StatusMessage>();
  const closed$ = new Subject<void>();
  const hold = openHold(options.heldBytesMax);
  let refused = 0;

  const aedes = await Aedes.createBroker({
    id: 'tallygate',
    connectTimeout: CONNECT_TIMEOUT_MS,
    drainTimeout: DRAIN_TIMEOUT_MS,
    maxTopicLevels: TOPIC_LEVELS_MAX,
    concurrency: 1000,
  });

  aedes.authorizePublish = (client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void) => {
    const { topic } = packet;
    if (topic.startsWith('$SYS/')) {
      done(new Error('$SYS/ is reserved'));
      return;
    }
    const meaning = parseTopic(topic);
    if (meaning.kind === 'receipt' || meaning.kind === 'alert' || meaning.kind === 'malformed') {
      refused++;
      log.warn(
        { client: client?.id, topic },
        'a client published where only the service may, or on no known topic; its connection is closed',
      );
      done(new Error('not authorized'));
      return;
    }
    const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
    if (payload.length > MESSAGE_BYTES_MAX) {
      refused++;
      done(new Error(`${payload.length} bytes are more than any message may have`));
      return;
    }
    const connection = connectionOf(client);
    const isWill = client !== null && (client as Client & { will?: unknown }).will === packet;
    if (isWill && hasComeBack(aedes, client)) {
      done(new Error('an older connection left this will'));
      return;
    }
    if (meaning.kind === 'status') {
      statuses$.next({ site: meaning.site, gateway: meaning.gateway, payload, at: clock() });
      // Its acknowledgement keeps its turn behind what this connection sent before [MQTT-4.6.0-2]; alone it is not held.
      if (isWill || packet.qos === 0) done(null);
      else hold.inTurn(connection, () => done(null));
      return;
    }
    // Live reads are accepted whatever their flag says, but never kept for later subscribers: they would be stale.
    packet.retain = false;
    const release = hold.take(connection, payload.length, () => done(null));
    deliveries$.next({ topic, payload, qos: packet.qos, receivedAt: clock(), connection, settle: release });
  };
  aedes.authorizeSubscribe = (_client, subscription, done) => done(null, subscription);
  aedes.on('clientError', (client, error) =>
    log.info({ client: client.id, reason: error.message }, 'MQTT client dropped'),
  );
  aedes.on('connectionError', (_client, error) =>
    log.info({ reason: error.message }, 'MQTT connection dropped before it was one'),
  );
  aedes.on('clientDisconnect', (client) => hold.forget(connectionOf(client)));

  const serve = (socket: Socket): void => {
    guardFrames(
      socket,
      { frameBytesMax: MESSAGE_BYTES_MAX + FRAME_OVERHEAD_BYTES, firstFrameBytesMax: FIRST_FRAME_BYTES_MAX },
      hold.gate,
      (reason) => {
        refused++;
        log.warn({ peer: socket.remoteAddress, reason }, 'MQTT connection closed: too large');
      },
    );
    aedes.handle(socket);
    socket.once('close', () => closed$.next());
  };
  let early: Socket[] | undefined = [];
  const server = createServer(
    { highWaterMark: SOCKET_CHUNK_BYTES, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 },
    (socket) => {
      if (early === undefined) serve(socket);
      else early.push(socket.on('error', () => {})); // who does not wait is gone when we open
    },
  );
  server.maxConnections = options.connectionsMax;
  server.on('drop', () => {
    refused++;
    log.warn({ connectionsMax: options.connectionsMax }, 'MQTT connection refused: there are too many');
  });
  const sockets = trackSockets(server);
  const port = await listen(server, options.host, options.port);

  return {
    port,
    open() {
      const waiting = early ?? [];
      early = undefined;
      for (const socket of waiting) if (!socket.destroyed) serve(socket);
    },
    deliveries$,
    statuses$,
    closed$,
    publish: (topic, payload) =>
      new Promise((resolve) => {
        aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, (error) => {
          if (error) log.warn({ topic, reason: error.message }, 'could not publish');
          resolve(!error);
        });
      }),
    figures: () => ({
      connections: aedes.connectedClients,
      heldDeliveries: hold.deliveries(),
      heldBytes: hold.bytes(),
      refused,
    }),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      await closed;
      deliveries$.complete();
      statuses$.complete();
      closed$.complete();
    },
  };
}

/** Aedes publishes a will when a connection is found dead, which may be after its client has come back. */
function hasComeBack(aedes: Aedes, client: Client): boolean {
  const present = (aedes as unknown as { clients: Record<string, unknown> }).clients[client.id];
  return present !== undefined && present !== client;
}

const connections = new WeakMap<Client, Connection>();
const NOBODY: Connection = { id: '', isClosed: () => false };

function connectionOf(client: Client | null): Connection {
  if (client === null) return NOBODY;
  let connection = connections.get(client);
  if (connection === undefined) {
    connection = { id: client.id, isClosed: () => client.closed };
    connections.set(client, connection);
  }
  return connection;
}

function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE' || error.code === 'EACCES'
          ? rejected('port-taken', `MQTT port ${port} on ${host} cannot be had (${error.code}).`)
          : asAddressFault(error, host),
      );
    });
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
