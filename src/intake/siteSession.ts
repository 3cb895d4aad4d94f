// The session of one site at a broker that is not ours: its envelopes, its gateways' statuses and what its devices publish. It
// outlives connections and processes, because its client id is made of the site: whoever takes the site over gets what the one
// before had not acknowledged. Only the process that derives the site opens it.
import type { Clock } from '../kit/clock.ts';
import { Fault, messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { backoffMs, sleep, within } from '../kit/sleep.ts';
import { alertTopic, envelopeTopic, parseTopic, receiptTopic, statusTopic } from '../wire/topics.ts';
import { openBrokerLink, type BrokerLink, type LinkOptions } from './brokerLink.ts';
import type { Incoming } from './deferredPubacks.ts';
import type { Delivery } from './delivery.ts';
import { withoutCovered } from './deviceTopics.ts';
import type { Hold } from './hold.ts';
import { openOutgoing, type Outgoing } from './outgoing.ts';
import type { StatusMessage } from './broker.ts';

export type SessionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly version: 4 | 5 }
  /** It heals by itself: the broker is away. */
  | { readonly kind: 'away'; readonly reason: string }
  /** A person must act: credentials, certificates, rules of the broker. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface SessionOptions {
  readonly site: string;
  /** How to connect the next time; credentials may be renewed. Throws `rejected` when it cannot be. */
  readonly linkOptions: (attempt: number) => LinkOptions;
  /** Told that a broker did not take this version of MQTT, as it said or as it seems; true when another one is to be tried at once. */
  readonly otherVersion: (used: 4 | 5, isSaid: boolean) => boolean;
  readonly hold: Hold;
  readonly deliver: (delivery: Delivery) => void;
  readonly tellStatus: (status: StatusMessage) => void;
  /** A connection has ended: what is held of it comes again. */
  readonly connectionClosed: () => void;
  /** Asked before each connection: is the site still ours? Two that both thought so would end each other's for ever. */
  readonly isOurs: () => Promise<boolean>;
  readonly onState: (state: SessionState) => void;
  /** Told of what only a restart mends; it does not connect again. */
  readonly onDefect: (error: unknown) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface SiteSession {
  readonly site: string;
  readonly state: () => SessionState;
  /** Subscribes to these topics of devices as well; `former`: what any file of the site ever named, to be left unless it is one of those subscribed to. */
  readonly setTopics: (topics: readonly string[], former: readonly string[]) => void;
  /** Resolves with the outcome of the first attempt to connect. */
  readonly tried: Promise<SessionState>;
  readonly publish: Outgoing['publish'];
  /** Takes nothing more, waits a little until what was taken is acknowledged, and disconnects; the session stays. */
  readonly leave: () => Promise<void>;
}

const RECONNECT_LEAST_MS = 250;
const RECONNECT_MOST_MS = 10_000;
/** A connection that lasted this long was a good one. */
const GOOD_AFTER_MS = 10_000;
const SETTLE_WITHIN_MS = 3000;
/** Who asks Postgres whose the site is hears nothing while that is away, and connects no more when it does. */
const ENDED_WITHIN_MS = 1500;

export function openSiteSession(options: SessionOptions): SiteSession {
  const { site, hold, log } = options;
  const stopping = new AbortController();
  let link: BrokerLink | undefined;
  let state: SessionState = { kind: 'connecting' };
  let topics: readonly string[] = [];
  let former: readonly string[] = [];
  let held = 0;
  let wasConnected = false;
  let onNoneHeld: (() => void) | undefined;
  let triedOnce: (state: SessionState) => void = () => {};
  const tried = new Promise<SessionState>((resolve) => (triedOnce = resolve));
  const outgoing = openOutgoing((topic, reason) =>
    log.error({ site, topic, reason }, `the broker does not let us publish: allow ${whatWePublish(site)} in its rules`),
  );

  const become = (next: SessionState): void => {
    state = next;
    options.onState(next);
    triedOnce(next);
  };

  const subscribe = async (on: BrokerLink): Promise<void> => {
    const wanted = [envelopeTopic(site, '+'), statusTopic(site, '+'), ...withoutCovered(topics)];
    on.unsubscribe(former.filter((topic) => !wanted.includes(topic)));
    const refused = await on.subscribe(wanted);
    if (refused.includes(wanted[0]!))
      throw new Fault(
        'rejected',
        'refused',
        `the broker does not let us subscribe to ${wanted[0]}: allow it in its rules, and publishing on ${whatWePublish(site)}`,
      );
    for (const topic of refused)
      log.error({ site, topic }, 'the broker does not let us subscribe to this topic: allow it in its rules');
  };

  const take = (message: Incoming, connection: Delivery['connection']): void => {
    if (stopping.signal.aborted) return; // no longer ours: it stays with the broker
    const { topic, payload, qos, acknowledge } = message;
    const receivedAt = options.clock();
    const meaning = parseTopic(topic);
    if (meaning.kind === 'status') {
      options.tellStatus({ site: meaning.site, gateway: meaning.gateway, payload, at: receivedAt });
      hold.inTurn(connection, acknowledge);
      return;
    }
    // Retained before we subscribed, and given again with each subscription: as stale as it is old. (Of an envelope it does
    // not matter: it is known by its number.)
    if (message.retain && meaning.kind === 'device') {
      log.debug({ site, topic }, 'a retained message of a device is not live, and not taken');
      hold.inTurn(connection, acknowledge);
      return;
    }
    held++;
    const release = hold.take(connection, payload.length, acknowledge);
    let isHeld = true;
    const settle = (): void => {
      release();
      if (!isHeld) return;
      isHeld = false;
      if (--held === 0) onNoneHeld?.();
    };
    options.deliver({ topic, payload, qos, receivedAt, connection, site, settle });
  };

  /** One connection, from its beginning to its end. */
  const connectOnce = async (attempt: number): Promise<{ readonly wasGood: boolean }> => {
    let isOver = false;
    const connection = { id: site, isClosed: () => isOver };
    let fresh: BrokerLink;
    let version: 4 | 5 | undefined;
    try {
      const linkOptions = options.linkOptions(attempt);
      version = linkOptions.version;
      fresh = await openBrokerLink(linkOptions, (message) => take(message, connection), stopping.signal);
    } catch (error) {
      isOver = true;
      options.connectionClosed();
      return failed(error, version);
    }
    const over = fresh.closed.then((reason) => {
      isOver = true;
      hold.forget(connection);
      outgoing.stop();
      options.connectionClosed();
      return reason;
    });
    const startedAt = performance.now();
    link = fresh;
    outgoing.start(fresh); // what the broker had queued is answered already
    const stop = (): void => void fresh.end();
    stopping.signal.addEventListener('abort', stop, { once: true });
    try {
      await subscribe(fresh);
      become({ kind: 'connected', version });
      tellSession(fresh.sessionPresent);
      const reason = await over;
      if (!stopping.signal.aborted) become({ kind: 'away', reason });
      return { wasGood: performance.now() - startedAt >= GOOD_AFTER_MS };
    } catch (error) {
      await fresh.end();
      return failed(error);
    } finally {
      link = undefined;
      stopping.signal.removeEventListener('abort', stop);
    }
  };

  const tellSession = (isKept: boolean): void => {
    if (isKept) log.debug({ site }, 'the broker had kept our session');
    else if (!wasConnected)
      log.info({ site }, 'a new session at the broker: what is published from now on is kept for us');
    else
      log.warn(
        { site },
        'the broker has lost our session: what devices published meanwhile is lost, gateways send theirs again. Let it keep sessions and queues on disk',
      );
    wasConnected = true;
  };

  const failed = (error: unknown, version?: 4 | 5): { readonly wasGood: boolean } => {
    if (!(error instanceof Fault) || error.kind === 'defect') throw error;
    if (stopping.signal.aborted) return { wasGood: false };
    const { code, kind, message: reason } = error;
    // Some brokers close a connection of a version that they do not speak without a word.
    const isSaid = code === 'version-refused';
    if (version !== undefined && (isSaid || code === 'closed') && options.otherVersion(version, isSaid))
      return { wasGood: true };
    become(kind === 'rejected' ? { kind: 'refused', reason } : { kind: 'away', reason });
    return { wasGood: false };
  };

  const run = async (): Promise<void> => {
    for (let attempt = 0, failures = 0; !stopping.signal.aborted; attempt++, failures++) {
      if (!(await options.isOurs()) || stopping.signal.aborted) return;
      const { wasGood } = await connectOnce(attempt);
      if (wasGood) failures = 0;
      await sleep(backoffMs(failures, RECONNECT_LEAST_MS, RECONNECT_MOST_MS, Math.random()), stopping.signal);
    }
  };
  const running = run().catch((error: unknown) => {
    become({ kind: 'away', reason: messageOf(error) });
    options.onDefect(error);
  });

  return {
    site,
    state: () => state,
    tried,
    setTopics(wanted, old) {
      topics = wanted;
      former = old;
      if (link === undefined) return;
      subscribe(link).catch((error: unknown) =>
        log.debug({ site, reason: String(error) }, 'not subscribed; again with the next connection'),
      );
    },
    publish: outgoing.publish,
    async leave() {
      link?.pause();
      if (held > 0 && link !== undefined) {
        const none = new Promise<void>((resolve) => (onNoneHeld = resolve));
        await within(Promise.race([none, link.closed]), SETTLE_WITHIN_MS);
      }
      stopping.abort();
      await link?.end();
      await within(running, ENDED_WITHIN_MS);
      triedOnce(state);
    },
  };
}

const whatWePublish = (site: string): string => `${receiptTopic(site, '+')} and ${alertTopic(site, '#')}`;
