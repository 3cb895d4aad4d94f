// The broker that is not ours: where it is, who we are there, and what proves it. Passwords and certificates may be files,
// which are read at each connection, so that they can be renewed while the service runs.
import { Type, type Static } from 'typebox';
import { BROKER_PROTOCOLS, brokerUrls, withoutSecrets } from '../kit/brokerAddress.ts';

/** Beside `port` in the section `mqtt` of tallygate.yaml. */
export const EXTERNAL_BROKER_FIELDS = {
  url: Type.Optional(
    Type.String({
      description:
        'An external broker instead of the embedded one: mqtt://… or mqtts://…; the nodes of a cluster with commas between them.',
    }),
  ),
  username: Type.Optional(
    Type.String({ description: 'Who we are at the external broker; may also stand in its URL.' }),
  ),
  passwordFile: Type.Optional(Type.String({ description: 'File whose first line is the password.' })),
  ca: Type.Optional(
    Type.String({
      description: 'PEM file of who signed its certificate, for mqtts:// and wss://; else the usual ones.',
    }),
  ),
  cert: Type.Optional(Type.String({ description: 'PEM file of a certificate of our own; with key.' })),
  key: Type.Optional(Type.String({ description: 'PEM file of its private key.' })),
  version: Type.Optional(Type.Enum([4, 5], { description: 'MQTT 3.1.1 (4) or 5; found out when left out, 5 first.' })),
  clientId: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$',
      default: 'tallygate',
      description:
        'The MQTT client id of a site is this, a dash, and the site: another one for each installation on a broker.',
    }),
  ),
};

const ExternalBrokerFile = Type.Object(EXTERNAL_BROKER_FIELDS);
type ExternalBrokerFile = Static<typeof ExternalBrokerFile>;

export interface ExternalBroker {
  /** Of one broker, or the nodes of one cluster: tried in turn. */
  readonly urls: readonly string[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly passwordFile: string | undefined;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** 4 is MQTT 3.1.1; found out when undefined. */
  readonly version: 4 | 5 | undefined;
  /** Client ids begin with it. */
  readonly clientId: string;
}

export const EXTERNAL_BROKER_ENVIRONMENT: Readonly<Record<string, string>> = {
  TALLYGATE_MQTT_URL:
    'mqtt://… or mqtts://… instead of the embedded broker; several of a cluster with commas between them.',
  TALLYGATE_MQTT_USERNAME: 'Who we are at the external broker.',
  TALLYGATE_MQTT_PASSWORD: 'Its password.',
  TALLYGATE_MQTT_PASSWORD_FILE: 'Or the file whose first line it is.',
  TALLYGATE_MQTT_CA: 'PEM file of who signed the certificate of the external broker.',
  TALLYGATE_MQTT_CERT: 'PEM file of a certificate of our own; with TALLYGATE_MQTT_KEY.',
  TALLYGATE_MQTT_KEY: 'PEM file of its private key.',
  TALLYGATE_MQTT_VERSION: '3.1.1 or 5 (found out).',
  TALLYGATE_MQTT_CLIENT_ID: 'What client ids at the external broker begin with (tallygate).',
};

const VERSIONS: Readonly<Record<string, 4 | 5>> = { '3.1.1': 4, '4': 4, '5': 5 };

/** Undefined when no URL is configured, or one that cannot be used. `problem` is told of every value that cannot be used. */
export function externalBroker(
  file: ExternalBrokerFile,
  text: (variable: string) => string | undefined,
  problem: (variable: string, reason: string) => void,
): ExternalBroker | undefined {
  const list = text('TALLYGATE_MQTT_URL') ?? file.url;
  if (list === undefined) return undefined;
  const urls = brokerUrls(list);
  if (urls === undefined) {
    const wanted = BROKER_PROTOCOLS.map((protocol) => `${protocol}//`).join(', ');
    problem(
      'TALLYGATE_MQTT_URL',
      `${withoutSecrets(list)} (mqtt.url) is no URL of a broker: it begins with ${wanted} and names a host; several have commas between them`,
    );
    return undefined;
  }
  const version = text('TALLYGATE_MQTT_VERSION');
  if (version !== undefined && VERSIONS[version] === undefined)
    problem('TALLYGATE_MQTT_VERSION', `${version} is not one of 3.1.1, 5`);
  const clientId = text('TALLYGATE_MQTT_CLIENT_ID') ?? file.clientId ?? 'tallygate';
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/.test(clientId))
    problem(
      'TALLYGATE_MQTT_CLIENT_ID',
      `${clientId} has other characters than letters, digits, _ and -, or more than 32`,
    );
  const cert = text('TALLYGATE_MQTT_CERT') ?? file.cert;
  const key = text('TALLYGATE_MQTT_KEY') ?? file.key;
  if ((cert === undefined) !== (key === undefined))
    problem('TALLYGATE_MQTT_CERT', 'goes with TALLYGATE_MQTT_KEY (mqtt.cert with mqtt.key): one of them is missing');
  return {
    urls,
    username: text('TALLYGATE_MQTT_USERNAME') ?? file.username,
    password: text('TALLYGATE_MQTT_PASSWORD'),
    passwordFile: text('TALLYGATE_MQTT_PASSWORD_FILE') ?? file.passwordFile,
    ca: text('TALLYGATE_MQTT_CA') ?? file.ca,
    cert,
    key,
    version: VERSIONS[version ?? ''] ?? file.version,
    clientId,
  };
}
