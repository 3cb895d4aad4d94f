// The API with all that it stands on: its connections to Postgres, what it knows of the sites, who waits for what.
import type { Carrier } from '../carriers/carrier.ts';
import type { ServiceAlerts } from '../config/alerts.ts';
import type { SitePlan } from '../config/plan.ts';
import type { RuleOverrides } from '../config/rules.ts';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/log.ts';
import { within } from '../kit/sleep.ts';
import { openPool, type DatabaseOptions } from '../store/database.ts';
import type { InfluxConfig } from '../telemetry/influxServer.ts';
import { readerOf, type TelemetryReader } from '../telemetry/query.ts';
import { openCatalogue } from './catalogue.ts';
import { openCommands } from './commands.ts';
import type { App, Context } from './context.ts';
import { openFeed } from './feed.ts';
import { buildApi } from './server.ts';

export interface ApiOptions {
  readonly database: DatabaseOptions;
  /** Where telemetry is, when not in Postgres. */
  readonly influx: InfluxConfig | undefined;
  /** Rules of the service, laid under those of every site file that is loaded. */
  readonly rules: RuleOverrides | undefined;
  /** `alerts:` of tallygate.yaml. */
  readonly alerts: ServiceAlerts;
  /** Who takes parcels, by id. */
  readonly carriers?: ReadonlyMap<string, Carrier>;
  readonly engine: Context['engine'];
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
  /** Called with each commit of a site's ledger, from one row of its journal to another. */
  readonly onPosted?: (site: string, from: number, to: number) => void;
  /** How long a command is waited for; see openCommands. */
  readonly outcomeWithinMs?: number;
}

export interface Api {
  readonly app: App;
  /** Every site that was loaded, as it is now. */
  readonly plans: () => Promise<readonly SitePlan[]>;
  readonly telemetry: TelemetryReader;
  /** Ends requests and listeners within a second, then the connections to Postgres. */
  readonly close: () => Promise<void>;
}

const CONNECTIONS_MAX = 6;
const REQUESTS_END_WITHIN_MS = 1000;
const CONNECTIONS_END_WITHIN_MS = 500;

/** Ready to listen, or to be asked by `inject`. */
export async function openApi({ database, influx, log, clock, ...options }: ApiOptions): Promise<Api> {
  const pool = openPool({
    ...database,
    max: CONNECTIONS_MAX,
    onError: (error) => log.debug({ reason: error.message }, 'a database connection broke'),
  });
  const catalogue = openCatalogue(pool);
  const commands = openCommands(pool, clock, log, options.outcomeWithinMs);
  const feed = openFeed({
    pool,
    database,
    log,
    onPosted: (site, from, to) => {
      commands.posted(site);
      catalogue.stale();
      options.onPosted?.(site, from, to);
    },
  });
  const telemetry = readerOf(pool, influx);
  const disconnect = async (): Promise<void> => {
    await within(Promise.all([feed.stop(), pool.end()]), CONNECTIONS_END_WITHIN_MS);
  };
  try {
    const { engine, rules, alerts, carriers = new Map(), version } = options;
    const context: Context = {
      pool,
      clock,
      catalogue,
      commands,
      feed,
      telemetry,
      engine,
      rules,
      alerts,
      carriers,
    };
    const app = await buildApi(context, log, version);
    return {
      app,
      plans: () => catalogue.all(),
      telemetry,
      async close() {
        await within(app.close(), REQUESTS_END_WITHIN_MS);
        await disconnect();
      },
    };
  } catch (error) {
    await disconnect();
    throw error;
  }
}
