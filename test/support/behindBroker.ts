// The whole service behind a broker that is not ours.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PromisedSender } from './promisedSender.ts';
import { install, type Installation, type Service } from './serviceProcess.ts';
import { eventually } from './wait.ts';

const SITE_FILE = fileURLToPath(new URL('../../config/sites/dc1.yaml', import.meta.url));

/** A service with these sites, behind the broker. */
export function installBehind(url: string, sites: readonly string[], more: NodeJS.ProcessEnv = {}): Installation {
  const home = install({ TALLYGATE_MQTT_URL: url, ...more });
  const config = join(home.folder, 'config');
  mkdirSync(join(config, 'sites'), { recursive: true });
  for (const site of sites)
    writeFileSync(
      join(config, 'sites', `${site}.yaml`),
      readFileSync(SITE_FILE, 'utf8').replace('site: DC1', `site: ${site}`),
    );
  home.environment['TALLYGATE_CONFIG'] = config;
  return home;
}

/** Waits for so many more receipts. */
export const more = (sender: PromisedSender, envelopes: number): Promise<unknown> => {
  const until = sender.promised() + envelopes;
  return eventually(`${envelopes} more receipts`, () => sender.promised() >= until, 40_000);
};

/** As `/readyz` says. */
export async function isReady(service: Service): Promise<boolean> {
  const { status } = await fetch(`http://127.0.0.1:${service.httpPort}/readyz`);
  return status === 200;
}
