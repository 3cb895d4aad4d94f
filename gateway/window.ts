// What was sent and has no receipt yet. Pure: time is an argument, ms of a clock that does not jump. A PUBACK removes nothing
// from it (behind another broker it means little); it only tells that this connection no longer carries the envelope, so
// that sending it again puts no second copy beside one that is still on its way.
import type { Stored } from './segment.ts';

export interface WindowLimits {
  /** Envelopes without a receipt; at the bound nothing more is read from the outbox. */
  readonly envelopesMax: number;
  /** Their bytes, which are kept in memory for sending them again. */
  readonly bytesMax: number;
  /** Silence after which they are sent again; doubled each time nothing comes of it. */
  readonly resendAfterMs: number;
  readonly resendAfterMostMs: number;
}

export const WINDOW_LIMITS: WindowLimits = {
  envelopesMax: 64,
  bytesMax: 4 * 1024 ** 2,
  resendAfterMs: 10_000,
  resendAfterMostMs: 300_000,
};

/** What a receipt has done. */
export interface Settled {
  /** Everything up to here need not be held. */
  readonly through: number;
  /** The service waits for numbers below the lowest one that we hold; undefined when it does not. */
  readonly missingBelow: number | undefined;
}

export interface SendWindow {
  readonly hasRoom: () => boolean;
  readonly size: () => number;
  readonly oldest: () => Stored | undefined;
  readonly add: (envelope: Stored, now: number) => void;
  /** The first that is to be sent, again or for the first time; after `published` the one behind it. */
  readonly next: () => Stored | undefined;
  readonly published: (seq: number) => void;
  readonly puback: (seq: number) => void;
  readonly receipt: (seq: number, now: number) => Settled;
  /** The connection is new: everything is sent again, in order. */
  readonly reconnected: (now: number) => void;
  /** Numbers below are no longer held. */
  readonly dropBelow: (seq: number) => void;
  /** When silence has lasted long enough to send again; undefined while nothing is out. */
  readonly resendAt: () => number | undefined;
  /** Sends again what this connection no longer carries; false when there is no such envelope. */
  readonly resend: (now: number) => boolean;
}

interface Slot extends Stored {
  state: 'due' | 'carried' | 'delivered';
}

export function createWindow(limits: WindowLimits = WINDOW_LIMITS): SendWindow {
  let slots: Slot[] = [];
  let bytes = 0;
  let newestSent = 0;
  let patienceMs = limits.resendAfterMs;
  let quietSince = 0;

  const keep = (isKept: (slot: Slot) => boolean): void => {
    slots = slots.filter(isKept);
    bytes = slots.reduce((sum, slot) => sum + slot.bytes.length, 0);
  };
  const calm = (now: number): void => {
    quietSince = now;
    patienceMs = limits.resendAfterMs;
  };

  return {
    hasRoom: () => slots.length < limits.envelopesMax && (slots.length === 0 || bytes < limits.bytesMax),
    size: () => slots.length,
    oldest: () => slots[0],
    add(envelope, now) {
      if (slots.length === 0) calm(now);
      slots.push({ ...envelope, state: 'due' });
      bytes += envelope.bytes.length;
    },
    next: () => slots.find(({ state }) => state === 'due'),
    published(seq) {
      const slot = slots.find((each) => each.seq === seq);
      if (slot !== undefined) slot.state = 'carried';
      newestSent = Math.max(newestSent, seq);
    },
    puback(seq) {
      const slot = slots.find((each) => each.seq === seq);
      if (slot?.state === 'carried') slot.state = 'delivered';
    },
    receipt(seq, now) {
      // Nothing that this process has not sent is taken for received: the folder may be a copy of an older one.
      const through = Math.min(seq, newestSent);
      const before = slots.length;
      keep((slot) => slot.seq > through);
      if (slots.length < before) calm(now);
      const first = slots[0]?.seq;
      return { through, missingBelow: first !== undefined && seq < first - 1 ? first : undefined };
    },
    reconnected(now) {
      for (const slot of slots) slot.state = 'due';
      calm(now);
    },
    dropBelow: (seq) => keep((slot) => slot.seq >= seq),
    resendAt: () => (slots.length === 0 ? undefined : quietSince + patienceMs),
    resend(now) {
      const again = slots.filter(({ state }) => state === 'delivered');
      for (const slot of again) slot.state = 'due';
      quietSince = now;
      patienceMs = Math.min(limits.resendAfterMostMs, patienceMs * 2);
      return again.length > 0;
    },
  };
}
