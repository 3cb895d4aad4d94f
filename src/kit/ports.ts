// Ports: one that was asked for must be had; a default one gives way to the next.
import { Fault, rejected } from './faults.ts';

/** How many ports after a default one are tried. */
const TRIES = 20;

/**
 * Opens something on a port. `isAsked`: only this one will do. Throws `port-taken`, saying what to do. `onTaken` is told of
 * each that was not free.
 */
export async function onFreePort<T>(
  port: number,
  isAsked: boolean,
  variable: string,
  open: (port: number) => Promise<T>,
  onTaken: (port: number) => void,
): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await open(port + tried);
    } catch (error) {
      if (!isPortTaken(error)) throw error;
      if (isAsked)
        throw rejected(
          'port-taken',
          `Port ${port} is taken by another program. Set ${variable} to a free one, or leave it out.`,
        );
      if (tried === TRIES)
        throw rejected('port-taken', `Ports ${port} to ${port + TRIES} are all taken. Set ${variable} to a free one.`);
      onTaken(port + tried);
    }
  }
}

const isPortTaken = (error: unknown): boolean =>
  (error instanceof Fault && error.code === 'port-taken') ||
  ['EADDRINUSE', 'EACCES'].includes(String((error as { code?: unknown }).code));
