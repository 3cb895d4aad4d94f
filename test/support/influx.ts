// A real InfluxDB 1.x of one's own: Debian's influxd on a free port, with a folder that goes away. Killed and started again at the
// same place it finds what it had written. Nothing of the system's own InfluxDB, should there be one, is touched.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAfterFile } from './cleanUp.ts';
import { freePort } from './freePort.ts';
import { listens } from './mosquitto.ts';
import { eventually } from './wait.ts';

export interface Influx {
  readonly url: string;
  readonly port: number;
  /** Runs a statement of InfluxQL and gives its rows. */
  readonly ask: (statement: string, database?: string) => Promise<readonly (readonly unknown[])[]>;
  /** kill -9, and waits until it is gone. */
  readonly kill: () => Promise<void>;
  /** Starts it again, where it was. */
  readonly start: () => Promise<void>;
  /** It stands still, with its connections open, until it is told to go on. */
  readonly hang: (hangs: boolean) => void;
}

const START_WITHIN_MS = 20_000;

/** Undefined when there is one; else what to install. */
export const missingInflux = (): string | undefined =>
  spawnSync('influxd', ['version']).status === 0
    ? undefined
    : 'influxd is not installed: apt-get install -y --no-install-recommends influxdb';

/** Started for a file of tests, or for a drill, and ended after it. */
export async function openInflux(): Promise<Influx> {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-influx-'));
  const port = await freePort();
  const config = join(folder, 'influxdb.conf');
  writeFileSync(
    config,
    `reporting-enabled = false
bind-address = "127.0.0.1:0"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
`,
  );
  let server: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  const start = async (): Promise<void> => {
    const started = spawn('influxd', ['run', '-config', config], { stdio: 'ignore' });
    server = started;
    await eventually('influxd listens', () => listens(port), START_WITHIN_MS);
  };
  closeAfterFile(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await start();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    kill,
    start,
    hang: (hangs) => void server?.kill(hangs ? 'SIGSTOP' : 'SIGCONT'),
    async ask(statement, database = '') {
      const form = new URLSearchParams({ q: statement, db: database });
      const response = await fetch(`${url}/query`, { method: 'POST', body: form });
      const body = (await response.json()) as {
        results?: { error?: string; series?: { values: unknown[][] }[] }[];
        error?: string;
      };
      const error = body.error ?? body.results?.[0]?.error;
      if (error !== undefined) throw new Error(`${statement}: ${error}`);
      return body.results?.[0]?.series?.flatMap(({ values }) => values) ?? [];
    },
  };
}
