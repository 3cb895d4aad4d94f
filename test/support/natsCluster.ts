// A real cluster of three NATS servers with their MQTT listeners: Debian's nats-server on free ports, sessions and queues on all
// three, in a folder that goes away.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { freePort } from './freePort.ts';
import { eventually } from './wait.ts';

export interface NatsNode {
  readonly url: string;
  /** kill -9, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

export interface NatsCluster {
  readonly nodes: readonly NatsNode[];
  /** The URLs of all, as the service takes them. */
  readonly url: string;
}

/** Undefined when there is one; else what to install. */
export const missingNats = (): string | undefined =>
  spawnSync('nats-server', ['--version']).status === 0
    ? undefined
    : 'nats-server is not installed: apt-get install -y --no-install-recommends nats-server';

const NODES = [0, 1, 2];

/** Started, and ready for sessions. */
export async function openNatsCluster(close: (undo: () => unknown) => void): Promise<NatsCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-nats-'));
  const ports = await Promise.all(
    NODES.map(async () => ({ client: await freePort(), mqtt: await freePort(), route: await freePort() })),
  );
  const routes = ports.map(({ route }) => `nats://127.0.0.1:${route}`).join(',');
  const servers: ChildProcess[] = [];
  const kill = async (server: ChildProcess): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  close(async () => {
    await Promise.all(servers.map((server) => kill(server)));
    rmSync(folder, { recursive: true, force: true });
  });
  for (const node of NODES) {
    const { client, mqtt, route } = ports[node]!;
    const store = join(folder, String(node));
    mkdirSync(store);
    const config = join(folder, `${node}.conf`);
    writeFileSync(
      config,
      `server_name: node-${node}
listen: 127.0.0.1:${client}
jetstream { store_dir: "${store}", max_file_store: 500MB }
cluster { name: tallygate, listen: 127.0.0.1:${route}, routes: [${routes}] }
mqtt { listen: 127.0.0.1:${mqtt}, stream_replicas: 3 }
`,
    );
    servers.push(spawn('nats-server', ['-c', config], { stdio: 'ignore' }));
  }
  const nodes = ports.map(({ mqtt }, node) => ({ url: `mqtt://127.0.0.1:${mqtt}`, kill: () => kill(servers[node]!) }));
  for (const { url } of nodes) {
    await eventually(
      'the node takes sessions',
      async () => {
        const client = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5000 }, false);
        await client.endAsync(true);
        return true;
      },
      40_000,
    );
  }
  return { nodes, url: nodes.map(({ url }) => url).join(',') };
}
