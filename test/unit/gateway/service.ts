// The service as a gateway sees it: a real broker on a random loopback port, and behind it something that remembers what it
// was sent as the journal does (what came, in which bytes, what was declared lost) and answers with receipts. Every vice of a
// real one can be asked for: silent, deaf, slow to acknowledge, gone.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { vi } from 'vitest';
import { decodeEnvelope, type EnvelopeMessage } from '../../../src/wire/envelope.ts';
import { parseTopic, receiptTopic } from '../../../src/wire/topics.ts';
import { afterTest } from './support.ts';

export interface Service {
  readonly port: number;
  readonly url: string;
  /** By epoch and seq, the bytes that came first. */
  readonly envelopes: Map<string, string>;
  /** `epoch/seq` of every delivery, in order of arrival, doubles too. */
  readonly deliveries: string[];
  /** Same key, other bytes: must never happen. */
  readonly conflicts: string[];
  /** Numbers that were declared lost, by epoch. */
  readonly gaps: Map<string, number[]>;
  readonly statuses: string[];
  /** Sends no receipts; what comes is remembered all the same. */
  isSilent: boolean;
  /** Another broker with nobody behind it: acknowledges and forgets. */
  isDeaf: boolean;
  /** Acknowledges nothing, as a service whose database is away. */
  isHolding: boolean;
  /** Lets nobody in, or nobody have receipts. */
  refuses: 'connection' | 'subscription' | undefined;
  /** Whether an envelope is lost behind the broker, though it was acknowledged. */
  losesEnvelope: (text: string) => boolean;
  /** Whether this receipt (they are counted from 1) is lost on its way. */
  losesReceipt: (count: number) => boolean;
  readonly receipt: (receipt: object) => void;
  readonly through: (epoch: string) => number;
  /** Numbers of the measures (`draftOf`, `measuresOf`) that came, in order of arrival. */
  readonly values: () => number[];
  readonly clients: () => number;
  /** Ends every connection and stops listening. */
  readonly goAway: () => Promise<void>;
  readonly comeBack: () => Promise<void>;
}

export const SITE = 'DC1';
export const GATEWAY = 'gw-1';

export async function openService(): Promise<Service> {
  const received = new Map<string, Set<number>>();
  const throughOf = new Map<string, number>();
  const held: (() => void)[] = [];
  let broker: Awaited<ReturnType<typeof startBroker>>;
  let receipts = 0;

  const advance = (epoch: string): number => {
    const seqs = received.get(epoch) ?? new Set();
    let through = throughOf.get(epoch) ?? 0;
    while (seqs.has(through + 1)) through++;
    throughOf.set(epoch, through);
    return through;
  };
  const take = (payload: Buffer): void => {
    const text = payload.toString('utf8');
    const { epoch, seq, oldest } = decodeEnvelope(payload, () => true);
    service.deliveries.push(`${epoch}/${seq}`);
    const known = service.envelopes.get(`${epoch}/${seq}`);
    if (known !== undefined && known !== text) service.conflicts.push(`${epoch}/${seq}`);
    service.envelopes.set(`${epoch}/${seq}`, known ?? text);
    const seqs = received.get(epoch) ?? new Set();
    received.set(epoch, seqs.add(seq));
    for (let lost = (throughOf.get(epoch) ?? 0) + 1; lost < (oldest ?? 0); lost++) {
      if (seqs.has(lost)) continue;
      service.gaps.set(epoch, [...(service.gaps.get(epoch) ?? []), lost]);
      seqs.add(lost);
    }
    const through = advance(epoch);
    if (service.isSilent || service.losesReceipt(++receipts)) return;
    setImmediate(() => service.receipt({ epoch, seq: through }));
  };
  const service: Service & { port: number } = {
    port: 0,
    get url() {
      return `mqtt://127.0.0.1:${service.port}`;
    },
    envelopes: new Map(),
    deliveries: [],
    conflicts: [],
    gaps: new Map(),
    statuses: [],
    isSilent: false,
    isDeaf: false,
    isHolding: false,
    refuses: undefined,
    losesEnvelope: () => false,
    losesReceipt: () => false,
    receipt: (receipt) => broker.publish(receiptTopic(SITE, GATEWAY), JSON.stringify(receipt)),
    through: (epoch) => throughOf.get(epoch) ?? 0,
    values: () =>
      [...service.envelopes.values()].flatMap((text) =>
        ((JSON.parse(text) as EnvelopeMessage).measures ?? []).map(({ value }) => value),
      ),
    clients: () => broker.clients(),
    goAway: () => broker.close(),
    comeBack: async () => {
      broker = await startBroker(service, held, take);
    },
  };
  await service.comeBack();
  afterTest(() => broker.close());
  return service;
}

async function startBroker(service: Service & { port: number }, held: (() => void)[], take: (payload: Buffer) => void) {
  const aedes = await Aedes.createBroker({
    authenticate: (_client, _username, _password, done) => {
      const refusal = Object.assign(new Error('not authorized'), { returnCode: 5 as const });
      if (service.refuses === 'connection') done(refusal, false);
      else done(null, true);
    },
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, service.refuses === 'subscription' ? null : subscription),
    authorizePublish: (_client, packet, done) => {
      const topic = parseTopic(packet.topic);
      if (topic.kind === 'status') service.statuses.push(packet.payload.toString());
      if (topic.kind !== 'envelope') return done(null);
      if (service.isHolding) return void held.push(() => done(null));
      if (!service.isDeaf && !service.losesEnvelope(packet.payload.toString())) take(packet.payload as Buffer);
      done(null);
    },
  });
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    aedes.handle(socket);
  });
  server.listen(service.port, '127.0.0.1');
  await once(server, 'listening');
  service.port = (server.address() as AddressInfo).port;
  return {
    publish: (topic: string, payload: string): void =>
      aedes.publish({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }, () => undefined),
    clients: () => aedes.connectedClients,
    async close(): Promise<void> {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      await closed;
    },
  };
}

/** Waits for a condition, looking every few ms. */
export const until = (isTrue: () => unknown, timeoutMs = 5000): Promise<void> =>
  vi.waitFor(
    () => {
      if (!isTrue()) throw new Error(`this did not become true: ${isTrue.toString()}`);
    },
    { interval: 3, timeout: timeoutMs },
  );
