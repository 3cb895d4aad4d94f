// What the routes work with.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ServiceAlerts } from '../config/alerts.ts';
import type { Carrier } from '../carriers/carrier.ts';
import type { RuleOverrides } from '../config/rules.ts';
import type { Clock } from '../kit/clock.ts';
import type { Pool } from '../store/database.ts';
import type { Commands } from './commands.ts';
import type { LiveFeed } from './feed.ts';
import type { SiteCatalogue } from './catalogue.ts';
import type { TelemetryReader } from '../telemetry/query.ts';

/** Fastify that types requests and answers by their TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface Context {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly catalogue: SiteCatalogue;
  readonly commands: Commands;
  readonly feed: LiveFeed;
  readonly telemetry: TelemetryReader;
  /** Rules of the service, laid under those of every site file that is loaded. */
  readonly rules: RuleOverrides | undefined;
  /** `alerts:` of tallygate.yaml. */
  readonly alerts: ServiceAlerts;
  /** By id. */
  readonly carriers: ReadonlyMap<string, Carrier>;
  /** Asks the engine; undefined when it does not answer in time. */
  readonly engine: {
    readonly metrics: () => Promise<string | undefined>;
    readonly health: () => Promise<EngineReport | undefined>;
  };
}

export interface EngineReport {
  readonly database: boolean;
  readonly waitingRows: number;
  /** Of a broker that is not ours. */
  readonly broker?: {
    readonly url: string;
    readonly sessions: number;
    readonly connected: number;
    readonly reason: string | undefined;
  };
  readonly sites: readonly { readonly site: string; readonly lagRows: number }[];
}
