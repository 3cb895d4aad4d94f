// A real Mosquitto of one's own: Debian's, on a free port, with a folder that goes away. Killed and started again at the same place
// it finds what it had written.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from './freePort.ts';
import { eventually } from './wait.ts';

export interface Mosquitto {
  readonly port: number;
  readonly url: string;
  readonly folder: string;
  /** kill -9, and waits until it is gone. */
  readonly kill: () => Promise<void>;
  /** Starts it again, where it was. */
  readonly start: () => Promise<void>;
  /** Everything that it has said. */
  readonly log: () => string;
}

/** Undefined when there is one; else what to install. */
export const missingMosquitto = (): string | undefined =>
  spawnSync('mosquitto', ['-h']).error === undefined
    ? undefined
    : 'mosquitto is not installed: apt-get install -y --no-install-recommends mosquitto';

/** What README asks of a broker: sessions and queues on disk, and many messages on their way. */
export const RECOMMENDED = `persistence true
autosave_interval 1
max_inflight_messages 2000
max_queued_messages 0
max_queued_bytes 0
`;

/** `settings`: lines of mosquitto.conf, beside where it listens and what it keeps; anybody may connect unless they say otherwise. */
export async function openMosquitto(
  close: (undo: () => unknown) => void,
  settings: string | ((folder: string) => string) = RECOMMENDED,
): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'tallygate-mosquitto-'));
  const port = await freePort();
  const more = typeof settings === 'string' ? settings : settings(folder);
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(
    config,
    `user ${userInfo().username}
persistence_location ${folder}/
listener ${port} 127.0.0.1
${more.includes('allow_anonymous') ? '' : 'allow_anonymous true'}
${more}`,
  );
  const said: string[] = [];
  let server: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  const start = async (): Promise<void> => {
    const started = spawn('mosquitto', ['-c', config], { stdio: ['ignore', 'pipe', 'pipe'] });
    server = started;
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (text: Buffer) => said.push(text.toString()));
    await eventually('mosquitto listens', () => listens(port));
  };
  close(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await start();
  return { port, url: `mqtt://127.0.0.1:${port}`, folder, kill, start, log: () => said.join('') };
}

/** Is there somebody at the port? */
export const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (is: boolean) => (): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
