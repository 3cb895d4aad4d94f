// The engine on a database of its own: everything between an MQTT message and a posted transaction is real.
import { pino, type Logger } from 'pino';
import { serviceConfig, type ServiceConfig } from '../../src/config/service.ts';
import type { SiteFile } from '../../src/config/site.ts';
import { messageOf } from '../../src/kit/faults.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { startEngine, type Engine } from '../../src/run/engine.ts';
import { closeAfterFile, closeAfterTest } from './cleanUp.ts';
import { openDatabase, type TestDatabase } from './database.ts';
import { connectPeer, type Peer, type PeerOptions } from './mqttPeer.ts';
import { smallSite } from './sites.ts';
import { openTcpProxy, targetOf, type TcpProxy } from './tcpProxy.ts';
import { eventually } from './wait.ts';

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [name: string]: unknown;
}

export interface TestEngine {
  readonly engine: Engine;
  readonly database: TestDatabase;
  /** The network between the engine and Postgres; the test's own connections do not go through it. */
  readonly proxy: TcpProxy;
  readonly log: readonly LogLine[];
  readonly connect: (options?: PeerOptions) => Promise<Peer>;
  /** Waits until everything in the journal of a site is in its ledger. */
  readonly posted: (site?: string) => Promise<void>;
  /** Waits until so many deliveries have arrived and are not acknowledged. */
  readonly holding: (deliveries: number) => Promise<void>;
  readonly metric: (name: string, labels?: Readonly<Record<string, string>>) => Promise<number>;
  readonly stop: () => Promise<void>;
}

export interface EngineSetting {
  readonly sites?: readonly SiteFile[];
  readonly config?: Partial<ServiceConfig>;
  /** When a statement without an answer is given up. */
  readonly answerWithinMs?: number;
  /** An engine that was there before, whose database this one takes over. */
  readonly after?: TestEngine;
  /** A database that was filled before; one of its own when left out. */
  readonly filled?: TestDatabase;
  /** How long: a test, unless the tests of a file share it. */
  readonly lives?: 'test' | 'file';
}

export const ERROR = 50;

/** Starts one; it is stopped after the test, which fails when the engine had met a defect. */
export async function openEngine({
  sites = [smallSite()],
  config = {},
  answerWithinMs,
  after,
  filled,
  lives = 'test',
}: EngineSetting = {}): Promise<TestEngine> {
  const close = lives === 'test' ? closeAfterTest : closeAfterFile;
  const database = after?.database ?? filled ?? (await openDatabase(close));
  const proxy = await openTcpProxy(targetOf(database.url));
  close(() => proxy.close());
  const { log, lines } = collectingLog();
  const engine = await startEngine({
    config: { ...serviceConfig({}, {}, () => {}), ...config },
    sites: sites.map((file) => ({ file })),
    database: {
      url: proxy.url(database.url),
      name: 'test engine',
      ...(answerWithinMs === undefined ? {} : { answerWithinMs }),
    },
    mqttPort: 0,
    log,
    clock: systemClock,
  });
  let failure: unknown;
  void engine.failed.then((error) => (failure = error));
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= engine.stop());
  close(async () => {
    await stop();
    if (failure !== undefined) throw new Error(`the engine met a defect: ${messageOf(failure)}`, { cause: failure });
  });
  const service: TestEngine = {
    engine,
    database,
    proxy,
    log: lines,
    connect: (options) => connectPeer(engine.mqttPort, options),
    async posted(site = sites[0]!.site) {
      await eventually(`the ledger of ${site} has what its journal has`, async () => {
        const behind = await database.value(
          'select h.next_offset - 1 - c.journal_offset from journal_head h join cursor c using (site) where site = $1',
          [site],
        );
        return behind === 0;
      });
    },
    holding: (deliveries) =>
      eventually(`${deliveries} deliveries are held`, async () => {
        const held = await service.metric('tallygate_mqtt_held_deliveries');
        return held >= deliveries;
      }).then(() => undefined),
    async metric(name, labels = {}) {
      const metrics = await engine.figures.registry.getMetricsAsJSON();
      const values = metrics.find((metric) => metric.name === name)?.values ?? [];
      const found = values.find((value) =>
        Object.entries(labels).every(([label, is]) => (value.labels as Record<string, unknown>)[label] === is),
      );
      return found?.value ?? Number.NaN;
    },
    stop,
  };
  return service;
}

function collectingLog(): { readonly log: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = pino(
    { level: 'debug', base: null },
    { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) },
  );
  return { log, lines };
}

/** Rows of gateways and devices in the journal of a site: not the service's own. */
export const journalled = ({ database }: TestEngine, site = 'T1') =>
  database.rows<{ journal_offset: number; gateway: string; epoch: string; seq: number; kind: number }>(
    `select j.journal_offset, s.gateway, s.epoch, j.seq, j.kind from journal j join stream s using (site, stream)
     where site = $1 and s.gateway not in ('service', 'api') order by j.journal_offset`,
    [site],
  );

export interface QuarantineRow {
  readonly id: number;
  readonly site: string | null;
  readonly gateway: string | null;
  readonly topic: string;
  readonly seq: number | null;
  readonly code: string;
  readonly reason: string;
  readonly content: Buffer;
  readonly length: number;
  readonly sha256: string;
  readonly times: number;
  readonly state: string;
}

export const quarantined = ({ database }: TestEngine) =>
  database.rows<QuarantineRow>('select * from quarantine order by id');
