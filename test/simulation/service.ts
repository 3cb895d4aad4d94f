// One process of the service as run/engine.ts puts it together: everything is what runs in a warehouse but the broker, which is a
// list of connections, and Postgres (postgres.ts). It is stopped only by being killed.
import { Subject } from 'rxjs';
import type { SiteSource } from '../../src/config/plan.ts';
import { openDeliveryNumbers, type Arrival } from '../../src/intake/decode.ts';
import type { Connection, Delivery } from '../../src/intake/delivery.ts';
import { openHold } from '../../src/intake/hold.ts';
import type { Growing } from '../../src/intake/inOrder.ts';
import { openJournal } from '../../src/intake/journal.ts';
import { noCommits, type CommitFigures } from '../../src/intake/commit.ts';
import { flowingClock, type Clock } from '../../src/kit/clock.ts';
import { messageOf } from '../../src/kit/faults.ts';
import { createLog } from '../../src/kit/log.ts';
import { sleep } from '../../src/kit/sleep.ts';
import { openCuts } from '../../src/post/cuts.ts';
import { pipeline } from '../../src/pipeline.ts';
import { openBacklog } from '../../src/post/stage.ts';
import { openWriter } from '../../src/post/writer.ts';
import type { Figures } from '../../src/run/figures.ts';
import { keepSites } from '../../src/run/keepSites.ts';
import { openPatience } from '../../src/run/patience.ts';
import { noSites, refreshRoutes, routesFor, type LiveSite } from '../../src/run/sites.ts';
import { startSnapshots } from '../../src/run/snapshots.ts';
import { startTicks } from '../../src/run/ticks.ts';
import { openPool } from '../../src/store/database.ts';
import { watchJournal } from '../../src/store/watchJournal.ts';
import { receiptTopic } from '../../src/wire/topics.ts';
import type { Owner, VirtualTime } from './time.ts';

/** A gateway's connection, as the broker has it. */
export interface Peer extends Connection {
  readonly gateway: string;
  readonly puback: (packet: number) => void;
  readonly message: (topic: string, payload: string) => void;
  /** The process has ended. */
  readonly ended: () => void;
}

export interface Service extends Owner {
  readonly name: string;
  /** It has the site, and takes connections. */
  isOpen: boolean;
  readonly peers: Set<Peer>;
  readonly take: (peer: Peer, packet: number, topic: string, payload: Buffer) => void;
  readonly closed: (peer: Peer) => void;
  readonly live: () => LiveSite | undefined;
  readonly figures: CommitFigures;
}

export interface ServiceOptions {
  readonly name: string;
  readonly source: SiteSource;
  readonly time: VirtualTime;
  readonly clock: Clock;
  readonly snapshotEveryMs: number;
  /** It ends by itself, and why. */
  readonly onFailed: (service: Service, error: unknown) => void;
}

const log = createLog({ style: 'silent' });
const HELD_BYTES_MAX = 1024 ** 2;
const COMMIT_BYTES_MAX = 8192;

/** Starts one. It stands by until it has the site. */
export function startService(options: ServiceOptions): Service {
  const { time, name } = options;
  const hold = openHold(HELD_BYTES_MAX);
  const deliveries$ = new Subject<Delivery>();
  const closed$ = new Subject<void>();
  const service: Service = {
    name,
    isDead: false,
    pausedTo: 0,
    isOpen: false,
    peers: new Set(),
    figures: noCommits(),
    live: () => undefined,
    take(peer, packet, topic, payload) {
      const settle = hold.take(peer, payload.length, () => peer.puback(packet));
      deliveries$.next({ topic, payload, qos: 1, receivedAt: clock.now(), connection: peer, settle });
    },
    closed(peer) {
      service.peers.delete(peer);
      closed$.next();
    },
  };
  const clock = time.as(service, () => flowingClock(options.clock, time.now));
  time.as(service, () => run(service, deliveries$, closed$, clock, options));
  return service;
}

function run(
  service: Service,
  deliveries$: Subject<Delivery>,
  closed$: Subject<void>,
  flowing: ReturnType<typeof flowingClock>,
  { source, snapshotEveryMs, onFailed }: ServiceOptions,
): void {
  const database = { url: 'postgres://simulated', name: service.name };
  const { signal } = new AbortController(); // never aborted: it is killed
  const fail = (error: unknown): void => onFailed(service, error);
  const failed = new Promise<never>(() => {});
  const pool = openPool({ ...database, max: 3 });
  const journal = openJournal(pool, log);
  const sites = noSites();
  const backlog = openBacklog();
  const cuts = openCuts();
  const patience = openPatience(log, signal);
  const nap = (ms: number): Promise<void> => sleep(ms);
  const writer = openWriter({ database, log, sleep: nap, onCommit: () => {} });
  const own$ = new Subject<Arrival>();
  const grown$ = new Subject<Growing>();

  pipeline(deliveries$, {
    routes: (site) => routesFor(sites, site),
    nextNumber: openDeliveryNumbers(flowing.now),
    reply: () => {},
    own$,
    grown$,
    commit: {
      journal: patience.watched(journal),
      bytesMax: COMMIT_BYTES_MAX,
      log,
      receipt: (site, gateway, receipt) => {
        for (const peer of service.peers)
          if (peer.gateway === gateway) peer.message(receiptTopic(site, gateway), JSON.stringify(receipt));
      },
      figures: service.figures,
      ready: () => backlog.whenLess(),
      closed$,
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
    sliceMs: 0, // whatever can happen in the middle of a row does
    onRows: () => {},
    onEffects: ({ configuration }) => {
      if (configuration !== undefined) refreshRoutes(sites);
    },
    post: {
      post: (batch) => writer.post(batch),
      postedTo: (site) => sites.bySite.get(site)?.postedTo,
      posted: (site, to) => {
        const live = sites.bySite.get(site);
        if (live !== undefined) live.postedTo = to;
      },
      sleep: nap,
    },
    backlog,
  }).subscribe({ error: fail });

  const timed = { snapshotSeconds: { startTimer: () => () => 0 } } as unknown as Figures;
  const snapshots = startSnapshots(sites, cuts, writer, snapshotEveryMs, timed, log);
  const kept = keepSites({
    files: [source],
    sessions: undefined,
    sites,
    writer,
    pool,
    own$,
    grown$,
    journal,
    retry: patience.retry,
    nap,
    snapshot: (site) => snapshots.takeOne(site),
    taken$: new Subject(),
    left$: new Subject(),
    signal,
    sharing: signal,
    failed,
    fail,
    clock: flowing.now,
    log,
  });
  Object.assign(service, { live: () => sites.bySite.get(source.file.site) });
  kept
    .start()
    .then(() => {
      watchJournal({
        database,
        pool,
        log,
        signal,
        onGrown: (growth) => {
          if (sites.bySite.has(growth.site)) grown$.next(growth);
          else kept.noticed(growth.site);
        },
      });
      startTicks(sites, own$, flowing, backlog);
      service.isOpen = true;
    })
    .catch((error: unknown) => fail(new Error(`it could not start: ${messageOf(error)}`, { cause: error })));
}
