// The engine: broker, pipeline and ledger of the sites that this process derives. Started by the composition root, and by
// tests and the benchmark that need the whole way from an MQTT message to a posted transaction.
import { Subject, tap } from 'rxjs';
import type { SiteSource } from '../config/plan.ts';
import type { ServiceConfig } from '../config/service.ts';
import { countEffects, countRows, openFigures, type Figures } from './figures.ts';
import { openBroker, type Broker } from '../intake/broker.ts';
import { openDeliveryNumbers, type Arrival } from '../intake/decode.ts';
import { openExternalBroker, type BrokerHealth } from '../intake/externalBroker.ts';
import type { Growing } from '../intake/inOrder.ts';
import { openJournal, type Journal } from '../intake/journal.ts';
import { keepStatuses } from '../intake/statuses.ts';
import { flowingClock, type Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/log.ts';
import { sleep, within } from '../kit/sleep.ts';
import { openCuts } from '../post/cuts.ts';
import { pipeline } from '../pipeline.ts';
import type { EffectsBatch } from '../post/batch.ts';
import { hasBase } from '../post/keepSnapshot.ts';
import { openBacklog } from '../post/stage.ts';
import { openWriter } from '../post/writer.ts';
import { openHeard } from './heard.ts';
import { openPatience } from './patience.ts';
import { tellFindings } from './tellFindings.ts';
import { keepSites } from './keepSites.ts';
import { startSums } from './keepSums.ts';
import { startRetention } from './keepTidy.ts';
import { startSnapshots } from './snapshots.ts';
import { startTicks } from './ticks.ts';
import { noSites, refreshRoutes, routesFor, sizesOf, type LiveSite, type Sites } from './sites.ts';
import { openPool, type DatabaseOptions } from '../store/database.ts';
import { watchJournal } from '../store/watchJournal.ts';
import type { SiteFigures } from '../watch/finding.ts';
import { receiptTopic } from '../wire/topics.ts';
import type { Row } from '../wire/row.ts';

export interface EngineOptions {
  readonly config: ServiceConfig;
  /** Site files, as the configuration folder has them. */
  readonly sites: readonly SiteSource[];
  readonly database: DatabaseOptions;
  readonly mqttPort: number;
  readonly log: Logger;
  readonly clock: Clock;
}

export interface Engine {
  /** Of the embedded broker; 0 when there is none. */
  readonly mqttPort: number;
  readonly figures: Figures;
  readonly sites: Sites;
  /** Rows of every site, in order, as they are derived: for telemetry and the live stream. */
  readonly rows$: Subject<readonly Row[]>;
  readonly posted$: Subject<EffectsBatch>;
  /** Sites that were taken over while running, and sites that are derived elsewhere from here on. */
  readonly taken$: Subject<LiveSite>;
  readonly left$: Subject<string>;
  readonly journal: Journal;
  /** Resolves when something broke that only a restart mends. */
  readonly failed: Promise<unknown>;
  readonly health: () => EngineHealth;
  /** What the machines of each site know and no table holds, for the watch. */
  readonly siteFigures: () => readonly SiteFigures[];
  /** On the broker, QoS 1. True once that has it; false when it does not take it now. */
  readonly publish: (topic: string, payload: string) => Promise<boolean>;
  /** Takes what waits to its end, within a few seconds, and leaves a snapshot. */
  readonly stop: () => Promise<void>;
}

export interface EngineHealth {
  readonly database: boolean;
  readonly waitingRows: number;
  /** Of a broker that is not ours. */
  readonly broker?: BrokerHealth;
  readonly sites: readonly { readonly site: string; readonly lagRows: number }[];
}

const STOP_WITHIN_MS = 3500;
/** Nothing comes to its end without Postgres: nobody has been told that it has. */
const STOP_WITHOUT_DATABASE_MS = 500;

/** Starts it. Resolves when it is ready to take messages. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { config, log } = options;
  const flowing = flowingClock(options.clock);
  const clock = flowing.now;
  const { heldBytesMax, connectionsMax } = config;
  const failure = failing();
  const external =
    config.externalBroker === undefined
      ? undefined
      : openExternalBroker({
          broker: config.externalBroker,
          heldBytesMax,
          isOurs: (site) => (sites.bySite.has(site) ? writer.holds(site).catch(() => false) : Promise.resolve(false)),
          onDefect: failure.fail,
          clock,
          log,
        });
  // The port first: that it is taken should be known before anything else has begun.
  const broker: Broker =
    external ??
    (await openBroker({ host: config.host, port: options.mqttPort, heldBytesMax, connectionsMax, clock, log }));
  const stopping = new AbortController();
  const sharing = new AbortController();
  const nap = (ms: number): Promise<void> => sleep(ms, stopping.signal);
  const pool = openPool({
    ...options.database,
    name: 'tallygate intake',
    max: 3,
    onError: (error) => log.debug({ reason: error.message }, 'a database connection broke'),
  });
  const journal = openJournal(pool, log);
  const sites = noSites();
  const backlog = openBacklog();
  const cuts = openCuts();
  const patience = openPatience(log, stopping.signal);
  const figures = openFigures({
    broker: () => broker.figures(),
    sessions: external === undefined ? undefined : () => external.sessions.health(),
    waitingRows: () => backlog.rows,
    sites: () => [...sites.bySite.values()].map((live) => sizesOf(live)),
  });
  const writer = openWriter({
    database: { ...options.database, name: 'tallygate writer' },
    log,
    sleep: nap,
    onCommit: figures.postSeconds,
    ...(external === undefined ? {} : { onLost: (site: string) => kept.lose(site) }),
  });

  const own$ = new Subject<Arrival>();
  const grown$ = new Subject<Growing>();
  const rows$ = new Subject<readonly Row[]>();
  const heard = openHeard(sites, clock);
  const posted$ = new Subject<EffectsBatch>();
  const taken$ = new Subject<LiveSite>();
  const left$ = new Subject<string>();
  const done = new Promise<void>((resolve) => {
    pipeline(broker.deliveries$, {
      routes: (site) => routesFor(sites, site),
      nextNumber: openDeliveryNumbers(clock),
      reply: ({ site, topic, payload }) => void broker.publish(topic, payload, { site }),
      own$,
      grown$,
      commit: {
        journal: patience.watched(journal),
        bytesMax: config.commitBytesMax,
        log,
        receipt: (site, gateway, receipt) =>
          void broker.publish(receiptTopic(site, gateway), JSON.stringify(receipt), { isNewestOnly: true }),
        figures: figures.commit,
        ready: () => backlog.whenLess(),
        closed$: broker.closed$,
        sleep: nap,
      },
      order: {
        next: (site) => sites.bySite.get(site)?.nextOffset,
        passed: (site, next) => (sites.bySite.get(site)!.nextOffset = next),
      },
      retry: patience.retry,
      isDerived: (site) => sites.bySite.has(site),
      machineOf: (site) => sites.bySite.get(site)?.machine,
      cuts,
      onRows: (rows) => {
        countRows(rows, figures);
        heard.rows(rows);
        rows$.next(rows);
      },
      onEffects: ({ configuration, site, offset }) => {
        if (configuration !== undefined) {
          refreshRoutes(sites);
          log.info({ site, offset, by: configuration.actor }, 'site configuration in force');
          kept.serveAgain(site);
        }
      },
      post: {
        post: (batch) => writer.post(batch),
        postedTo: (site) => sites.bySite.get(site)?.postedTo,
        posted: (site, to) => {
          const live = sites.bySite.get(site);
          if (live !== undefined) live.postedTo = to;
        },
        ...(external === undefined ? {} : { lost$: left$ }),
        sleep: nap,
      },
      backlog,
    })
      .pipe(
        tap((batch) => countEffects(batch, figures)),
        tap((batch) => tellFindings(batch, log)),
      )
      .subscribe({
        next: (batch) => posted$.next(batch),
        error: (error: unknown) => {
          if (!stopping.signal.aborted) failure.fail(error); // else it was cut short while Postgres was away
          resolve();
        },
        complete: resolve,
      });
  });

  const snapshots = startSnapshots(sites, cuts, writer, config.snapshotEveryMs, figures, log);
  const kept = keepSites({
    files: options.sites,
    sessions: external?.sessions,
    sites,
    writer,
    pool,
    own$,
    grown$,
    journal,
    retry: patience.retry,
    nap,
    snapshot: (site) => snapshots.takeOne(site),
    taken$,
    left$,
    signal: stopping.signal,
    sharing: sharing.signal,
    failed: failure.promise,
    fail: failure.fail,
    clock,
    log,
  });
  const statuses = keepStatuses(broker.statuses$, pool, log, nap); // an external broker tells what it retained with the first connection
  try {
    await kept.start();
  } catch (error) {
    snapshots.stop();
    sharing.abort();
    stopping.abort();
    await within(Promise.all([broker.close(), statuses.stop(), writer.close()]), STOP_WITHIN_MS);
    await within(pool.end(), 500);
    throw error;
  }

  const watch = watchJournal({
    database: options.database,
    pool,
    log,
    signal: stopping.signal,
    onGrown: (growth) => {
      if (sites.bySite.has(growth.site)) grown$.next(growth);
      else kept.noticed(growth.site);
    },
  });
  const ticks = startTicks(sites, own$, flowing, backlog);
  const retention = startRetention(
    {
      database: options.database,
      pool,
      ...config,
      log,
      keepBase: async (site, offset) => {
        if (!sites.bySite.has(site)) return hasBase(pool, site, offset);
        return (await writer.keepBase(site, offset)) || (await snapshots.takeOne(site), writer.keepBase(site, offset));
      },
    },
    clock,
  );
  const sums = startSums({ database: options.database, sites, log }, clock);

  broker.open();
  return {
    mqttPort: broker.port,
    figures,
    sites,
    rows$,
    posted$,
    taken$,
    left$,
    journal,
    failed: failure.promise,
    health: () => ({
      database: patience.isAnswered(),
      waitingRows: backlog.rows,
      ...(external === undefined ? {} : { broker: external.sessions.health() }),
      sites: [...sites.bySite.values()].map(({ site, nextOffset, postedTo }) => ({
        site,
        lagRows: nextOffset - 1 - postedTo,
      })),
    }),
    siteFigures: () => [...sites.bySite.values()].map((live) => heard.figuresOf(live)),
    publish: (topic, payload) => broker.publish(topic, payload),
    async stop() {
      sharing.abort();
      ticks.stop();
      snapshots.stop();
      retention.stop();
      const summed = sums.stop();
      await broker.close();
      own$.complete();
      grown$.complete();
      await within(done, patience.isAnswered() ? STOP_WITHIN_MS : STOP_WITHOUT_DATABASE_MS);
      if (patience.isAnswered()) await within(snapshots.takeAll(), STOP_WITHIN_MS / 2);
      stopping.abort();
      await within(Promise.all([watch.stop(), statuses.stop(), writer.close(), summed]), 1000);
      await within(pool.end(), 500);
      rows$.complete();
      posted$.complete();
    },
  };
}

/** A promise that resolves with the first thing that goes wrong. */
function failing(): { readonly promise: Promise<unknown>; readonly fail: (error: unknown) => void } {
  let fail: (error: unknown) => void = () => {};
  const promise = new Promise<unknown>((resolve) => (fail = resolve));
  return { promise, fail };
}
