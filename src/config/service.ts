// tallygate.yaml: how this installation runs. Environment variables TALLYGATE_* override it; both are listed here once,
// so that the configuration table of the README and the warning about unknown variables come from the same place.
import { Type, type Static } from 'typebox';
import { secretVariables, ServiceAlerts } from './alerts.ts';
import {
  EXTERNAL_BROKER_ENVIRONMENT,
  EXTERNAL_BROKER_FIELDS,
  externalBroker,
  type ExternalBroker,
} from './externalBroker.ts';
import { CarrierFile, carrierSecrets } from './carriers.ts';
import { RuleOverridesSchema, type RuleOverrides } from './rules.ts';
import { Milliseconds, Strict } from './schema.ts';

const Port = (description: string) => Type.Integer({ minimum: 0, maximum: 65_535, description });
const Days = (description: string, days: number) =>
  Type.Integer({ minimum: 1, maximum: 36_500, default: days, description });

export const ServiceFile = Strict({
  host: Type.Optional(
    Type.String({ description: 'Address that the API and the broker listen on.', default: '127.0.0.1' }),
  ),
  http: Type.Optional(Strict({ port: Type.Optional(Port('API and page.')) })),
  mqtt: Type.Optional(
    Strict({
      port: Type.Optional(Port('The embedded broker.')),
      ...EXTERNAL_BROKER_FIELDS,
    }),
  ),
  database: Type.Optional(
    Strict({ url: Type.Optional(Type.String({ description: 'postgres://… instead of the embedded Postgres.' })) }),
  ),
  influx: Type.Optional(
    Strict({
      url: Type.Optional(Type.String({ description: 'Telemetry goes to this InfluxDB instead of Postgres: http://…' })),
      version: Type.Optional(
        Type.Enum([1, 2, 3], {
          description: 'Of 1 written to by /write, of 2 and 3 by /api/v2/write; found out when left out.',
        }),
      ),
      token: Type.Optional(Type.String()),
      org: Type.Optional(Type.String()),
      bucket: Type.Optional(Type.String({ default: 'tallygate', description: 'Bucket (2) or database (1, 3).' })),
    }),
  ),
  log: Type.Optional(
    Strict({
      level: Type.Optional(Type.Enum(['debug', 'info', 'warn', 'error'], { default: 'info' })),
      style: Type.Optional(
        Type.Enum(['pretty', 'json'], { description: 'pretty at a terminal, json elsewhere, unless said.' }),
      ),
    }),
  ),
  retention: Type.Optional(
    Strict({
      journalDays: Type.Optional(Days('Journal; never younger than the last full checkpoint.', 90)),
      telemetryDays: Type.Optional(Days('Measures and reads, as they were.', 90)),
      telemetryMinutesDays: Type.Optional(Days('The same by the minute.', 400)),
      telemetryHoursDays: Type.Optional(Days('The same by the hour.', 3650)),
      quarantineDays: Type.Optional(Days('What could not be understood.', 30)),
    }),
  ),
  limits: Type.Optional(
    Strict({
      heldBytes: Type.Optional(
        Type.Integer({
          minimum: 1_048_576,
          default: 67_108_864,
          description: 'Bytes held unacknowledged over all connections.',
        }),
      ),
      connections: Type.Optional(Type.Integer({ minimum: 1, default: 2000, description: 'MQTT connections at once.' })),
      commitBytes: Type.Optional(
        Type.Integer({ minimum: 65_536, default: 8_388_608, description: 'What one journal commit takes at most.' }),
      ),
    }),
  ),
  snapshotEveryMs: Type.Optional(Milliseconds('Time between snapshots of the machines.', 120_000, { minimum: 1000 })),
  rules: Type.Optional(RuleOverridesSchema),
  alerts: Type.Optional(ServiceAlerts),
  carriers: Type.Optional(Type.Array(CarrierFile, { maxItems: 50, description: 'Who takes parcels.' })),
});

type RawServiceFile = Static<typeof ServiceFile>;
export type ServiceFile = Omit<RawServiceFile, 'rules' | 'alerts' | 'carriers'> & {
  rules?: RuleOverrides;
  alerts?: ServiceAlerts;
  carriers?: readonly CarrierFile[];
};

/** The configuration in force: file, environment and defaults laid together. */
export interface ServiceConfig {
  readonly host: string;
  readonly httpPort: number;
  readonly mqttPort: number;
  /** Asked for by name, so a taken port is an error; a default one may give way to the next. */
  readonly httpPortAsked: boolean;
  readonly mqttPortAsked: boolean;
  /** Instead of the embedded broker. */
  readonly externalBroker: ExternalBroker | undefined;
  readonly databaseUrl: string | undefined;
  readonly influx:
    | {
        readonly url: string;
        /** Found out when undefined. */
        readonly version: 1 | 2 | 3 | undefined;
        readonly token: string;
        readonly org: string;
        readonly bucket: string;
      }
    | undefined;
  readonly logLevel: string;
  readonly logStyle: 'pretty' | 'json' | undefined;
  readonly journalDays: number;
  readonly telemetryDays: number;
  readonly telemetryMinutesDays: number;
  readonly telemetryHoursDays: number;
  readonly quarantineDays: number;
  readonly heldBytesMax: number;
  readonly connectionsMax: number;
  readonly commitBytesMax: number;
  readonly snapshotEveryMs: number;
  readonly rules: RuleOverrides | undefined;
  readonly alerts: ServiceAlerts;
  readonly carriers: readonly CarrierFile[];
}

/** Every variable that the service knows. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  TALLYGATE_CONFIG: 'Folder with tallygate.yaml and sites/; with it set there is no demo traffic.',
  TALLYGATE_DATA_DIR: 'Folder for the embedded Postgres and all else the service keeps.',
  TALLYGATE_HOST: 'Address to listen on (127.0.0.1).',
  TALLYGATE_HTTP_PORT: 'API and page (8080).',
  TALLYGATE_MQTT_PORT: 'Embedded broker (1883).',
  TALLYGATE_DATABASE_URL: 'postgres://… instead of the embedded Postgres.',
  ...EXTERNAL_BROKER_ENVIRONMENT,
  TALLYGATE_INFLUX_URL: 'http://… : telemetry goes to this InfluxDB.',
  TALLYGATE_INFLUX_VERSION: 'Of what version it is: 1, 2 or 3 (found out).',
  TALLYGATE_INFLUX_TOKEN: 'Token, or user:password.',
  TALLYGATE_INFLUX_ORG: 'Organisation (version 2).',
  TALLYGATE_INFLUX_BUCKET: 'Bucket, or database (tallygate).',
  TALLYGATE_LOG_LEVEL: 'debug, info, warn or error (info).',
  TALLYGATE_LOG_STYLE: 'pretty or json.',
  TALLYGATE_DEMO: '0: no demo traffic although nothing is configured; 1: also to an external broker.',
};

/** Names of TALLYGATE_* variables that mean nothing: most likely typing mistakes. */
export const unknownVariables = (
  environment: NodeJS.ProcessEnv,
  { alerts, carriers }: Pick<ServiceConfig, 'alerts' | 'carriers'>,
): string[] => {
  const secrets = new Set([...secretVariables(alerts), ...carrierSecrets(carriers)]);
  return Object.keys(environment).filter(
    (name) => name.startsWith('TALLYGATE_') && !(name in ENVIRONMENT) && !secrets.has(name),
  );
};

export const DEFAULT_HTTP_PORT = 8080;
export const DEFAULT_MQTT_PORT = 1883;

/** Lays the environment over the file over the defaults. `problem` is told of every value that cannot be used. */
export function serviceConfig(
  file: ServiceFile,
  environment: NodeJS.ProcessEnv,
  problem: (variable: string, reason: string) => void,
): ServiceConfig {
  const text = (name: string): string | undefined => environment[name] || undefined;
  const port = (name: string): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
    problem(name, `${value} is no port number`);
    return undefined;
  };
  const oneOf = (name: string, allowed: readonly string[]): string | undefined => {
    const value = text(name);
    if (value === undefined || allowed.includes(value)) return value;
    problem(name, `${value} is not one of ${allowed.join(', ')}`);
    return undefined;
  };
  const url = (name: string, fromFile: string | undefined, protocols: readonly string[]): string | undefined => {
    const value = text(name) ?? fromFile;
    if (value === undefined) return undefined;
    if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
    problem(
      name,
      `${value} is not a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );
    return undefined;
  };
  const httpPort = port('TALLYGATE_HTTP_PORT') ?? file.http?.port;
  const mqttPort = port('TALLYGATE_MQTT_PORT') ?? file.mqtt?.port;
  const hasOwnBroker = (text('TALLYGATE_MQTT_URL') ?? file.mqtt?.url) === undefined;
  if (hasOwnBroker && httpPort !== undefined && httpPort !== 0 && httpPort === mqttPort)
    problem('TALLYGATE_MQTT_PORT', `${mqttPort} is TALLYGATE_HTTP_PORT too: API and broker need a port each`);
  const influxUrl = url('TALLYGATE_INFLUX_URL', file.influx?.url, ['http:', 'https:']);
  const influxVersion = oneOf('TALLYGATE_INFLUX_VERSION', ['1', '2', '3']) ?? file.influx?.version?.toString();
  const style = oneOf('TALLYGATE_LOG_STYLE', ['pretty', 'json']) ?? file.log?.style;
  return {
    host: text('TALLYGATE_HOST') ?? file.host ?? '127.0.0.1',
    httpPort: httpPort ?? DEFAULT_HTTP_PORT,
    mqttPort: mqttPort ?? DEFAULT_MQTT_PORT,
    httpPortAsked: httpPort !== undefined,
    mqttPortAsked: mqttPort !== undefined,
    externalBroker: externalBroker(file.mqtt ?? {}, text, problem),
    databaseUrl: url('TALLYGATE_DATABASE_URL', file.database?.url, ['postgres:', 'postgresql:']),
    influx:
      influxUrl === undefined
        ? undefined
        : {
            url: influxUrl,
            version:
              influxVersion === undefined ? undefined : influxVersion === '1' ? 1 : influxVersion === '2' ? 2 : 3,
            token: text('TALLYGATE_INFLUX_TOKEN') ?? file.influx?.token ?? '',
            org: text('TALLYGATE_INFLUX_ORG') ?? file.influx?.org ?? '',
            bucket: text('TALLYGATE_INFLUX_BUCKET') ?? file.influx?.bucket ?? 'tallygate',
          },
    logLevel: oneOf('TALLYGATE_LOG_LEVEL', ['debug', 'info', 'warn', 'error']) ?? file.log?.level ?? 'info',
    logStyle: style === 'pretty' || style === 'json' ? style : undefined,
    journalDays: file.retention?.journalDays ?? 90,
    telemetryDays: file.retention?.telemetryDays ?? 90,
    telemetryMinutesDays: file.retention?.telemetryMinutesDays ?? 400,
    telemetryHoursDays: file.retention?.telemetryHoursDays ?? 3650,
    quarantineDays: file.retention?.quarantineDays ?? 30,
    heldBytesMax: file.limits?.heldBytes ?? 67_108_864,
    connectionsMax: file.limits?.connections ?? 2000,
    commitBytesMax: file.limits?.commitBytes ?? 8_388_608,
    snapshotEveryMs: file.snapshotEveryMs ?? 120_000,
    rules: file.rules,
    alerts: checkedAlerts(file.alerts ?? {}, environment, problem),
    carriers: checkedCarriers(file.carriers ?? [], environment, problem),
  };
}

/** A channel without its secret would find out when it is needed most. */
function checkedAlerts(
  alerts: ServiceAlerts,
  environment: NodeJS.ProcessEnv,
  problem: (variable: string, reason: string) => void,
): ServiceAlerts {
  for (const name of secretVariables(alerts))
    if (!environment[name]) problem(name, 'is named by a channel of alerts in tallygate.yaml, but is not set');
  return alerts;
}

/** One that cannot say who we are would find out with the first parcel. */
function checkedCarriers(
  carriers: readonly CarrierFile[],
  environment: NodeJS.ProcessEnv,
  problem: (variable: string, reason: string) => void,
): readonly CarrierFile[] {
  for (const name of carrierSecrets(carriers))
    if (!environment[name]) problem(name, 'is named by a carrier in tallygate.yaml, but is not set');
  return carriers;
}
