// The command line a server is started with. All settings are on it and none in a file, so that comparing command
// lines tells whether a server that is found running is the one we would start.
import type { Binaries } from './embeddedBinaries.ts';
import type { Cluster } from './embeddedCluster.ts';

export type Settings = Readonly<Record<string, string>>;

/** For one service with some tens of connections on a small machine; `settings` of the caller replace these. */
const DEFAULTS: Settings = {
  // A confirmed read is on disk (P1). These are Postgres' own defaults; they are said so that nobody has to look.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // Steady bulk writes: rarer checkpoints write fewer full pages.
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '10min',
  max_connections: '50',
  jit: 'off',
  // A connection that is gone is noticed within five seconds, and its advisory locks with it.
  tcp_keepalives_idle: '3',
  tcp_keepalives_interval: '1',
  tcp_keepalives_count: '2',
  client_connection_check_interval: '2s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_line_prefix: '%m [%p] ',
};

/** What the rest of the manager relies on; `settings` do not replace these. */
const FIXED: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  ssl: 'off',
  logging_collector: 'off',
  log_destination: 'stderr',
  // After a crash of one of its processes it ends, and whoever started it starts it again. Restarting itself it may stay in
  // recovery for ever: when the disk fails once more while it recovers, and nobody recovers any longer.
  restart_after_crash: 'off',
};

export interface ServerCommand {
  readonly program: string;
  readonly version: string;
  argumentsFor(port: number): readonly string[];
}

export function serverCommand(binaries: Binaries, cluster: Cluster, settings: Settings): ServerCommand {
  const compression: Settings = binaries.lz4 ? { wal_compression: 'lz4' } : {};
  const all = { 'tallygate.folder': cluster.folder, ...DEFAULTS, ...compression, ...settings, ...FIXED };
  const set = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    program: binaries.postgres,
    version: binaries.version,
    argumentsFor: (port) => ['-D', cluster.folderForServer, '-p', String(port), ...set],
  };
}

/** Whether this command line is of a Postgres on this very folder, ours or one started by hand with `-D`. */
export function runsOn(found: string, folder: string): boolean {
  const line = ` ${oneSpaced(found)} `;
  const marks = [` tallygate.folder=${folder} `, ` -D ${folder} `].map(oneSpaced);
  return /^ (\S*\/)?postgres /.test(line) && marks.some((mark) => line.includes(mark));
}

/** Whether the command line is exactly what we would start on that port. */
export const isCommand = (found: string, command: ServerCommand, port: number): boolean =>
  oneSpaced(found).trim() === oneSpaced([command.program, ...command.argumentsFor(port)].join(' ')).trim();

/** `ps` and /proc differ in how they separate arguments that end with a space. */
const oneSpaced = (text: string): string => text.replaceAll(/\s+/g, ' ');
