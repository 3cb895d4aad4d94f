// `tallygate api`: the API in a process of its own, so that it stays quick while the intake is under load. Started by
// `start`, which tells it where the database is and answers what it asks of the engine.
import type { AddressInfo } from 'node:net';
import type { EngineReport } from '../api/context.ts';
import { openApi, type Api } from '../api/open.ts';
import { openCarriers } from '../carriers/carrier.ts';
import type { ServiceConfig } from '../config/service.ts';
import { onParentStop } from '../kit/child.ts';
import { systemClock } from '../kit/clock.ts';
import { messageOf } from '../kit/faults.ts';
import { createLog } from '../kit/log.ts';
import { asAddressFault, onFreePort } from '../kit/ports.ts';
import { sleep, within } from '../kit/sleep.ts';
import { VERSION } from '../version.ts';
import type { SiteFigures } from '../watch/finding.ts';
import { openWatch, type Watch } from '../watch/watch.ts';

/** What `start` sends first. */
export interface ApiStart {
  readonly config: ServiceConfig;
  readonly databaseUrl: string;
}

/** What the API sends to `start`. */
export type ApiMessage =
  | { readonly ready: { readonly port: number; readonly taken: readonly number[] } }
  | { readonly failed: string }
  | { readonly ask: 'metrics' | 'health' | 'figures'; readonly id: number }
  | { readonly ask: 'publish'; readonly id: number; readonly topic: string; readonly payload: string };
type Question = 'metrics' | 'health' | 'figures' | 'publish';

const ANSWER_WITHIN_MS = 2000;

/** Runs until the parent stops it. */
export async function apiCommand(): Promise<number> {
  if (process.send === undefined) {
    process.stderr.write('tallygate api is started by tallygate start.\n');
    return 2;
  }
  const start = await new Promise<ApiStart>((resolve) => {
    process.once('message', (message) => resolve(message as ApiStart));
  });
  const { config, databaseUrl } = start;
  const log = createLog({
    level: config.logLevel,
    ...(config.logStyle === undefined ? {} : { style: config.logStyle }),
  }).child({ process: 'api' });
  const stopped = new Promise<void>((resolve) => onParentStop(resolve));
  let api: Api | undefined;
  let watch: Watch | undefined;
  const parent = askParent();
  try {
    api = await openApi({
      database: { url: databaseUrl, name: 'tallygate api' },
      influx: config.influx,
      rules: config.rules,
      alerts: config.alerts,
      carriers: openCarriers(config.carriers, (variable) => process.env[variable]),
      engine: {
        metrics: async () => {
          const texts = await Promise.all([parent.metrics(), watch?.metrics()]);
          return texts[0] === undefined ? undefined : texts.filter((text) => text !== undefined).join('');
        },
        health: parent.health,
      },
      clock: systemClock,
      log,
      version: VERSION,
      onPosted: (site, from, to) => watch?.posted(site, from, to),
    });
    const { app, plans, telemetry } = api;
    watch = openWatch({
      database: { url: databaseUrl, name: 'tallygate watch' },
      alerts: config.alerts,
      telemetry,
      sink: config.influx === undefined ? 'postgres' : 'influx',
      plans,
      engine: { figures: parent.figures, publish: parent.publish },
      secret: (variable) => process.env[variable],
      clock: systemClock,
      log,
    });
    const taken: number[] = [];
    await onFreePort(
      config.httpPort,
      config.httpPortAsked,
      'TALLYGATE_HTTP_PORT',
      (port) =>
        app.listen({ host: config.host, port }).catch((error: unknown) => {
          throw asAddressFault(error, config.host);
        }),
      (port) => taken.push(port),
    );
    tell({ ready: { port: (app.server.address() as AddressInfo).port, taken } });
    await stopped;
  } catch (error) {
    tell({ failed: messageOf(error) });
    await sleep(100);
    return 1;
  } finally {
    await watch?.stop();
    await api?.close();
  }
  return 0;
}

const tell = (message: ApiMessage): void => {
  process.send?.(message, undefined, undefined, () => {});
};

/** Questions to the parent, each with an answer or, after a while, none. */
function askParent(): {
  readonly metrics: () => Promise<string | undefined>;
  readonly health: () => Promise<EngineReport | undefined>;
  readonly figures: () => Promise<readonly SiteFigures[] | undefined>;
  readonly publish: (topic: string, payload: string) => Promise<boolean>;
} {
  const open = new Map<number, (answer: unknown) => void>();
  let next = 0;
  process.on('message', (message) => {
    const { id, answer } = message as { id?: number; answer?: unknown };
    if (id === undefined) return;
    open.get(id)?.(answer);
    open.delete(id);
  });
  const ask = async <T>(what: Question, more: object = {}): Promise<T | undefined> => {
    const id = next++;
    const answer = new Promise<unknown>((resolve) => open.set(id, resolve));
    tell({ ask: what, id, ...more } as ApiMessage);
    const result = await within(answer, ANSWER_WITHIN_MS);
    open.delete(id);
    return result as T | undefined;
  };
  return {
    metrics: () => ask<string>('metrics'),
    health: () => ask<EngineReport>('health'),
    figures: () => ask<readonly SiteFigures[]>('figures'),
    publish: async (topic, payload) => (await ask<boolean>('publish', { topic, payload })) === true,
  };
}
