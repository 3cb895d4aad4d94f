// The same job by others, in one run on one machine: reads from Mosquitto into Postgres by Node-RED (installed from npm into a folder
// that goes away), by a service that inserts each read as it comes, and by Tallygate, which also decides what has moved.
// `npm run bench:peers`.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog } from '../../../src/kit/log.ts';
import { sleep } from '../../../src/kit/sleep.ts';
import { openClient, type Client } from '../../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../../src/store/embedded.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { missingMosquitto, openMosquitto, type Mosquitto } from '../../support/mosquitto.ts';
import { answer, load, start } from '../bench.ts';
import type { LoadOrder } from '../load.ts';
import type { ServiceOrder } from '../service.ts';
import { READS_PER_ENVELOPE } from '../traffic.ts';

/** The last that runs on Node 20. */
const NODE_RED = 'node-red@4.1.8';
/** Who has not taken what was sent by then is judged by what it has. */
const TAKEN_WITHIN_MS = 120_000;
const SUBSCRIBED_WITHIN_MS = 60_000;

interface Peer {
  readonly name: string;
  /** What it is sent: enough to keep it busy for some seconds. */
  readonly load: Pick<LoadOrder, 'seconds' | 'readsPerSecond'>;
  /** Starts it; resolves when it is subscribed. */
  readonly start: (mosquitto: Mosquitto) => Promise<ChildProcess>;
  /** Reads that have arrived. */
  readonly arrived: () => Promise<number>;
}

const undo: (() => unknown)[] = [];
const close = (step: () => unknown): void => void undo.push(step);
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

async function main(): Promise<void> {
  const missing = missingMosquitto();
  if (missing !== undefined) throw new Error(missing);
  const folder = await mkdtemp(join(tmpdir(), 'tallygate-peers-'));
  close(() => rm(folder, { recursive: true, force: true }));
  const log = createLog({ style: 'silent' });
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log });
  close(() => postgres.stop());
  const owner = await openClient({ url: postgres.url, name: 'bench', role: 'owner' });
  close(() => owner.end());
  await migrate(owner, log);
  await owner.query(
    'create table read (reader text, antenna integer, epc text, rssi_dbm real, seen_at timestamptz); create index on read (epc, seen_at)',
  );
  const nodeRed = installNodeRed(join(folder, 'node-red'));
  const environment = { ...process.env, DATABASE_URL: postgres.url };
  const peers: readonly Peer[] = [
    {
      name: 'Mosquitto, Node-RED, Postgres',
      load: { seconds: 1, readsPerSecond: 50_000 },
      start: (mosquitto) => startNodeRed(nodeRed, { ...environment, MQTT_PORT: String(mosquitto.port) }, mosquitto),
      arrived: () => count(owner, 'select count(*) as count from read'),
    },
    {
      name: 'Mosquitto, a service that inserts each read',
      load: { seconds: 1, readsPerSecond: 50_000 },
      start: (mosquitto) => startNaive({ ...environment, MQTT_URL: mosquitto.url }, mosquitto),
      arrived: () => count(owner, 'select count(*) as count from read'),
    },
    {
      name: 'Mosquitto, Tallygate: journal, decisions, ledger',
      load: { seconds: 10, readsPerSecond: 0 },
      start: async (mosquitto) => {
        const child = start('service.ts');
        child.send({ kind: 'engine', databaseUrl: postgres.url, brokerUrl: mosquitto.url } satisfies ServiceOrder);
        await answer(child);
        return child;
      },
      arrived: async () =>
        READS_PER_ENVELOPE * (await count(owner, 'select coalesce(sum(journal_offset), 0) as count from cursor')),
    },
  ];
  process.stdout.write(`machine  ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}\n`);
  const rates: number[] = [];
  for (const [run, peer] of peers.entries()) {
    await owner.query('truncate read');
    rates.push(await readsPerSecond(peer, run + 1));
    process.stdout.write(`${peer.name.padEnd(50)}${Math.round(rates.at(-1)!).toLocaleString('en')} reads/s\n`);
  }
  const [others, own] = [Math.max(...rates.slice(0, -1)), rates.at(-1)!];
  process.stdout.write(`Tallygate beside the faster of the others: ${(own / others).toFixed(0)} times\n`);
}

/** From the first message until all that was sent is in the database. */
async function readsPerSecond(peer: Peer, run: number): Promise<number> {
  const mosquitto = await openMosquitto(close);
  const child = await peer.start(mosquitto);
  try {
    const before = await peer.arrived();
    const startedAt = performance.now();
    const sent = await load({ port: mosquitto.port, window: 200, expectedReadsPerSecond: 200_000, run, ...peer.load });
    for (;;) {
      const arrived = (await peer.arrived()) - before;
      const took = performance.now() - startedAt;
      if (arrived >= sent.reads || took > TAKEN_WITHIN_MS) return arrived / (took / 1000);
      await sleep(100);
    }
  } finally {
    child.kill('SIGKILL');
    await mosquitto.kill();
  }
}

function installNodeRed(folder: string): string {
  process.stderr.write(`${NODE_RED} is installed into ${folder}\n`);
  const npm = spawnSync(
    'npm',
    ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', NODE_RED],
    {
      stdio: 'inherit',
    },
  );
  if (npm.status !== 0) throw new Error(`${NODE_RED} could not be installed; npm says why above.`);
  return folder;
}

async function startNodeRed(folder: string, env: NodeJS.ProcessEnv, mosquitto: Mosquitto): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [join(folder, 'node_modules/node-red/red.js'), '--settings', here('settings.cjs'), '--userDir', folder],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...env, FLOW_FILE: here('flow.json'), PG_MODULE: createRequire(import.meta.url).resolve('pg') },
    },
  );
  await subscribed(child, mosquitto, 'node-red');
  return child;
}

async function startNaive(env: NodeJS.ProcessEnv, mosquitto: Mosquitto): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', here('naive.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
  await subscribed(child, mosquitto, 'naive');
  return child;
}

/** Mosquitto has said that it is connected; it subscribes at once. */
async function subscribed(child: ChildProcess, mosquitto: Mosquitto, client: string): Promise<void> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${client} ended before it was subscribed.`)));
  ended.catch(() => undefined);
  const until = performance.now() + SUBSCRIBED_WITHIN_MS;
  while (!mosquitto.log().includes(` as ${client} `)) {
    if (performance.now() > until) throw new Error(`${client} does not connect to the broker.`);
    await Promise.race([sleep(100), ended]);
  }
  await sleep(500);
}

async function count(owner: Client, text: string): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(text);
  return rows[0]!.count;
}

try {
  await main();
} finally {
  for (const step of undo.toReversed()) await step();
}
