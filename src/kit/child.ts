// A second process of ours (decision D4: by fork, through the one executable). Parent and child speak in messages; a child
// whose parent is gone ends itself.
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { within } from './sleep.ts';

const EXECUTABLE = fileURLToPath(new URL('../tallygate.mjs', import.meta.url));

export interface Child {
  readonly pid: number | undefined;
  readonly send: (message: object) => void;
  /** Resolves with the exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Asks it to stop; ends it when it does not within `withinMs`. */
  readonly stop: (withinMs: number) => Promise<void>;
}

/** Starts `tallygate <args>` as a child. `onMessage` gets what it sends. */
export function startChild(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  onMessage: (message: unknown, child: Child) => void,
): Child {
  // A process group of its own: Ctrl-C at the terminal reaches the parent alone, which stops its children in order.
  const child: ChildProcess = fork(EXECUTABLE, [...args], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
    execArgv: [],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(1));
  });
  const self: Child = {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message, () => {}); // it may end while we speak
    },
    ended,
    async stop(withinMs) {
      self.send({ stop: true });
      await within(ended, withinMs);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await within(ended, 500);
    },
  };
  child.on('message', (message) => onMessage(message, self));
  return self;
}

/** In a child: calls back when the parent asks to stop, or is gone. */
export function onParentStop(stop: () => void): void {
  process.on('message', (message) => {
    if (message !== null && typeof message === 'object' && 'stop' in message) stop();
  });
  process.on('disconnect', stop);
}
