// One real service for all tests of the page: embedded Postgres, broker, engine, API, on free ports and in a temporary
// folder. It has two sites of its own and what a feed has sent it; demo traffic would make every run another one.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { inTime } from '../support/wait.ts';
import { findChromium } from './chromium.ts';
import { ASKING_SITE, INBOUND_SITE, LOADING_SITE, MAIN_SITE, QUIET_SITE, TRAINING_SITE } from './sites.ts';
import { seed } from './seed.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Undefined when there is no Chromium to look at it with. */
    service: { readonly url: string; readonly mqttUrl: string } | undefined;
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_WITHIN_MS = 90_000;
const STOPPED_WITHIN_MS = 8000;

// oxlint-disable-next-line import/no-default-export -- vitest asks for it
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  project.provide('service', undefined);
  if (findChromium() === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'tallygate-page-'));
  const config = join(folder, 'config');
  await mkdir(join(config, 'sites'), { recursive: true });
  for (const site of [MAIN_SITE, ASKING_SITE, QUIET_SITE, INBOUND_SITE, LOADING_SITE, TRAINING_SITE])
    await writeFile(join(config, 'sites', `${site.site}.yaml`), JSON.stringify(site));
  await writeFile(
    join(config, 'tallygate.yaml'),
    'carriers: [{ id: VAN, kind: manual }, { id: POST, kind: manifest }]\n',
  );
  const [http, mqtt] = [await freePort(), await freePort()];
  const service = spawn(process.execPath, ['src/tallygate.mjs', 'start'], {
    cwd: ROOT,
    env: {
      ...process.env,
      TALLYGATE_CONFIG: config,
      TALLYGATE_DATA_DIR: join(folder, 'data'),
      TALLYGATE_HTTP_PORT: String(http),
      TALLYGATE_MQTT_PORT: String(mqtt),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async (): Promise<void> => {
    await end(service);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(service);
    const place = { url: `http://127.0.0.1:${http}`, mqttUrl: `mqtt://127.0.0.1:${mqtt}` };
    await seed(place);
    project.provide('service', place);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilReady(service: ChildProcess): Promise<void> {
  let said = '';
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes('is running')) resolve();
    };
    service.stdout!.on('data', hear);
    service.stderr!.on('data', hear);
    service.once('exit', (code) => reject(new Error(`the service ended with code ${code}: ${said}`)));
  });
  await inTime('the service being ready', ready, READY_WITHIN_MS).catch((error: unknown) => {
    throw new Error(`${String(error)}; it said: ${said}`);
  });
}

async function end(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.signalCode !== null) return;
  const ended = once(service, 'exit');
  service.kill('SIGTERM');
  await inTime('the end of the service', ended, STOPPED_WITHIN_MS).catch(() => service.kill('SIGKILL'));
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
