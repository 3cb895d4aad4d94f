// `tallygate start`: the service. With no configuration of one's own it runs the demo site with simulated traffic, on an
// embedded Postgres and an embedded broker. Stops cleanly on Ctrl-C; after a crash it goes on where it was.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfiguration, type Configuration } from '../config/load.ts';
import { startEngine, type Engine } from '../run/engine.ts';
import { publicUrl } from '../kit/brokerAddress.ts';
import { startChild } from '../kit/child.ts';
import { systemClock } from '../kit/clock.ts';
import { messageOf, rejected } from '../kit/faults.ts';
import { createLog, type Logger } from '../kit/log.ts';
import { openJournal } from '../intake/journal.ts';
import { onFreePort } from '../kit/ports.ts';
import { within } from '../kit/sleep.ts';
import { onStopSignal } from '../kit/stopSignal.ts';
import { tellReadings } from '../run/readings.ts';
import { planOf } from '../run/sites.ts';
import { openPool } from '../store/database.ts';
import type { EmbeddedPostgres } from '../store/embedded.ts';
import { dataDirectory, prepareDataDirectory } from '../store/embeddedFolders.ts';
import { lockInstance } from '../store/instanceLock.ts';
import { influxSink } from '../telemetry/influxSink.ts';
import { postgresSink } from '../telemetry/postgresSink.ts';
import { startProjector } from '../telemetry/projector.ts';
import { formatOf } from '../wire/formats/formats.ts';
import { VERSION } from '../version.ts';
import { startApi } from './startApi.ts';
import { keepPostgres, prepareDatabase } from './startPostgres.ts';
import type { Undo } from './undo.ts';

const HELP = `tallygate start

Runs the service: broker, pipeline, ledger, API and page. Everything it needs is embedded unless configured otherwise;
the README lists the configuration. Ctrl-C stops it.
`;

const OWN_CONFIG = fileURLToPath(new URL('../../config', import.meta.url));

/** A stop while starting waits so long for the step that is under way, so that it can be undone. */
const STARTING_WITHIN_MS = 1500;
/** What still runs when everything is undone does not keep us. */
const EXIT_WITHIN_MS = 300;

export async function startCommand(args: string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return 0;
  }
  if (args.length > 0)
    throw rejected(
      'usage',
      `start takes no arguments (${args.join(' ')}); it is configured by files and TALLYGATE_* variables.`,
    );
  const stop = stopSignal();
  const undo: Undo[] = [];
  let failure: unknown;
  try {
    // Stopped while starting: what has been started by then is undone.
    const running = run(undo, stop);
    failure = await Promise.race([running, aborted(stop).then(() => within(running, STARTING_WITHIN_MS))]);
  } finally {
    for (const step of undo.toReversed()) {
      await step().catch((error: unknown) => process.stderr.write(`while stopping: ${messageOf(error)}\n`));
    }
    setTimeout(() => process.exit(), EXIT_WITHIN_MS).unref();
  }
  if (failure !== undefined) throw failure;
  return 0;
}

async function run(undo: Undo[], stop: AbortSignal): Promise<unknown> {
  const environment = process.env;
  const folder = environment['TALLYGATE_CONFIG'] || OWN_CONFIG;
  const configuration = loadConfiguration(folder, environment, formatOf);
  const { service } = configuration;
  const log = createLog({
    level: service.logLevel,
    ...(service.logStyle === undefined ? {} : { style: service.logStyle }),
  });
  for (const warning of configuration.warnings) log.warn(warning);
  const dataDir = await prepareDataDirectory(dataDirectory(process.cwd(), environment));
  // Where both broker and database are elsewhere, nothing in the folder is this process's alone: others may share the sites.
  if (service.externalBroker === undefined || service.databaseUrl === undefined) {
    const lock = await lockInstance(dataDir);
    undo.push(async () => lock.release());
  }
  const postgres = service.databaseUrl === undefined ? await keepPostgres(dataDir, log, undo) : undefined;
  if (stop.aborted) return undefined;
  const url = service.databaseUrl ?? postgres!.url;
  await prepareDatabase(url, log);
  if (stop.aborted) return undefined;

  const taken: string[] = [];
  const engine = await onFreePort(
    service.mqttPort,
    service.mqttPortAsked,
    'TALLYGATE_MQTT_PORT',
    (mqttPort) =>
      startEngine({
        config: service,
        sites: configuration.sites.map(({ source }) => source),
        database: { url, name: 'tallygate' },
        mqttPort,
        log,
        clock: systemClock,
      }),
    (port) => taken.push(`MQTT port ${port} is taken; the next one is used`),
  );
  undo.push(() => engine.stop());
  if (stop.aborted) return undefined;
  startTelemetry(service, url, engine, log, undo);
  const api = await startApi({ config: service, databaseUrl: url }, engine, log, undo);
  for (const port of api.taken) taken.push(`HTTP port ${port} is taken; the next one is used`);
  const isDemo = wantsDemo(service, environment, log);
  if (isDemo) startDemo(folder, dataDir, engine, configuration, log, undo);
  for (const line of taken) log.warn(line);
  process.stdout.write(banner({ service, engine, httpPort: api.port, dataDir, postgres, isDemo }));

  const failed = await Promise.race([engine.failed, aborted(stop)]);
  if (failed === undefined) process.stdout.write('\nStopping…\n');
  else log.fatal({ err: failed }, 'the engine met a defect and stops; started again, it recovers from its journal');
  return failed;
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });

/** Aborts when we are asked to stop; who asks twice does not wait. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  onStopSignal(() => controller.abort());
  return controller.signal;
}

/** What devices measured goes to its store by a cursor of its own; what antennas read just now is told to the page. */
function startTelemetry(
  service: Configuration['service'],
  url: string,
  engine: Engine,
  log: Logger,
  undo: Undo[],
): void {
  const pool = openPool({
    url,
    name: 'tallygate telemetry',
    max: 3,
    onError: (error) => log.debug({ reason: error.message }, 'a database connection broke'),
  });
  const sink = service.influx === undefined ? postgresSink(pool) : influxSink(pool, service.influx, log);
  const projector = startProjector(sink, openJournal(pool, log), log);
  const fed = engine.rows$.subscribe((rows) => projector.feed(rows));
  fed.add(engine.taken$.subscribe(({ site, nextOffset }) => projector.catchUp(site, nextOffset - 1)));
  fed.add(engine.left$.subscribe((site) => projector.forget(site)));
  for (const { site, nextOffset } of engine.sites.bySite.values()) projector.catchUp(site, nextOffset - 1);
  const readings = tellReadings(engine.rows$, engine.sites, pool, log);
  undo.push(async () => {
    fed.unsubscribe();
    readings.stop();
    await projector.stop();
    await within(pool.end(), 500);
  });
}

/** Nobody's own broker gets simulated traffic that was not asked for. */
function wantsDemo(service: Configuration['service'], environment: NodeJS.ProcessEnv, log: Logger): boolean {
  if (environment['TALLYGATE_CONFIG'] !== undefined || environment['TALLYGATE_DEMO'] === '0') return false;
  if (service.externalBroker === undefined || environment['TALLYGATE_DEMO'] === '1') return true;
  log.info('no simulated traffic is sent to a broker of your own; TALLYGATE_DEMO=1 sends it');
  return false;
}

/** Simulated traffic at the demo site; its warehouse goes on where it was after a restart. */
function startDemo(
  folder: string,
  dataDir: string,
  engine: Engine,
  { sites, service }: Configuration,
  log: Logger,
  undo: Undo[],
): void {
  const first = sites[0]!.site;
  const args = [
    'simulate',
    '--site',
    join(folder, 'sites', `${first.toLowerCase()}.yaml`),
    '--mqtt',
    service.externalBroker === undefined ? `mqtt://127.0.0.1:${engine.mqttPort}` : service.externalBroker.urls[0]!,
    '--state',
    join(dataDir, `demo-${first}.json`),
  ];
  const child = startChild([...args], { ...process.env, TALLYGATE_QUIET: '1' }, () => {});
  let isStopping = false;
  undo.push(async () => {
    isStopping = true;
    await child.stop(1000);
  });
  void child.ended.then((code) => {
    if (!isStopping) log.warn({ code }, 'the demo traffic ended; the service goes on without it');
  });
}

interface Running {
  readonly service: Configuration['service'];
  readonly engine: Engine;
  readonly httpPort: number;
  readonly dataDir: string;
  readonly postgres: EmbeddedPostgres | undefined;
  readonly isDemo: boolean;
}

/** More sites than so are counted. */
const SITES_NAMED = 8;

/** Those that are in force here, as they are now: the API may have loaded others than the folder has, or them otherwise. */
function sitesText({ sites }: Engine): string {
  const named = [...sites.bySite.values()].map((live) => planOf(live)).map(({ site, name }) => `${site} (${name})`);
  if (named.length === 0) return 'none here: other processes have them';
  const more = named.length - SITES_NAMED;
  return more > 0 ? `${named.slice(0, SITES_NAMED).join(', ')} and ${more} more` : named.join(', ');
}

function banner({ service, engine, httpPort, dataDir, postgres, isDemo }: Running): string {
  const host = service.host === '0.0.0.0' || service.host === '::' ? 'localhost' : service.host;
  const mqtt =
    service.externalBroker === undefined
      ? `mqtt://${host}:${engine.mqttPort}`
      : `${publicUrl(service.externalBroker.urls.join(','))} (a broker of your own)`;
  const lines = [
    `Tallygate ${VERSION} is running${isDemo ? ', with simulated traffic at the demo site' : ''}.`,
    `  page       http://${host}:${httpPort}/          API  http://${host}:${httpPort}/docs`,
    `  MQTT       ${mqtt}      topics tallygate/v1/<site>/<gateway>/envelope`,
    `  sites      ${sitesText(engine)}`,
    `  data       ${postgres === undefined ? 'external Postgres' : `${dataDir} (embedded Postgres on port ${postgres.port})`}`,
    '  stop       Ctrl-C',
  ];
  return `${lines.join('\n')}\n`;
}
