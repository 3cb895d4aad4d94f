// Sends what the outbox holds, in order, and lets go of it when a receipt says that it is durable. One loop does it all:
// connect, fill the window, send, wait. Nothing but the window is in memory; the rest is read from disk when it is its turn.
import { brokerUrls, publicUrl } from '../src/kit/brokerAddress.ts';
import type { Clock } from '../src/kit/clock.ts';
import { Fault } from '../src/kit/faults.ts';
import type { Logger } from '../src/kit/log.ts';
import { backoffMs, sleep, within } from '../src/kit/sleep.ts';
import { envelopeTopic, receiptTopic, statusTopic } from '../src/wire/topics.ts';
import { openLink, type BrokerOptions, type Link } from './link.ts';
import { CLOSED_BY_BROKER } from '../src/kit/mqttConnection.ts';
import { NOTHING, type Outbox } from './outbox.ts';
import type { Place } from './outboxReader.ts';
import { createPace, type Pace } from './pace.ts';
import { receiptFor, tellRejected } from './receipt.ts';
import { createReport, type Backlog, type Report } from './report.ts';
import type { Stored } from './segment.ts';
import { createWake } from './wake.ts';
import { createWindow, WINDOW_LIMITS, type SendWindow, type WindowLimits } from './window.ts';

export interface UplinkOptions {
  readonly site: string;
  readonly gateway: string;
  readonly version: string;
  readonly broker: BrokerOptions;
  readonly outbox: Outbox;
  readonly outboxBytesMax: number;
  readonly limits?: Partial<WindowLimits>;
  /** Most envelopes a second, so that a backlog of hours does not push live gateways aside. */
  readonly envelopesPerSecond?: number;
  readonly reconnectLeastMs?: number;
  readonly reconnectMostMs?: number;
  readonly statusEveryMs?: number;
  readonly clock: Clock;
  readonly log: Logger;
}

export const ENVELOPES_PER_SECOND = 1000;
const RECONNECT_LEAST_MS = 500;
const RECONNECT_MOST_MS = 30_000;
const STATUS_EVERY_MS = 30_000;
/** A connection that lasted this long was a good one, receipts or not. */
const GOOD_AFTER_MS = 30_000;
const SUSPICIOUS_MS = 2000;
const GOODBYE_WITHIN_MS = 2000;
const OFFLINE = '{"online":false}';

export class Uplink {
  readonly #options: UplinkOptions;
  readonly #window: SendWindow;
  readonly #pace: Pace;
  readonly #report: Report;
  readonly #wake = createWake();
  #place: Place | undefined;
  /** Read from disk and not yet in the window: half a MiB at most. */
  #ahead: Stored[] = [];
  /** An empty envelope that tells today's `oldest`, to be sent before its turn. */
  #announcement: Stored | undefined;
  #announcedOldest = 0;
  #hadReceipt = false;
  #statusAt = 0;
  #statusIsCarried = false;

  constructor(options: UplinkOptions) {
    const limits = { ...WINDOW_LIMITS, ...options.limits };
    this.#options = options;
    this.#window = createWindow(limits);
    this.#pace = createPace(options.envelopesPerSecond ?? ENVELOPES_PER_SECOND, limits.envelopesMax);
    const { log, clock, broker, outbox } = options;
    this.#report = createReport({ log, clock, broker: publicUrl(broker.url), backlog: () => this.#backlog() });
    outbox.whenStored(() => this.#wake.now());
  }

  /** Runs until `signal` is raised; says goodbye to the broker then. Rejects only for a defect. */
  async run(signal: AbortSignal): Promise<void> {
    const { reconnectLeastMs = RECONNECT_LEAST_MS, reconnectMostMs = RECONNECT_MOST_MS } = this.#options;
    signal.addEventListener('abort', () => this.#wake.now(), { once: true });
    const urls = brokerUrls(this.#options.broker.url) ?? [this.#options.broker.url];
    for (let failures = 0, links = 0; !signal.aborted; failures++, links++) {
      const end = await this.#connectOnce(urls[links % urls.length]!, signal);
      if (signal.aborted) return;
      if (end.wasGood) failures = 0;
      this.#report.away(end.reason, end.isOurs);
      await sleep(backoffMs(failures, reconnectLeastMs, reconnectMostMs, Math.random()), signal);
    }
  }

  /** One connection, from its beginning to its end. */
  async #connectOnce(url: string, signal: AbortSignal): Promise<{ reason: string; isOurs: boolean; wasGood: boolean }> {
    const { site, gateway, broker } = this.#options;
    const topics = {
      will: { topic: statusTopic(site, gateway), payload: OFFLINE },
      subscribe: receiptTopic(site, gateway),
    };
    await this.#fill(); // so that the oldest is known, and told, while nobody answers
    let link: Link;
    try {
      link = await openLink({ ...broker, url }, topics, (payload) => this.#takeReceipt(payload), signal);
    } catch (error) {
      if (!(error instanceof Fault) || error.kind === 'defect') throw error;
      return { reason: error.message, isOurs: error.kind === 'rejected', wasGood: false };
    }
    const startedAt = performance.now();
    this.#hadReceipt = false;
    try {
      this.#report.connected();
      await this.#serve(link, signal);
    } finally {
      link.end();
    }
    const reason = await link.closed;
    const lastedMs = performance.now() - startedAt;
    const isSuspicious = reason === CLOSED_BY_BROKER && lastedMs < SUSPICIOUS_MS;
    return {
      reason: isSuspicious
        ? `${reason} as soon as it was made: another client has the id ${broker.clientId}, or we may not publish there`
        : reason,
      isOurs: false,
      wasGood: this.#hadReceipt || lastedMs >= GOOD_AFTER_MS,
    };
  }

  async #serve(link: Link, signal: AbortSignal): Promise<void> {
    this.#window.reconnected(performance.now());
    this.#announcedOldest = 0;
    this.#statusAt = 0;
    this.#statusIsCarried = false;
    link.closed.then(
      () => this.#wake.now(),
      () => undefined,
    );
    while (!link.isClosed() && !signal.aborted) {
      await this.#fill();
      this.#resendIfQuiet();
      const pausedMs = this.#send(link);
      this.#tellStatus(link);
      this.#report.tick();
      const now = performance.now();
      const resendMs = (this.#window.resendAt() ?? Infinity) - now;
      await this.#wake.orAfter(Math.min(pausedMs, resendMs, this.#statusAt - now));
    }
    if (!link.isClosed()) await this.#sayGoodbye(link);
  }

  /** Takes from the outbox what the window has room for. */
  async #fill(): Promise<void> {
    const { outbox } = this.#options;
    // The outbox may have dropped some meanwhile, for want of room.
    this.#window.dropBelow(outbox.oldest);
    while (this.#window.hasRoom()) {
      if (this.#ahead.length === 0) {
        const { envelopes, next } = await outbox.read(this.#place);
        this.#place = next;
        this.#ahead = [...envelopes];
      }
      const next = this.#ahead.shift();
      if (next === undefined) break;
      if (next.seq >= outbox.oldest) this.#window.add(next, performance.now());
    }
  }

  /** Sends all that is due; the ms after which more may be sent, Infinity when nothing is left. */
  #send(link: Link): number {
    const topic = envelopeTopic(this.#options.site, this.#options.gateway);
    if (this.#announcement !== undefined) link.publish(topic, this.#announcement.bytes, false, () => undefined);
    this.#announcement = undefined;
    for (let next = this.#window.next(); next !== undefined; next = this.#window.next()) {
      const pauseMs = this.#pace.take(performance.now());
      if (pauseMs > 0) return pauseMs;
      const { seq, bytes } = next;
      this.#window.published(seq);
      link.publish(topic, bytes, false, () => this.#window.puback(seq));
    }
    return Infinity;
  }

  #resendIfQuiet(): void {
    const now = performance.now();
    const at = this.#window.resendAt();
    if (at === undefined || now < at) return;
    const isHeld = !this.#window.resend(now);
    this.#announcedOldest = 0;
    this.#report.quiet(isHeld);
  }

  #takeReceipt(payload: Buffer): void {
    const { outbox, log } = this.#options;
    const receipt = receiptFor(outbox.epoch, payload, log);
    if (receipt === undefined) return;
    this.#hadReceipt = true;
    tellRejected(receipt, log);
    if (receipt.seq > outbox.newest) this.#stepBehind(receipt.seq);
    const { through, missingBelow } = this.#window.receipt(receipt.seq, performance.now());
    outbox.release(through);
    if (missingBelow !== undefined) this.#announce(missingBelow);
    this.#report.receipt();
    this.#wake.now();
  }

  /** The service waits for what is not here any more: it is told so, ahead of everything, or it would wait for ever. */
  #announce(oldest: number): void {
    if (oldest <= this.#announcedOldest) return;
    this.#announcedOldest = oldest;
    const { outbox, log } = this.#options;
    outbox.release(oldest - 1);
    log.warn(
      { oldest },
      'the service waits for envelopes that this outbox no longer holds; it is told to record the gap',
    );
    void this.#prepareAnnouncement();
  }

  async #prepareAnnouncement(): Promise<void> {
    this.#announcement = await this.#options.outbox.append(NOTHING);
    this.#wake.now();
  }

  #stepBehind(seq: number): void {
    const { outbox, log } = this.#options;
    log.error(
      { receipt: seq, newest: outbox.newest },
      'the service has envelopes of this outbox that it never wrote: its folder is a copy of another, or was restored ' +
        'from an old one. It goes on behind them; what collides meanwhile is in quarantine. Never copy an outbox',
    );
    outbox.skipTo(seq);
  }

  /** Retained; one at a time, so that none pile up at a broker that acknowledges nothing. */
  #tellStatus(link: Link): void {
    const now = performance.now();
    if (now < this.#statusAt) return;
    this.#statusAt = now + (this.#options.statusEveryMs ?? STATUS_EVERY_MS);
    if (this.#statusIsCarried) return;
    this.#statusIsCarried = true;
    const { site, gateway, version, clock, outbox } = this.#options;
    const { epoch, backlog, oldest, dropped } = outbox.figures();
    const at = new Date(clock()).toISOString();
    const status = { online: true, version, epoch, backlog, oldest, dropped, at };
    link.publish(statusTopic(site, gateway), JSON.stringify(status), true, () => (this.#statusIsCarried = false));
  }

  async #sayGoodbye(link: Link): Promise<void> {
    const { site, gateway } = this.#options;
    const said = new Promise<void>((resolve) => link.publish(statusTopic(site, gateway), OFFLINE, true, resolve));
    await within(Promise.race([said, link.closed]), GOODBYE_WITHIN_MS);
  }

  #backlog(): Backlog {
    const { outbox, outboxBytesMax } = this.#options;
    const { backlog, diskBytes } = outbox.figures();
    const oldest = this.#window.oldest() ?? this.#ahead[0];
    return { envelopes: backlog, bytes: diskBytes, bytesMax: outboxBytesMax, oldestSentAt: oldest && sentAtOf(oldest) };
  }
}

const HEAD_CHARS = 256;
const sentAtOf = ({ bytes }: Stored): string | undefined =>
  /"sentAt":"([^"]+)"/.exec(bytes.toString('latin1', 0, HEAD_CHARS))?.[1];
