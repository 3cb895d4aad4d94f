// A real InfluxDB 1.x of one's own: Debian's influxd on a free port, with a folder that goes away. Nothing of the system's
// own InfluxDB, should there be one, is touched.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { closeAfterFile } from './cleanUp.ts';
import { inTime } from './wait.ts';

export interface Influx {
  readonly url: string;
  readonly port: number;
  /** Runs a statement of InfluxQL and gives its rows. */
  readonly ask: (statement: string, database?: string) => Promise<readonly (readonly unknown[])[]>;
}

const START_WITHIN_MS = 20_000;

/** Undefined when there is one; else what to install. */
export const missingInflux = (): string | undefined =>
  spawnSync('influxd', ['version']).status === 0
    ? undefined
    : 'influxd is not installed: apt-get install -y --no-install-recommends influxdb';

/** Started for a file of tests, ended after it. */
export async function openInflux(): Promise<Influx> {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-influx-'));
  closeAfterFile(() => rmSync(folder, { recursive: true, force: true }));
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
  bind-address = "127.0.0.1:0"
  log-enabled = false
`,
  );
  const server = spawn('influxd', ['run', '-config', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  closeAfterFile(async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  });
  const port = await inTime('influxd listens', listening(server.stderr), START_WITHIN_MS);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
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

/** The port that it says it listens on; what it says later is read as well, or it would wait for us. */
function listening(log: NodeJS.ReadableStream): Promise<number> {
  const lines = createInterface({ input: log });
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const [, port] = /Listening on HTTP.*addr=127\.0\.0\.1:(\d+)/.exec(line) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
    lines.on('close', () => reject(new Error('influxd ended')));
  });
}
