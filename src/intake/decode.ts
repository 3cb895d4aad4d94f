// Bytes of a delivery to what the journal keeps of it: entries, or a place in quarantine with the reason. Nothing here
// throws: a bad message is an outcome like any other, and is acknowledged like any other (promise P8).
import { randomInt } from 'node:crypto';
import type { SitePlan } from '../config/plan.ts';
import type { Clock } from '../kit/clock.ts';
import { Fault, messageOf } from '../kit/faults.ts';
import { digest64, sha256Hex } from '../kit/ids.ts';
import { decodeEnvelope, ENVELOPE_BYTES_MAX, EnvelopeFault } from '../wire/envelope.ts';
import { EntriesBuilder, entryCount } from '../wire/entries.ts';
import type { DecodedMessage, DeviceReply, Format, RejectedEntry } from '../wire/formats/format.ts';
import { formatOf } from '../wire/formats/formats.ts';
import { parseTopic, topicMatches } from '../wire/topics.ts';
import type { Delivery } from './delivery.ts';
import type { Entry, LostReads, QuarantineEntry } from './journal.ts';

/** A delivery and what is to be kept of it. */
export interface Arrival {
  readonly delivery: Delivery | undefined;
  readonly entry: Entry | undefined;
  readonly quarantine: readonly QuarantineEntry[];
  readonly lost: readonly LostReads[];
  readonly unknownFields: number;
  /** What to tell the sender in its receipt. */
  readonly rejected: readonly { readonly code: string; readonly message: string }[];
  /** What a device is to be told at once. */
  readonly replies?: readonly (DeviceReply & { readonly site: string })[];
}

/** Which device speaks on a topic. */
interface DeviceRoute {
  readonly site: string;
  readonly device: string;
  readonly filter: string;
  readonly format: Format;
}

/** What decoding knows of the sites; replaced as a whole when a site file is loaded. */
export interface Routes {
  readonly plans: ReadonlyMap<string, SitePlan>;
  readonly exact: ReadonlyMap<string, DeviceRoute>;
  readonly patterns: readonly DeviceRoute[];
}

export function routesOf(plans: readonly SitePlan[]): Routes {
  const exact = new Map<string, DeviceRoute>();
  const patterns: DeviceRoute[] = [];
  for (const plan of plans) {
    for (const device of plan.devices) {
      const route = {
        site: plan.site,
        device: device.id,
        filter: device.topic,
        format: formatOf(device.format, device.mapping),
      };
      if (/[+#]/.test(device.topic)) patterns.push(route);
      else exact.set(device.topic, route);
    }
  }
  return { plans: new Map(plans.map((plan) => [plan.site, plan])), exact, patterns };
}

/** Bytes of what is quarantined whole; of larger messages the head, the hash and the length are kept. */
const QUARANTINED_HEAD_BYTES = 4096;

const NUMBERS_A_MS = 1_000_000;

/**
 * Numbers deliveries that do not identify themselves, so that only our own retry finds its double: what a broker delivers again
 * is another delivery, whichever process it comes to. Unique over restarts by the clock; over processes, whose clocks differ, and
 * over replays beside them by where in a millisecond each begins.
 */
export function openDeliveryNumbers(clock: Clock): () => bigint {
  const beginning = BigInt(randomInt(NUMBERS_A_MS));
  let last = 0n;
  return () => {
    const now = BigInt(Math.floor(clock())) * BigInt(NUMBERS_A_MS) + beginning;
    last = now > last ? now : last + 1n;
    return last;
  };
}

export function decodeDelivery(delivery: Delivery, routes: Routes, nextNumber: () => bigint): Arrival {
  const topic = parseTopic(delivery.topic);
  if (topic.kind === 'envelope') return decodeGateway(delivery, topic.site, topic.gateway, routes);
  const route =
    routes.exact.get(delivery.topic) ?? routes.patterns.find(({ filter }) => topicMatches(filter, delivery.topic));
  if (route !== undefined) return decodeDevice(delivery, route, routes, nextNumber);
  return refused(delivery, undefined, undefined, {
    code: 'unknown-topic',
    reason: `No device of any site file publishes on ${JSON.stringify(delivery.topic.slice(0, 200))}: add it under devices, then replay this message.`,
  });
}

interface Reason {
  readonly code: string;
  readonly reason: string;
  readonly epoch?: string | undefined;
  readonly seq?: number | undefined;
}

function decodeGateway(delivery: Delivery, site: string, gateway: string, routes: Routes): Arrival {
  const plan = routes.plans.get(site);
  if (plan === undefined) {
    return refused(delivery, undefined, gateway, {
      code: 'unknown-site',
      reason: `There is no site ${site}: load its file, then replay this envelope.`,
    });
  }
  try {
    const envelope = decodeEnvelope(delivery.payload, plan.isKnownDevice);
    return {
      delivery,
      entry: {
        ...identityOf(delivery, site, gateway, envelope.epoch, envelope.seq),
        kind: 'entries',
        oldest: envelope.oldest,
        entries: envelope.entries,
        sentAt: envelope.sentAt,
      },
      quarantine: envelope.rejects.map((reject) =>
        setAside(delivery, site, gateway, reject, envelope.epoch, envelope.seq),
      ),
      lost: [],
      unknownFields: envelope.unknownFields,
      rejected: envelope.rejects.slice(0, REJECTS_TOLD_MAX).map(({ code, reason }) => ({ code, message: reason })),
    };
  } catch (error) {
    const fault = error instanceof EnvelopeFault ? error : undefined;
    const code = error instanceof Fault ? error.code : 'defect';
    return refused(delivery, site, gateway, { code, reason: messageOf(error), epoch: fault?.epoch, seq: fault?.seq });
  }
}

/** Most rejected entries named in a receipt; all are in quarantine. */
const REJECTS_TOLD_MAX = 10;

function identityOf(delivery: Delivery, site: string, gateway: string, epoch: string, seq: number) {
  const digest = digest64(delivery.payload);
  return { site, gateway, epoch, seq: BigInt(seq), digest, counts: true, receivedAt: delivery.receivedAt };
}

function decodeDevice(delivery: Delivery, route: DeviceRoute, routes: Routes, nextNumber: () => bigint): Arrival {
  const { site, device } = route;
  let message: DecodedMessage;
  try {
    message = route.format.decode(delivery.payload, {
      id: device,
      receivedAt: delivery.receivedAt,
      topic: delivery.topic,
    });
  } catch (error) {
    return refused(delivery, site, device, {
      code: error instanceof Fault ? error.code : 'defect',
      reason: messageOf(error),
    });
  }
  const { entries, rejects } = sortOut(message, routes.plans.get(site)!);
  const hash = message.selfIdentified ? hashIdentity(delivery.payload) : { seq: nextNumber(), digest: 0n };
  const isEmpty = entryCount(entries) === 0;
  return {
    delivery,
    entry: isEmpty
      ? undefined
      : {
          site,
          gateway: device,
          epoch: message.selfIdentified ? '' : 'deliveries',
          ...hash,
          counts: false,
          receivedAt: delivery.receivedAt,
          kind: 'entries',
          entries,
          sentAt: undefined,
        },
    quarantine: rejects.map((reject) => setAside(delivery, site, device, reject)),
    lost: message.gaps.map(({ from, to, lost }) => ({ site, gateway: device, from, to, lost })),
    unknownFields: 0,
    rejected: [],
    replies: (message.replies ?? []).map((reply) => ({ ...reply, site })),
  };
}

/**
 * Readers and scanners that a mapping takes from the payload may be unknown to the site: what they say is set aside, and
 * with it the whole message, which is what a replay can decode; what the others say is taken.
 */
function sortOut(message: DecodedMessage, { isKnownDevice }: SitePlan): Pick<DecodedMessage, 'entries' | 'rejects'> {
  const { reads, scans, triggers, measures } = message.entries;
  const names = new Set([
    ...reads.sources.map(({ reader }) => reader),
    ...triggers.map(({ reader }) => reader),
    ...[...scans, ...measures].map(({ device }) => device),
  ]);
  const unknown = [...names].filter((name) => !isKnownDevice(name));
  if (unknown.length === 0) return message;
  const known = new EntriesBuilder(reads.length);
  for (let index = 0; index < reads.length; index++) {
    const { reader, antenna } = reads.sources[reads.source[index]!]!;
    if (!isKnownDevice(reader)) continue;
    known.read(reader, antenna, reads.epc[index]!, reads.rssiDbm[index], reads.seenAt[index]!, reads.count?.[index]);
  }
  for (const scan of scans) if (isKnownDevice(scan.device)) known.scan(scan);
  for (const trigger of triggers) if (isKnownDevice(trigger.reader)) known.trigger(trigger);
  for (const measure of measures) if (isKnownDevice(measure.device)) known.measure(measure);
  return {
    entries: known.build(),
    rejects: [
      ...message.rejects,
      ...unknown.map((name) => ({
        code: 'unknown-reader',
        reason: `${JSON.stringify(name)} is not in the site file; add it there, then replay this message.`,
        content: '',
      })),
    ],
  };
}

/** The first 63 bits of a hash as a sequence number, the next 64 as the digest: equal bytes are the same message. */
function hashIdentity(payload: Uint8Array): { seq: bigint; digest: bigint } {
  const hash = BigInt(`0x${sha256Hex(payload).slice(0, 32)}`);
  return { seq: hash >> 65n, digest: BigInt.asIntN(64, hash) };
}

function refused(delivery: Delivery, site: string | undefined, gateway: string | undefined, why: Reason): Arrival {
  const { payload, receivedAt, topic } = delivery;
  const isWhole = payload.length <= ENVELOPE_BYTES_MAX;
  const counts = site !== undefined && gateway !== undefined && why.epoch !== undefined && why.seq !== undefined;
  return {
    delivery,
    entry: counts ? { ...identityOf(delivery, site, gateway, why.epoch, why.seq), kind: 'quarantined' } : undefined,
    quarantine: [
      {
        site,
        receivedAt,
        topic,
        gateway,
        epoch: why.epoch,
        seq: why.seq,
        code: why.code,
        reason: why.reason,
        content: isWhole ? payload : payload.subarray(0, QUARANTINED_HEAD_BYTES),
        length: payload.length,
        sha256: sha256Hex(payload),
      },
    ],
    lost: [],
    unknownFields: 0,
    rejected: [{ code: why.code, message: why.reason }],
  };
}

function setAside(
  delivery: Delivery,
  site: string,
  gateway: string,
  reject: RejectedEntry,
  epoch?: string,
  seq?: number,
): QuarantineEntry {
  const content = Buffer.from(reject.content === '' ? delivery.payload : reject.content);
  return {
    site,
    receivedAt: delivery.receivedAt,
    topic: delivery.topic,
    gateway,
    epoch,
    seq,
    code: reject.code,
    reason: reject.reason,
    content,
    length: content.length,
    sha256: sha256Hex(content),
  };
}
