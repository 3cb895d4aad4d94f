// The whole service in one process: the engine behind its broker, telemetry, and the API, as `start` puts them together,
// on a database of the test's own.
import type { InjectOptions } from 'fastify';
import { pino } from 'pino';
import { openApi, type Api, type ApiOptions } from '../../src/api/open.ts';
import { openJournal } from '../../src/intake/journal.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createLog } from '../../src/kit/log.ts';
import { tellReadings } from '../../src/run/readings.ts';
import { openPool } from '../../src/store/database.ts';
import { postgresSink } from '../../src/telemetry/postgresSink.ts';
import { startProjector } from '../../src/telemetry/projector.ts';
import type { EnvelopeMessage } from '../../src/wire/envelope.ts';
import { closeAfterFile, closeAfterTest } from '../support/cleanUp.ts';
import { openEngine, type EngineSetting, type TestEngine } from '../support/engine.ts';
import { envelope } from '../support/sites.ts';
import { openTcpProxy, targetOf, type TcpProxy } from '../support/tcpProxy.ts';

/** What came back: the body parsed where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests say what they expect of it
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

type Query = Readonly<Record<string, string | number | boolean>>;
type Headers = Readonly<Record<string, string>>;

export interface TestService extends TestEngine {
  readonly api: Api;
  /** The network between the API and Postgres. */
  readonly apiProxy: TcpProxy;
  readonly ask: (options: InjectOptions) => Promise<Answer>;
  readonly get: (path: string, query?: Query, headers?: Headers) => Promise<Answer>;
  readonly post: (path: string, body?: object | string, headers?: Headers) => Promise<Answer>;
  readonly put: (path: string, body?: object | string, headers?: Headers) => Promise<Answer>;
  /** An envelope of a gateway, until it is acknowledged. */
  readonly deliver: (entries: Entries, more?: Delivery) => Promise<void>;
  /** A real port; the base URL. */
  readonly listen: () => Promise<string>;
}

export type Entries = Omit<EnvelopeMessage, 'v' | 'epoch' | 'seq' | 'oldest' | 'sentAt'>;
export interface Delivery {
  readonly site?: string;
  readonly gateway?: string;
  readonly epoch?: string;
  readonly seq?: number;
  readonly oldest?: number;
  readonly sentAt?: number;
}

/** What the API writes into its log when it answers 500. */
const DEFECT = 'a request met a defect';

/** `api` is laid over what the API is opened with. */
export interface ServiceSetting extends EngineSetting {
  readonly api?: Partial<ApiOptions>;
  /** That the API meets a defect is the point of the test; otherwise it fails it. */
  readonly isBroken?: boolean;
}

export async function openService(setting: ServiceSetting = {}): Promise<TestService> {
  const close = (setting.lives ?? 'file') === 'test' ? closeAfterTest : closeAfterFile;
  const engine = await openEngine({ lives: 'file', ...setting });
  const apiProxy = await openTcpProxy(targetOf(engine.database.url));
  close(() => apiProxy.close());
  startTelemetry(engine, close);
  const defects: string[] = [];
  const api = await openApi({
    database: { url: apiProxy.url(engine.database.url), name: 'test api' },
    influx: undefined,
    rules: undefined,
    alerts: {},
    engine: {
      metrics: () => engine.engine.figures.registry.metrics(),
      health: () => Promise.resolve(engine.engine.health()),
    },
    clock: systemClock,
    log: pino({ level: 'warn', base: null }, { write: (line) => void (line.includes(DEFECT) && defects.push(line)) }),
    version: '0.0.0-test',
    ...setting.api,
  });
  close(async () => {
    await api.close();
    if (defects.length > 0 && setting.isBroken !== true) throw new Error(`the API met defects: ${defects.join('')}`);
  });
  const ask = async (options: InjectOptions): Promise<Answer> => {
    const answer = await api.app.inject(options);
    const type = String(answer.headers['content-type'] ?? '');
    return {
      status: answer.statusCode,
      type,
      body: /[/+]json/.test(type) ? (answer.json() as unknown) : answer.body,
      headers: answer.headers,
    };
  };
  const withBody =
    (method: 'POST' | 'PUT') =>
    (url: string, body?: object | string, headers: Headers = {}): Promise<Answer> =>
      ask({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
  let seq = 0;
  return {
    ...engine,
    api,
    apiProxy,
    ask,
    get: (url, query = {}, headers = {}) =>
      ask({
        method: 'GET',
        url,
        headers,
        query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
      }),
    post: withBody('POST'),
    put: withBody('PUT'),
    async deliver(entries, { site = 'T1', gateway = 'gw-1', ...head } = {}) {
      const peer = await engine.connect();
      const text = envelope({ seq: ++seq, sentAt: Date.now(), ...head }, entries);
      await peer.untilAcknowledged(peer.publish(`tallygate/v1/${site}/${gateway}/envelope`, text));
      await peer.leave();
    },
    listen: () => api.app.listen({ host: '127.0.0.1', port: 0 }),
  };
}

/** As `start` does it. */
function startTelemetry({ engine, database }: TestEngine, close: (undo: () => unknown) => void): void {
  const pool = openPool({ url: database.url, name: 'test telemetry', max: 3, onError: () => {} });
  const log = createLog({ style: 'silent' });
  const projector = startProjector(postgresSink(pool), openJournal(pool, log), log);
  const fed = engine.rows$.subscribe((rows) => projector.feed(rows));
  const readings = tellReadings(engine.rows$, engine.sites, pool, log);
  close(async () => {
    fed.unsubscribe();
    readings.stop();
    await projector.stop();
    await pool.end();
  });
}
