// The wish that this process ends: Ctrl-C, or a SIGTERM of whoever runs it.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm and npx pass on a Ctrl-C that the terminal has sent to us as well: within this time it is the same wish. */
const ECHO_MS = 500;

/** Calls `onFirst` with the first signal; a second one ends the process at once. Returns how to listen no more. */
export function onStopSignal(onFirst: (signal: NodeJS.Signals) => void): () => void {
  let firstAt: number | undefined;
  const heard = (signal: NodeJS.Signals): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      onFirst(signal);
    } else if (performance.now() - firstAt > ECHO_MS) process.exit(130);
  };
  for (const signal of SIGNALS) process.on(signal, heard);
  return () => {
    for (const signal of SIGNALS) process.off(signal, heard);
  };
}
