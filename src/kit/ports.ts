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

/** What listening on `host` threw: an address that this machine has not becomes a fault that says so. */
export function asAddressFault(error: unknown, host: string): unknown {
  const { code } = error as { code?: unknown };
  if (!['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(String(code))) return error;
  return rejected(
    'no-such-address',
    `This machine has no address ${host} to listen on (${String(code)}). Set TALLYGATE_HOST to one of its own, 127.0.0.1 for itself alone, or 0.0.0.0 for all of them.`,
  );
}

const isPortTaken = (error: unknown): boolean =>
  (error instanceof Fault && error.code === 'port-taken') ||
  ['EADDRINUSE', 'EACCES'].includes(String((error as { code?: unknown }).code));
