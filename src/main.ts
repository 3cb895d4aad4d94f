// The composition root: which command runs. Each is a file in commands/ that puts the parts together.
import { onParentStop } from './kit/child.ts';
import { Fault, messageOf, rejected } from './kit/faults.ts';
import { VERSION } from './version.ts';

type Command = (args: string[]) => Promise<number>;

/** Loaded when asked for: `replay` needs no database driver, `gateway` no API. */
const COMMANDS: Readonly<Record<string, { readonly does: string; readonly load: () => Promise<Command> }>> = {
  start: {
    does: 'the service; with no configuration of your own, the demo site with simulated traffic',
    load: async () => (await import('./commands/start.ts')).startCommand,
  },
  gateway: {
    does: 'the edge process: readers to disk to the broker',
    load: async () => (await import('./commands/gateway.ts')).gatewayCommand,
  },
  verify: {
    does: 'rebuild the ledger from the journal and compare',
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  differences: {
    does: 'what this release would decide otherwise of what former ones decided',
    load: async () => (await import('./commands/differences.ts')).differencesCommand,
  },
  backup: {
    does: 'copy the embedded Postgres, while the service runs, into a folder that can be started',
    load: async () => (await import('./commands/backup.ts')).backupCommand,
  },
  simulate: {
    does: 'seeded warehouse traffic with ground truth, to a broker or a file',
    load: async () => (await import('../simulators/simulate.ts')).simulateCommand,
  },
  replay: {
    does: 'run a recording through the whole pipeline, offline',
    load: async () => (await import('./commands/replay.ts')).replayCommand,
  },
  calibrate: {
    does: 'learn from recorded traffic what the doors of a site should begin with',
    load: async () => (await import('./commands/calibrate.ts')).calibrateCommand,
  },
  score: {
    does: 'the accuracy benchmark: recorded and simulated traffic against truth',
    load: async () => (await import('./commands/score.ts')).scoreCommand,
  },
  bench: {
    does: 'throughput, latency, memory',
    load: async () => (await import('../test/bench/bench.ts').catch(noCheckout)).benchCommand,
  },
};

/** An image of the service has no benchmark in it. */
function noCheckout(error: unknown): never {
  if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
  throw rejected('no-bench', 'The benchmark is not part of this installation: run it in a checkout of the project.');
}

const usage = (): string =>
  [
    'tallygate <command> [options]      (--help after a command tells more)',
    '',
    ...Object.entries(COMMANDS).map(([name, { does }]) => `  ${name.padEnd(12)} ${does}`),
    '',
  ].join('\n');

/** Started by the others, not by people. */
const INNER: typeof COMMANDS = {
  api: { does: 'the API process of start', load: async () => (await import('./commands/api.ts')).apiCommand },
  'score-part': {
    does: 'a process of score',
    load: async () => (await import('./commands/scoreParts.ts')).scorePartCommand,
  },
};

/** Runs the command that the arguments name and leaves its exit code in the process. */
export async function main(args: string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const command = name === undefined ? undefined : (COMMANDS[name] ?? INNER[name]);
  if (command === undefined) {
    const asked = name === undefined || name === 'help' || name === '--help' || name === '-h';
    process[asked && name !== undefined ? 'stdout' : 'stderr'].write(
      asked ? usage() : `No command ${name}.\n\n${usage()}`,
    );
    process.exitCode = asked && name !== undefined ? 0 : 2;
    return;
  }
  // Started by `start`: to be stopped by it, and never to outlive it. The inner ones see to it themselves.
  if (process.send !== undefined && Object.hasOwn(COMMANDS, name!))
    onParentStop(() => process.kill(process.pid, 'SIGTERM'));
  try {
    const run = await command.load();
    process.exitCode = await run(rest);
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof Fault && error.kind !== 'defect')
      process.stderr.write(`tallygate ${name}: ${error.message}\n`);
    else if ((error as { code?: unknown }).code?.toString().startsWith('ERR_PARSE_ARGS') === true)
      process.stderr.write(`tallygate ${name}: ${messageOf(error)}\n`);
    else throw error;
  } finally {
    // The channel to the parent would keep the process alive.
    process.removeAllListeners('disconnect');
    if (process.connected) process.disconnect();
  }
}
