// A broker that is not ours, as the source of everything: one session a site that this process derives (see siteSession.ts). What
// it is told of, and tells, is the same as with the embedded broker; only, a PUBACK to a gateway is the broker's word here, and
// not a receipt.
import { Subject } from 'rxjs';
import type { ExternalBroker } from '../config/externalBroker.ts';
import { credentialsOf, publicUrl } from '../kit/brokerAddress.ts';
import type { Clock } from '../kit/clock.ts';
import { rejected } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { fileOf, secretOf } from '../kit/settingFile.ts';
import { within } from '../kit/sleep.ts';
import { parseTopic } from '../wire/topics.ts';
import type { Broker, StatusMessage } from './broker.ts';
import type { LinkOptions } from './brokerLink.ts';
import type { Delivery } from './delivery.ts';
import { openHold } from './hold.ts';
import { openSiteSession, type SessionState, type SiteSession } from './siteSession.ts';

export interface ExternalOptions {
  readonly broker: ExternalBroker;
  /** Bytes held unacknowledged over all sessions; beyond it nothing more is read until some are settled. */
  readonly heldBytesMax: number;
  /** Does this process derive the site, as Postgres says? Waits while Postgres does not answer. */
  readonly isOurs: (site: string) => Promise<boolean>;
  /** Told of what only a restart mends. */
  readonly onDefect: (error: unknown) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The sessions, beside what every broker does. */
export interface Sessions {
  /**
   * Consumes what concerns a site, and what its devices publish on these topics; called again when they change. `former` are
   * topics that any file of the site ever named. Resolves when the first attempt to connect has had an outcome; at once while the
   * broker is known not to answer.
   * Throws `rejected` when the broker refuses us then, naming the setting.
   */
  readonly serve: (site: string, topics: readonly string[], former: readonly string[]) => Promise<void>;
  readonly serves: (site: string) => boolean;
  /** Stops consuming: what was taken is acknowledged first, what was not stays with the broker. */
  readonly leave: (site: string) => Promise<void>;
  readonly health: () => BrokerHealth;
}

export interface BrokerHealth {
  readonly url: string;
  readonly sessions: number;
  readonly connected: number;
  /** Why one is not connected. */
  readonly reason: string | undefined;
}

const FIRST_ATTEMPT_WITHIN_MS = 6000;

export function openExternalBroker(options: ExternalOptions): Broker & { readonly sessions: Sessions } {
  const { broker: access, clock, log } = options;
  const deliveries$ = new Subject<Delivery>();
  const statuses$ = new Subject<StatusMessage>();
  const closed$ = new Subject<void>();
  const hold = openHold(options.heldBytesMax);
  const sessions = new Map<string, SiteSession>();
  const url = publicUrl(access.urls.join(','));
  let version: 4 | 5 = access.version ?? 5;
  let hasConnected = false;
  let told: SessionState['kind'] = 'connecting';
  let isClosed = false;
  /** It is one broker: when it has not answered one session, no other one is waited for until it answers. */
  let isSilent = false;

  /** One line a change of state, of the broker and not of each session: it is one broker. */
  const tellState = (): void => {
    const states = [...sessions.values()].map((session) => session.state());
    const worst = WORST_FIRST.map((kind) => states.find((state) => state.kind === kind)).find(
      (state) => state !== undefined,
    );
    if (worst === undefined || worst.kind === told || worst.kind === 'connecting') return;
    const away = states.filter(({ kind }) => kind !== 'connected').length;
    told = worst.kind;
    if (worst.kind === 'connected')
      log.info(
        { broker: url, mqtt: version === 5 ? '5' : '3.1.1', sessions: states.length },
        'connected to the broker',
      );
    else if (worst.kind === 'away')
      log.warn(
        { broker: url, reason: worst.reason, away, sessions: states.length },
        'the broker is not reached: nothing comes in by it until it is; gateways keep what has no receipt',
      );
    else
      log.error(
        { broker: url, reason: worst.reason, away, sessions: states.length },
        `the broker refuses us: ${SETTINGS}`,
      );
  };

  const changed = (state: SessionState): void => {
    if (state.kind === 'connected') {
      version = state.version;
      hasConnected = true;
      isSilent = false;
    }
    tellState();
  };

  const otherVersion = (used: 4 | 5, isSaid: boolean): boolean => {
    if (access.version !== undefined || (hasConnected && !isSaid)) return false;
    if (used === version) version = used === 5 ? 4 : 5;
    return used === 5; // at once; back to 5 is another attempt
  };

  const open = (site: string): SiteSession =>
    openSiteSession({
      site,
      linkOptions: (attempt) => linkOptions(access, site, attempt, version, hold.gate),
      otherVersion,
      hold,
      deliver: (delivery) => deliveries$.next(delivery),
      tellStatus: (status) => statuses$.next(status),
      connectionClosed: () => closed$.next(),
      isOurs: () => options.isOurs(site),
      onState: changed,
      onDefect: options.onDefect,
      clock,
      log,
    });

  const leave = async (site: string): Promise<void> => {
    const session = sessions.get(site);
    if (session === undefined) return;
    sessions.delete(site);
    await session.leave();
    tellState();
  };

  return {
    port: 0,
    open: () => {},
    deliveries$,
    statuses$,
    closed$,
    async publish(topic, payload, { isNewestOnly = false, site } = {}) {
      const meaning = parseTopic(topic);
      const session = sessions.get(site ?? ('site' in meaning ? meaning.site : ''));
      return (await session?.publish({ topic, payload, isNewestOnly })) ?? false;
    },
    figures: () => ({
      connections: [...sessions.values()].filter((session) => session.state().kind === 'connected').length,
      heldDeliveries: hold.deliveries(),
      heldBytes: hold.bytes(),
      refused: 0,
    }),
    async close() {
      isClosed = true;
      await Promise.all([...sessions.keys()].map((site) => leave(site)));
      deliveries$.complete();
      statuses$.complete();
      closed$.complete();
    },
    sessions: {
      async serve(site, topics, former) {
        if (isClosed) return;
        const known = sessions.get(site);
        const session = known ?? open(site);
        session.setTopics(topics, former);
        if (known !== undefined) return;
        sessions.set(site, session);
        if (isSilent) return;
        const first = await within(session.tried, FIRST_ATTEMPT_WITHIN_MS);
        isSilent = first === undefined || first.kind === 'away';
        if (first?.kind === 'refused')
          throw rejected('broker-refused', `The broker refuses us (${first.reason}): ${SETTINGS}`);
      },
      serves: (site) => sessions.has(site),
      leave,
      health() {
        const states = [...sessions.values()].map((session) => session.state());
        const away = states.find((state) => state.kind === 'refused' || state.kind === 'away');
        return {
          url,
          sessions: states.length,
          connected: states.filter(({ kind }) => kind === 'connected').length,
          reason: away !== undefined && 'reason' in away ? away.reason : undefined,
        };
      },
    },
  };
}

const WORST_FIRST = ['refused', 'away', 'connecting', 'connected'] as const;

const SETTINGS =
  'put TALLYGATE_MQTT_URL, TALLYGATE_MQTT_USERNAME and TALLYGATE_MQTT_PASSWORD (or mqtt.url, mqtt.username, mqtt.passwordFile) right, with mqtts:// also TALLYGATE_MQTT_CA, or the rules of the broker.';

function linkOptions(
  access: ExternalBroker,
  site: string,
  attempt: number,
  version: 4 | 5,
  gate: LinkOptions['gate'],
): LinkOptions {
  const said = credentialsOf(access.urls[attempt % access.urls.length]!);
  return {
    url: said.url,
    clientId: `${access.clientId}-${site}`,
    username: access.username ?? said.username,
    password:
      access.password ??
      secretOf('TALLYGATE_MQTT_PASSWORD_FILE (mqtt.passwordFile)', access.passwordFile) ??
      said.password,
    ca: fileOf('TALLYGATE_MQTT_CA (mqtt.ca)', access.ca),
    cert: fileOf('TALLYGATE_MQTT_CERT (mqtt.cert)', access.cert),
    key: fileOf('TALLYGATE_MQTT_KEY (mqtt.key)', access.key),
    version,
    gate,
  };
}
