// `tallygate gateway`: the edge process. What it may not import itself is handed in by the composition root: how to lock a
// folder, and readers that need more than the wire (the simulated ones).
import { systemClock } from '../src/kit/clock.ts';
import { Fault } from '../src/kit/faults.ts';
import { createLog, type Logger } from '../src/kit/log.ts';
import { onStopSignal } from '../src/kit/stopSignal.ts';
import { openGateway, type Gateway, type LockFolder } from './gateway.ts';
import type { ReaderModule } from './reader.ts';
import { fileModule } from './readers/file.ts';
import { stdinModule } from './readers/stdin.ts';
import { tcpModule } from './readers/tcp.ts';
import { helpText, parseSettings, type Settings } from './settings.ts';

export interface GatewayParts {
  /** More kinds of readers, by the name that --reader knows them by. */
  readonly readers?: Readonly<Record<string, ReaderModule>>;
  /** Throws a fault with code `already-running` when another process has the folder. */
  readonly lock: LockFolder;
  /** Of this release; told in the status. */
  readonly version: string;
}

/** Runs until it is told to stop, or its readers have come to an end and the service has everything. The exit code. */
export async function gatewayCommand(args: string[], parts: GatewayParts): Promise<number> {
  const modules = { file: fileModule, tcp: tcpModule, stdin: stdinModule, ...parts.readers };
  const settings = parseSettings(args, modules, process.env);
  if (settings === undefined) {
    process.stdout.write(helpText(modules));
    return 0;
  }
  const log = createLog({
    level: settings.logLevel,
    name: 'gateway',
    ...(settings.logStyle && { style: settings.logStyle }),
  });
  const gateway = await open(settings, modules, parts, log);
  return runUntilStopped(gateway, log);
}

async function open(
  settings: Settings,
  modules: Readonly<Record<string, ReaderModule>>,
  parts: GatewayParts,
  log: Logger,
): Promise<Gateway> {
  const { site, gateway, broker, folder, outboxBytesMax } = settings;
  const tools = { clock: systemClock, log };
  const readers = [];
  for (const name of settings.readers) readers.push(await modules[name]!.open(settings.values, tools));
  return openGateway({
    site,
    gateway,
    outbox: { folder, bytesMax: outboxBytesMax },
    uplink: { version: parts.version, broker },
    readers,
    lock: (path) => parts.lock(path).catch((error: unknown) => Promise.reject(inUse(error, path))),
    ...tools,
  });
}

function inUse(error: unknown, folder: string): unknown {
  if (!(error instanceof Fault) || error.code !== 'already-running') return error;
  const pid = error.detail?.['pid'];
  const who = typeof pid === 'number' ? `Another gateway (process ${pid})` : 'Another gateway';
  return new Fault(
    'conflict',
    'outbox-in-use',
    `${who} is using ${folder}. Stop it, or name another folder with --outbox.`,
  );
}

async function runUntilStopped(gateway: Gateway, log: Logger): Promise<number> {
  const signalled = untilSignalled(log);
  try {
    await Promise.race([signalled.first, gateway.inputEnded.then(() => gateway.caughtUp())]);
  } finally {
    await gateway.stop();
    signalled.ignore();
  }
  return 0;
}

/** Resolves when we are asked to stop; who asks twice ends the process at once: what is in the outbox is safe. */
function untilSignalled(log: Logger): { readonly first: Promise<void>; readonly ignore: () => void } {
  const controller = new AbortController();
  const ignore = onStopSignal((signal) => {
    log.info({ signal }, 'stopping');
    controller.abort();
  });
  return {
    first: new Promise((resolve) => controller.signal.addEventListener('abort', () => resolve())),
    ignore,
  };
}
