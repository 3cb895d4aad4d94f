// One server process: starting it, finding the one a killed Tallygate left behind, ending it. Signals go to a pid only
// after making sure that it is a Postgres on this very folder. The caller holds the data folder's lock.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import type { Logger } from '../kit/log.ts';
import { serverEnvironment } from './embeddedAccount.ts';
import type { Cluster } from './embeddedCluster.ts';
import { isCommand, runsOn, type ServerCommand } from './embeddedCommand.ts';
import { cannotRun, mayPass, startFault } from './embeddedFaults.ts';
import { logLength, logTail, openLog } from './embeddedLog.ts';
import { disown, readPidFile, type PidFile } from './embeddedPidFile.ts';
import { lookUpProcess, stillRuns, waitUntil, type ProcessFacts } from './embeddedProcess.ts';
import { askServer } from './embeddedQuestion.ts';

/** After a crash the server replays up to max_wal_size of its log before it answers. */
const RECOVERY_MAX_MS = 10 * 60_000;
const RECOVERY_TOLD_EVERY_MS = 10_000;
const WATCH_EVERY_MS = 250;

type Patience = readonly (readonly [NodeJS.Signals, number])[];
/** SIGINT ends sessions and writes a checkpoint; SIGQUIT leaves both to recovery at the next start. In ms. */
const PATIENT: Patience = [
  ['SIGINT', 8_000],
  ['SIGQUIT', 3_000],
  ['SIGKILL', 5_000],
];
/** For one that did not answer: it will hardly react, but may. */
const SHORT: Patience = [
  ['SIGINT', 1_000],
  ['SIGQUIT', 1_000],
  ['SIGKILL', 5_000],
];

export interface Server {
  readonly facts: ProcessFacts;
  readonly port: number;
  readonly adopted: boolean;
  /** Resolves, with how, when the process has ended for whatever reason. */
  readonly ended: Promise<string>;
}

/** Starts a server and waits until it takes connections. @throws Fault, with what the server wrote */
export async function launchServer(
  cluster: Cluster,
  command: ServerCommand,
  log: Logger,
  wantedPort: number | undefined,
): Promise<Server> {
  const port = wantedPort ?? (await freePort());
  const logStart = await logLength(cluster.dataDir);
  const { facts, ended, endedHow } = await spawnServer(cluster, command, port);
  const settled = async (): Promise<boolean> => {
    if (endedHow() !== undefined) return true;
    const note = await readPidFile(cluster.folder);
    return note?.pid === facts.pid && note.status === 'ready';
  };
  if (!(await waitForRecovery(settled, log))) {
    await endServer(facts, cluster, log, PATIENT);
    throw mayPass('postgres-recovery', `Postgres did not become ready within ${RECOVERY_MAX_MS / 60_000} minutes.`);
  }
  const how = endedHow();
  if (how === undefined) return { facts, port, adopted: false, ended };
  throw startFault(`Postgres ${how} while starting`, await logTail(cluster.dataDir, logStart), cluster.folder);
}

async function spawnServer(cluster: Cluster, command: ServerCommand, port: number) {
  const logFd = await openLog(cluster.dataDir);
  const child = spawnInto(logFd, cluster, command.program, command.argumentsFor(port));
  child.unref();
  let how: string | undefined;
  const ended = new Promise<string>((resolve) => {
    const end = (reason: string): void => resolve((how = reason));
    child.once('error', (error) => end(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => end(signal === null ? `exited with code ${code}` : `was ended by ${signal}`));
  });
  if (child.pid === undefined) throw cannotRun(command.program, cluster.account.name, await ended);
  const facts = lookUpProcess(child.pid) ?? { pid: child.pid, startedAt: '', command: '' };
  return { facts, ended, endedHow: () => how };
}

function spawnInto(logFd: number, cluster: Cluster, program: string, args: readonly string[]): ChildProcess {
  try {
    return spawn(program, args, {
      ...cluster.account.switchTo,
      cwd: cluster.folder,
      env: serverEnvironment(),
      stdio: ['ignore', logFd, logFd],
      detached: true, // a session of its own: Ctrl-C must not end it before the service has written its last
    });
  } finally {
    closeSync(logFd); // the child has its own by now
  }
}

/**
 * The server a killed Tallygate left running, if it is just what we would start; one that is not is ended first, and a
 * pid file without its server is made harmless.
 */
export async function adoptServer(cluster: Cluster, command: ServerCommand, log: Logger): Promise<Server | undefined> {
  const note = await readPidFile(cluster.folder);
  if (!note) return undefined;
  const facts = lookUpProcess(note.pid);
  if (!facts || !runsOn(facts.command, cluster.folder)) {
    await disown(cluster, note);
    return undefined;
  }
  const objection = await objectionTo(facts, cluster, command, log);
  if (objection === undefined) {
    const { port } = (await readPidFile(cluster.folder)) ?? note;
    log.info({ pid: facts.pid, port }, 'Adopted the Postgres server that was left running');
    return { facts, port, adopted: true, ended: endOf(facts) };
  }
  log.warn({ pid: facts.pid }, `Ending the Postgres server that was left running: ${objection.why}`);
  await endServer(facts, cluster, log, objection.patience);
  return undefined;
}

/** Ends the server, more firmly each time it does not react. @throws Fault `postgres-will-not-end` */
export async function stopServer(server: Server, cluster: Cluster, log: Logger): Promise<void> {
  await endServer(server.facts, cluster, log, PATIENT);
}

async function endServer(facts: ProcessFacts, cluster: Cluster, log: Logger, patience: Patience): Promise<void> {
  for (const [signal, waitMs] of patience) {
    const now = lookUpProcess(facts.pid);
    if (!now || now.startedAt !== facts.startedAt || !runsOn(now.command, cluster.folder)) return;
    if (signal !== 'SIGINT') log.warn({ pid: facts.pid }, `Postgres did not end; sending ${signal}`);
    process.kill(facts.pid, signal);
    if (await waitUntil(() => !stillRuns(facts), waitMs)) return;
  }
  throw mayPass('postgres-will-not-end', `Postgres (process ${facts.pid}) on ${cluster.folder} cannot be ended.`);
}

async function objectionTo(
  facts: ProcessFacts,
  cluster: Cluster,
  command: ServerCommand,
  log: Logger,
): Promise<{ readonly why: string; readonly patience: Patience } | undefined> {
  const note = async (): Promise<PidFile | undefined> => readPidFile(cluster.folder);
  const settled = async (): Promise<boolean> => (await note())?.status !== 'starting' || !stillRuns(facts);
  if (!(await waitForRecovery(settled, log))) return { why: 'it does not become ready', patience: PATIENT };
  const { status, port = 0 } = (await note()) ?? {};
  if (status !== 'ready') return { why: 'it is shutting down', patience: PATIENT };
  const answer = await askServer(cluster, port);
  if (answer.kind === 'silent') return { why: `it does not answer (${answer.why})`, patience: SHORT };
  if (answer.version !== command.version || !isCommand(facts.command, command, port)) {
    return { why: 'it was started with other settings or programs', patience: PATIENT };
  }
  return undefined;
}

async function waitForRecovery(condition: () => Promise<boolean>, log: Logger): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < RECOVERY_MAX_MS; waitedMs += RECOVERY_TOLD_EVERY_MS) {
    if (await waitUntil(condition, RECOVERY_TOLD_EVERY_MS, 5)) return true;
    log.info('Postgres is still starting; after a crash it first replays its log');
  }
  return false;
}

function endOf(facts: ProcessFacts): Promise<string> {
  return new Promise((resolve) => {
    const watch = setInterval(() => {
      if (stillRuns(facts)) return;
      clearInterval(watch);
      resolve('has ended');
    }, WATCH_EVERY_MS).unref();
  });
}

/** A port nobody listens on; somebody may take it before we do, which the caller notices and tries again. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
