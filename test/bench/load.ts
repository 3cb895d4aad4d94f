// The generator's process: eight gateways on raw MQTT connections, a window of envelopes unacknowledged on each, as fast as
// they are acknowledged or at a rate. Tells how many were, and how long each took. Traffic stays on loopback and ends.
import { connect, type Socket } from 'node:net';
import { sleep } from '../../src/kit/sleep.ts';
import {
  fill,
  GATEWAYS,
  DOORS,
  openCrossings,
  READS_PER_ENVELOPE,
  SITE,
  templatesOf,
  type Crossings,
  type Mix,
  type Template,
} from './traffic.ts';

export interface LoadOrder {
  readonly port: number;
  readonly seconds: number;
  readonly window: number;
  /** 0: as fast as it goes. */
  readonly readsPerSecond: number;
  /** For how many crossings at once the traffic is made. */
  readonly expectedReadsPerSecond: number;
  readonly run: number;
  /** 50 when left out. */
  readonly readsPerEnvelope?: number;
  /** Another site than the first one. */
  readonly site?: string;
  readonly mix?: Mix;
}

export interface LoadReport {
  readonly envelopes: number;
  readonly reads: number;
  /** Tags of pallets that went all their way. */
  readonly crossed: number;
  readonly seconds: number;
  readonly ackMs: { readonly p50: number; readonly p99: number };
}

/** Of each gateway: reads that differ. */
const TEMPLATE_READS = 3200;
const SPAN_MS = 200;

interface Gateway {
  readonly socket: Socket;
  readonly templates: readonly Template[];
  readonly prefixes: Buffer;
  readonly sentAt: number[];
  seq: number;
  acked: number;
  inFlight: number;
}

/** Ends it before its time. */
const ending = new AbortController();

process.on('disconnect', () => process.exit()); // never longer than who asked for it
process.on('message', (message) => {
  if ('end' in (message as object)) ending.abort();
  else void load(message as LoadOrder).then((report) => process.send!(report, () => process.disconnect()));
});

async function load(order: LoadOrder): Promise<LoadReport> {
  const { readsPerEnvelope = READS_PER_ENVELOPE } = order;
  const crossings = Array.from({ length: DOORS }, (_, door) =>
    openCrossings(door, order.expectedReadsPerSecond, Date.now(), order.mix),
  );
  const prefix = `E280CC${order.run.toString(16).toUpperCase().padStart(8, '0')}`;
  const latencies: number[] = [];
  const gateways = await Promise.all(Array.from({ length: GATEWAYS }, (_, index) => open(order, index, latencies)));
  const startedAt = performance.now();
  const endsAt = startedAt + order.seconds * 1000;
  let sent = 0;
  let turn = 0;
  const sendOne = (gateway: Gateway): void => {
    send(gateway, crossings, prefix);
    sent += readsPerEnvelope;
  };
  /** What is due by the clock: an envelope of each gateway in turn, so that every door is heard. */
  const pumpAll = (due: number): void => {
    for (const { socket } of gateways) socket.cork();
    let isDue = sent < due;
    for (let full = 0; isDue && full < gateways.length; isDue = sent < due) {
      const gateway = gateways[turn++ % gateways.length]!;
      const isFull = gateway.inFlight >= order.window;
      full = isFull ? full + 1 : 0;
      if (!isFull) sendOne(gateway);
    }
    for (const { socket } of gateways) socket.uncork();
  };
  const pump = (): void => {
    const now = performance.now();
    if (now >= endsAt || ending.signal.aborted) return;
    if (order.readsPerSecond > 0) return pumpAll(((now - startedAt) / 1000) * order.readsPerSecond);
    for (const gateway of gateways) {
      if (gateway.inFlight > order.window / 2) continue;
      gateway.socket.cork();
      while (gateway.inFlight < order.window) sendOne(gateway);
      gateway.socket.uncork();
    }
  };
  // Sending goes on with each acknowledgement, or by the clock when there is a rate: the generator never spins.
  for (const { socket } of gateways) socket.on('data', pump);
  const timer = setInterval(pump, 2);
  await sleep(order.seconds * 1000, ending.signal);
  clearInterval(timer);
  const until = performance.now() + 10_000;
  while (gateways.some(({ inFlight }) => inFlight > 0) && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 5));
  const seconds = (performance.now() - startedAt) / 1000;
  for (const { socket } of gateways) socket.end(Buffer.from([0xe0, 0]));
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => Number((latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(1));
  const envelopes = gateways.reduce((sum, { acked }) => sum + acked, 0);
  const crossed = crossings.reduce((sum, own) => sum + own.crossed, 0);
  return { envelopes, reads: envelopes * readsPerEnvelope, crossed, seconds, ackMs: { p50: at(0.5), p99: at(0.99) } };
}

function open(
  { port, run, site = SITE, readsPerEnvelope = READS_PER_ENVELOPE, mix }: LoadOrder,
  index: number,
  latencies: number[],
): Promise<Gateway> {
  const id = `gw-${index + 1}`;
  const topic = Buffer.from(`tallygate/v1/${site}/${id}/envelope`);
  const templates = templatesOf(index, `bench-${run}`, TEMPLATE_READS / readsPerEnvelope, readsPerEnvelope, mix);
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const gateway: Gateway = {
    socket,
    templates,
    prefixes: topic,
    sentAt: Array.from<number>({ length: 65_536 }),
    seq: 0,
    acked: 0,
    inFlight: 0,
  };
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => socket.write(connectPacket(`${site}-${id}`)));
    let isConnected = false;
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (data.length >= 4) {
        // CONNACK and PUBACK are four bytes each; nothing else is sent to us.
        if (!isConnected) {
          isConnected = true;
          resolve(gateway);
        } else if (data[0] === 0x40) {
          const packet = data.readUInt16BE(2);
          latencies.push(performance.now() - gateway.sentAt[packet]!);
          gateway.acked++;
          gateway.inFlight--;
        }
        data = data.subarray(4);
      }
      rest = Buffer.from(data);
    });
  });
}

function send(gateway: Gateway, crossings: readonly Crossings[], prefix: string): void {
  const seq = ++gateway.seq;
  const template = gateway.templates[seq % gateway.templates.length]!;
  const payload = fill(template, seq, Date.now(), SPAN_MS, crossings[template.door]!, prefix);
  const id = (seq % 65_535) + 1;
  const topic = gateway.prefixes;
  const remaining = 2 + topic.length + 2 + payload.length;
  const packet = Buffer.allocUnsafe(1 + 3 + remaining);
  packet[0] = 0x32; // PUBLISH, QoS 1
  let at = 1;
  for (let length = remaining; ;) {
    const digit = length % 128;
    length = Math.floor(length / 128);
    packet[at++] = length > 0 ? digit | 0x80 : digit;
    if (length === 0) break;
  }
  at = packet.writeUInt16BE(topic.length, at);
  at += topic.copy(packet, at);
  at = packet.writeUInt16BE(id, at);
  at += payload.copy(packet, at);
  gateway.sentAt[id] = performance.now();
  gateway.inFlight++;
  gateway.socket.write(packet.subarray(0, at));
}

function connectPacket(id: string): Buffer {
  const name = Buffer.from(id);
  const body = Buffer.concat([
    Buffer.from([0, 4]),
    Buffer.from('MQTT'),
    Buffer.from([4, 2, 0, 60, 0, name.length]),
    name,
  ]);
  return Buffer.concat([Buffer.from([0x10, body.length]), body]);
}
