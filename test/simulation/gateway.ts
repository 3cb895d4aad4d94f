// A gateway: an outbox in memory that it loses now and then, the real window of what is on its way, and a network that has no
// manners. What the service acknowledges is held against what Postgres has at that moment.
import { receiptFor } from '../../gateway/receipt.ts';
import { createWindow, type SendWindow } from '../../gateway/window.ts';
import type { Random } from '../../simulators/random.ts';
import type { Clock } from '../../src/kit/clock.ts';
import { createLog } from '../../src/kit/log.ts';
import { formatTime } from '../../src/wire/time.ts';
import { envelopeTopic } from '../../src/wire/topics.ts';
import type { Peer, Service } from './service.ts';
import { SITE } from './store.ts';
import type { Said } from './traffic.ts';
import type { Owner, VirtualTime } from './time.ts';

/** How messages fare on their way, either way. */
export interface Network {
  lostShare: number;
  twiceShare: number;
  /** Each message takes as long as it likes; else they keep their order, as on one TCP connection. */
  isShuffled: boolean;
  latencyMs: number;
}

/** An envelope as it was made, whatever became of it. */
export interface Made {
  readonly gateway: string;
  readonly epoch: string;
  readonly seq: number;
  readonly bytes: Buffer;
  isAcknowledged: boolean;
}

/** Other bytes under a number that was used, or bytes that are no envelope. */
export type Bad = 'forged' | 'garbage';

export interface Gateway {
  readonly name: string;
  readonly made: readonly Made[];
  /** Everything has been said, and has a receipt. */
  readonly isDone: () => boolean;
  /** The connection breaks; the service may notice later. */
  readonly cut: () => void;
  /** The outbox is gone, with what was in it: a new epoch. */
  readonly lose: () => void;
  /** False when that cannot be now. */
  readonly send: (what: Bad) => boolean;
}

export interface GatewayOptions {
  readonly name: string;
  readonly said: readonly Said[];
  readonly time: VirtualTime;
  readonly clock: Clock;
  readonly chance: Random;
  readonly network: Network;
  readonly services: () => readonly Service[];
  readonly onAcknowledged: (made: Made, by: string) => void;
  /** A PUBACK for what belongs into quarantine. */
  readonly onBadAcknowledged: (what: Bad) => void;
}

const LOOK_MS = 1000;
const SILENT_MS = 15_000;
const LIMITS = { envelopesMax: 16, bytesMax: 1024 ** 2, resendAfterMs: 5000, resendAfterMostMs: 20_000 };
const log = createLog({ style: 'silent' });

interface Link {
  readonly service: Service;
  readonly peer: Peer;
  /** What was sent under which packet number. */
  readonly packets: Map<number, Made | Bad>;
  isUp: boolean;
}

export function openGateway(options: GatewayOptions): Gateway {
  const { name, said, time, clock, chance, network, services, onAcknowledged, onBadAcknowledged } = options;
  const topic = envelopeTopic(SITE, name);
  const made: Made[] = [];
  let epochs = 1;
  let outbox: Made[] = [];
  let released = 0;
  let nextSeq = 1;
  let windowedTo = 0;
  let window: SendWindow = createWindow(LIMITS);
  let link: Link | undefined;
  let links = 0;
  let packets = 0;
  let heardAt = 0;
  let toSay = said.length;
  const arrivals = new Map<Owner | 'world', number>();

  const epoch = (): string => `${name}-${epochs}`;

  const append = (body: string): void => {
    const seq = nextSeq++;
    const head = `{"v":1,"epoch":"${epoch()}","seq":${seq},"oldest":${released + 1},"sentAt":"${formatTime(clock())}"`;
    const one = { gateway: name, epoch: epoch(), seq, bytes: Buffer.from(`${head},${body}}`), isAcknowledged: false };
    made.push(one);
    outbox.push(one);
    toSay--;
    pump();
  };

  /** Brings something to whoever it is for, unless the network has other ideas. */
  const carry = (to: Owner | 'world', arrive: () => void): void => {
    if (chance.chance(network.lostShare)) return;
    let at = time.now() + chance.between(0.2, network.latencyMs);
    if (!network.isShuffled) at = Math.max(at, arrivals.get(to) ?? 0);
    arrivals.set(to, at);
    time.after(at - time.now(), arrive, to);
    if (chance.chance(network.twiceShare)) time.after(at - time.now() + chance.between(0, 3000), arrive, to);
  };

  const publish = (one: Made | Bad, bytes: Buffer): void => {
    const { service, peer, packets: sent } = link!;
    const packet = ++packets;
    sent.set(packet, one);
    carry(service, () => {
      if (!peer.isClosed()) service.take(peer, packet, topic, bytes);
    });
  };

  const pump = (): void => {
    if (link?.isUp !== true) return;
    for (const one of outbox) {
      if (one.seq <= windowedTo) continue;
      if (!window.hasRoom()) break;
      window.add(one, time.now());
      windowedTo = one.seq;
    }
    for (let due = window.next(); due !== undefined; due = window.next()) {
      const { seq } = due;
      const one = outbox.find((each) => each.seq === seq)!;
      publish(one, one.bytes);
      window.published(due.seq);
    }
  };

  const connect = (): void => {
    const open = services().filter(({ isOpen, isDead }) => isOpen && !isDead);
    if (link !== undefined || open.length === 0) return;
    const service = chance.choice(open);
    let isClosed = false;
    const own: Link = {
      service,
      packets: new Map(),
      isUp: false,
      peer: {
        id: `${name} ${++links}`,
        gateway: name,
        isClosed: () => isClosed,
        puback: (packet) => carry('world', () => takePuback(own, packet)),
        message: (_topic, payload) => carry('world', () => takeReceipt(own, payload)),
        ended: () => {
          isClosed = true;
          time.after(chance.between(0, 2000), () => drop(own), 'world');
        },
      },
    };
    link = own;
    heardAt = time.now();
    const accepted = (): void => {
      service.peers.add(own.peer);
      time.after(chance.between(0.2, network.latencyMs), connected, 'world');
    };
    const connected = (): void => {
      if (link !== own) return;
      own.isUp = true;
      window.reconnected(time.now());
      pump();
    };
    time.after(chance.between(0.2, network.latencyMs), accepted, service);
  };

  const drop = (own: Link | undefined): void => {
    if (own === undefined || link !== own) return;
    link = undefined;
    const noticed = (): void => {
      own.peer.ended();
      own.service.closed(own.peer);
    };
    time.after(chance.between(0, 3000), noticed, own.service);
  };

  const takePuback = (own: Link, packet: number): void => {
    if (link !== own) return;
    heardAt = time.now();
    const one = own.packets.get(packet);
    if (one === undefined) return;
    if (typeof one === 'string') {
      onBadAcknowledged(one);
      return;
    }
    acknowledged(one, 'a PUBACK');
    if (one.epoch === epoch()) window.puback(one.seq);
    pump();
  };

  const takeReceipt = (own: Link, payload: string): void => {
    if (link !== own) return;
    heardAt = time.now();
    const receipt = receiptFor(epoch(), Buffer.from(payload), log);
    if (receipt === undefined) return;
    const { through } = window.receipt(receipt.seq, time.now());
    for (const one of outbox) if (one.seq <= through) acknowledged(one, `a receipt through ${receipt.seq}`);
    released = Math.max(released, through);
    outbox = outbox.filter(({ seq }) => seq > released);
    pump();
  };

  const acknowledged = (one: Made, by: string): void => {
    one.isAcknowledged = true;
    onAcknowledged(one, by);
  };

  const look = (): void => {
    time.after(LOOK_MS, look, 'world');
    if (link === undefined) connect();
    else if (window.size() > 0 || !link.isUp) {
      if (time.now() - heardAt > SILENT_MS) drop(link);
      else if ((window.resendAt() ?? Number.POSITIVE_INFINITY) <= time.now() && window.resend(time.now())) pump();
    }
  };

  for (const { at, body } of said) time.after(at, () => append(body), 'world');
  look();
  return {
    name,
    made,
    isDone: () => toSay === 0 && outbox.length === 0,
    cut: () => drop(link),
    lose() {
      drop(link);
      epochs++;
      outbox = [];
      [released, nextSeq, windowedTo] = [0, 1, 0];
      window = createWindow(LIMITS);
    },
    send(what) {
      if (link?.isUp !== true) return false;
      const known = made.find(({ isAcknowledged }) => isAcknowledged);
      if (what === 'forged' && known === undefined) return false;
      const forged = (): Buffer =>
        Buffer.from(JSON.stringify({ v: 1, epoch: known!.epoch, seq: known!.seq, oldest: 1, reads: [] }));
      publish(what, what === 'forged' ? forged() : Buffer.from(`no envelope at ${time.now()}`));
      return true;
    },
  };
}
