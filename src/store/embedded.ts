// The embedded Postgres: a real server, started on first use and kept below the data folder. It listens on loopback
// only, never runs as root, survives our death and is adopted by the next start; two services never share one.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault, messageOf } from '../kit/faults.ts';
import type { Logger } from '../kit/log.ts';
import { accountFor } from './embeddedAccount.ts';
import { findBinaries } from './embeddedBinaries.ts';
import { prepareCluster, type Cluster } from './embeddedCluster.ts';
import { serverCommand, type ServerCommand, type Settings } from './embeddedCommand.ts';
import { asFault, mayPass } from './embeddedFaults.ts';
import { CLUSTER_NAME, prepareDataDirectory } from './embeddedFolders.ts';
import { keepLogBounded, logFile, logTail } from './embeddedLog.ts';
import { ensureDatabase, urlOf } from './embeddedQuestion.ts';
import { adoptServer, launchServer, stopServer, type Server } from './embeddedServer.ts';
import { lockInstance, type InstanceLock } from './instanceLock.ts';

/** How long to try again while a port is lost to others or children of a killed server still write. */
const RETRY_MS = 20_000;
const RETRY_EVERY_MS = 100;

export interface EmbeddedPostgres {
  /** `postgres://tallygate:<password>@127.0.0.1:<port>/tallygate` */
  readonly url: string;
  readonly dataDir: string;
  readonly port: number;
  readonly pid: number;
  /** Whether the server was running already, left behind by a Tallygate that was killed. */
  readonly adopted: boolean;
  /**
   * Resolves, with the reason, if the server ends without `stop()`; never rejects. Nothing of it runs then: start it
   * again with `startEmbeddedPostgres` and this `port`, and pools that know the URL find it.
   */
  readonly died: Promise<Fault>;
  /** Ends the server and gives up the folder. Calling it again changes nothing. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: Logger;
  /** Postgres settings that replace our own, such as `{ shared_buffers: '1GB' }`. */
  readonly settings?: Settings;
  /** Tried first; another free one is taken when somebody has it. */
  readonly port?: number;
  /** Another `native` folder of a platform package, for tests. */
  readonly binaries?: string;
}

/**
 * Starts Postgres on the data folder, or adopts the server that still runs there, and returns when it answers.
 * @throws Fault `rejected` for what a person must put right, `unavailable` for what may pass, `already-running`
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  let lock: InstanceLock | undefined;
  try {
    const dataDir = await prepareDataDirectory(options.dataDir);
    lock = await lockInstance(dataDir, CLUSTER_NAME);
    const { cluster, command } = await prepare(dataDir, options);
    const server = await adoptOrLaunch(cluster, command, options);
    return await handOver(server, cluster, lock, options.log);
  } catch (error) {
    await lock?.release();
    throw asFault(error, options.dataDir);
  }
}

async function prepare(
  dataDir: string,
  options: EmbeddedOptions,
): Promise<{ readonly cluster: Cluster; readonly command: ServerCommand }> {
  const { log } = options;
  const account = await accountFor(join(dataDir, CLUSTER_NAME));
  const binaries = await findBinaries({ dataDir, account, log, source: options.binaries });
  const cluster = await prepareCluster({ dataDir, account, binaries, log });
  return { cluster, command: serverCommand(binaries, cluster, options.settings ?? {}) };
}

async function adoptOrLaunch(cluster: Cluster, command: ServerCommand, options: EmbeddedOptions): Promise<Server> {
  const deadline = performance.now() + RETRY_MS;
  for (let { port } = options; ;) {
    try {
      return (
        (await adoptServer(cluster, command, options.log)) ?? (await launchServer(cluster, command, options.log, port))
      );
    } catch (error) {
      const code = error instanceof Fault ? error.code : '';
      const passes = code === 'postgres-port-taken' || code === 'postgres-still-ending';
      if (!passes || performance.now() > deadline) throw error;
      if (code === 'postgres-port-taken') port = undefined;
      await delay(RETRY_EVERY_MS);
    }
  }
}

async function handOver(server: Server, cluster: Cluster, lock: InstanceLock, log: Logger): Promise<EmbeddedPostgres> {
  const { port, adopted } = server;
  const { pid } = server.facts;
  await ensureDatabase(cluster, port).catch(async (error: unknown) => {
    await stopServer(server, cluster, log);
    throw error;
  });
  const leaveLog = keepLogBounded(cluster.dataDir);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    leaveLog();
    await stopServer(server, cluster, log);
    await lock.release();
  };
  const died = new Promise<Fault>((resolve) => {
    const report = async (how: string): Promise<void> => {
      if (stopping) return;
      leaveLog();
      await lock.release().catch(() => undefined); // one left behind is taken over by the next start
      resolve(await diedFault(pid, how, cluster.dataDir));
    };
    void server.ended.then(report);
  });
  const url = urlOf(cluster, port);
  return { url, dataDir: cluster.dataDir, port, pid, adopted, died, stop: () => (stopping ??= stop()) };
}

async function diedFault(pid: number, how: string, dataDir: string): Promise<Fault> {
  const tail = await logTail(dataDir).catch(messageOf);
  return mayPass('postgres-died', `Postgres (process ${pid}) ${how}. Its log ${logFile(dataDir)} ends with:\n${tail}`, {
    pid,
  });
}
