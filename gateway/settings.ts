// What `tallygate gateway` was asked to do, from its arguments. Every mistake is a sentence that names the option and says
// what to do.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brokerUrls, withoutSecrets } from '../src/kit/brokerAddress.ts';
import { rejected } from '../src/kit/faults.ts';
import type { LogStyle } from '../src/kit/log.ts';
import { fileOf, secretOf } from '../src/kit/settingFile.ts';
import { envelopeTopic, parseTopic } from '../src/wire/topics.ts';
import type { BrokerOptions } from './link.ts';
import { OUTBOX_BYTES_MAX } from './outbox.ts';
import type { ReaderModule, ReaderValues } from './reader.ts';

export interface Settings {
  readonly site: string;
  readonly gateway: string;
  readonly broker: BrokerOptions;
  readonly folder: string;
  readonly outboxBytesMax: number;
  /** Names of reader modules. */
  readonly readers: readonly string[];
  readonly values: ReaderValues;
  readonly logLevel: string;
  readonly logStyle: LogStyle | undefined;
}

type Modules = Readonly<Record<string, ReaderModule>>;

const DEFAULT_BROKER = 'mqtt://127.0.0.1:1883';
const STYLES: readonly LogStyle[] = ['pretty', 'json'];
const LEVELS = ['debug', 'info', 'warn', 'error'];
/** Two segments of the smallest useful size. */
const OUTBOX_BYTES_LEAST = 1024 ** 2;

const OWN = {
  site: { type: 'string' },
  id: { type: 'string' },
  mqtt: { type: 'string' },
  username: { type: 'string' },
  'password-file': { type: 'string' },
  'client-id': { type: 'string' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  outbox: { type: 'string' },
  'outbox-max': { type: 'string' },
  reader: { type: 'string', multiple: true },
  'log-level': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const helpText = (
  modules: Modules,
): string => `tallygate gateway: takes reads from readers, keeps them on disk, and sends them until the service has them

  tallygate gateway --site DC1 --id gw-1 --reader tcp
  tallygate gateway --site DC1 --id gw-1 --mqtt mqtts://broker:8883 --username gw-1 --password-file gw-1.pw --reader tcp
  tallygate gateway --site DC1 --id gw-1 --reader file --in reads.ndjson --speed 10 --shift

Who it is
  --site SITE            the site, as in its site file
  --id GATEWAY           its name at the site; one gateway a name

Where it sends
  --mqtt URL             broker: mqtt, mqtts, ws or wss   (${DEFAULT_BROKER});
                         the nodes of a cluster with commas between them, tried in turn
  --username NAME        with --password-file FILE, whose first line is the password
  --ca FILE              PEM of who signed the broker's certificate; --cert FILE --key FILE for one of our own
  --client-id ID         MQTT client id   (tallygate/SITE/GATEWAY)

What it keeps until the service has it
  --outbox FOLDER        (.tallygate/outbox/GATEWAY)
  --outbox-max SIZE      like 500M or 4G; when it is full the oldest reads are lost, and that is logged   (1G)

What it reads; --reader may be given several times
${Object.entries(modules)
  .map(([name, module]) => readerHelp(name, module))
  .join('\n')}

  --log-level LEVEL      debug, info, warn, error   (info)
`;

const readerHelp = (name: string, { does, options }: ReaderModule): string =>
  [
    `  --reader ${name.padEnd(13)} ${does}`,
    ...options.map((option) => `      ${`--${option.name} ${option.value ?? ''}`.padEnd(18)} ${option.does}`),
  ].join('\n');

/** Undefined when help was asked for. Throws a `rejected` fault `usage` or `unreadable`, or what parseArgs throws. */
export function parseSettings(args: string[], modules: Modules, environment: NodeJS.ProcessEnv): Settings | undefined {
  const declared = Object.values(modules).flatMap(({ options }) => options);
  const ofReaders = Object.fromEntries(
    declared.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' } as const]),
  );
  const { values } = parseArgs({ args, options: { ...ofReaders, ...OWN } });
  if (values.help === true) return undefined;
  const { site, id: gateway } = values;
  if (site === undefined) throw usage('--site is missing: the site that this gateway belongs to, like --site DC1.');
  if (gateway === undefined) throw usage('--id is missing: the name of this gateway at its site, like --id gw-1.');
  checkNames(site, gateway);
  const readers = readersOf(values.reader ?? [], modules);
  checkReaderOptions(readers, values, modules);
  const data = environment['TALLYGATE_DATA_DIR'] || '.tallygate';
  return {
    site,
    gateway,
    broker: brokerOf(values, site, gateway),
    folder: values.outbox ?? join(data, 'outbox', gateway),
    outboxBytesMax: values['outbox-max'] === undefined ? OUTBOX_BYTES_MAX : bytesOf(values['outbox-max']),
    readers,
    values: values as ReaderValues,
    logStyle: STYLES.find((style) => style === environment['TALLYGATE_LOG_STYLE']),
    logLevel: levelOf(values['log-level'] ?? (environment['TALLYGATE_LOG_LEVEL'] || 'info')),
  };
}

const usage = (text: string): Error => rejected('usage', `${text} (--help tells more)`);

function checkNames(site: string, gateway: string): void {
  if (parseTopic(envelopeTopic(site, gateway)).kind === 'envelope') return;
  throw usage(
    `--site ${site} --id ${gateway}: names begin with a letter or digit, have letters, digits, dots, colons, dashes or ` +
      'underscores, at most 64 of them, and no gateway is called alert.',
  );
}

function readersOf(names: readonly string[], modules: Modules): readonly string[] {
  const known = Object.keys(modules).join(', ');
  if (names.length === 0) throw usage(`--reader is missing: say what to read from: ${known}.`);
  const unknown = names.find((name) => !Object.hasOwn(modules, name));
  if (unknown !== undefined) throw usage(`--reader ${unknown}: there are ${known}.`);
  return [...new Set(names)];
}

/** An option of a reader that was not asked for is most likely a mistake. */
function checkReaderOptions(readers: readonly string[], values: object, modules: Modules): void {
  const taken = new Set(readers.flatMap((name) => modules[name]!.options.map((option) => option.name)));
  for (const [name, { options }] of Object.entries(modules)) {
    const stray = options.find((option) => option.name in values && !taken.has(option.name));
    if (stray !== undefined) throw usage(`--${stray.name} belongs to --reader ${name}, which was not asked for.`);
  }
}

interface BrokerValues {
  readonly mqtt?: string | undefined;
  readonly username?: string | undefined;
  readonly 'password-file'?: string | undefined;
  readonly 'client-id'?: string | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

function brokerOf(values: BrokerValues, site: string, gateway: string): BrokerOptions {
  const { mqtt: url = DEFAULT_BROKER, username, 'password-file': passwordFile, ca, cert, key } = values;
  const urls = brokerUrls(url);
  if (urls === undefined) {
    throw usage(`--mqtt ${withoutSecrets(url)}: give a URL that begins with mqtt://, mqtts://, ws:// or wss://.`);
  }
  if (urls.some((each) => new URL(each).password !== '')) {
    throw usage('--mqtt: a password in the URL can be read by every user of this machine. Use --password-file.');
  }
  if (passwordFile !== undefined && username === undefined) throw usage('--password-file needs --username.');
  if ((cert === undefined) !== (key === undefined)) throw usage('--cert and --key belong together.');
  return {
    url,
    clientId: values['client-id'] ?? `tallygate/${site}/${gateway}`,
    username,
    password: secretOf('--password-file', passwordFile),
    ca: fileOf('--ca', ca),
    cert: fileOf('--cert', cert),
    key: fileOf('--key', key),
  };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

function bytesOf(text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([KMGT]?)$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(digits ?? Number.NaN) * UNITS[unit.toUpperCase()]!);
  if (bytes >= OUTBOX_BYTES_LEAST) return bytes;
  throw usage(`--outbox-max ${text}: give a size of at least 1M, like 500M or 4G.`);
}

function levelOf(text: string): string {
  if (LEVELS.includes(text)) return text;
  throw usage(`--log-level ${text}: there are ${LEVELS.join(', ')}.`);
}
