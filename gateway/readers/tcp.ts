// How to connect something exotic: whatever can open a TCP connection to this machine writes one JSON entry a line, and reads
// back a line for each that could not be used. Loopback unless said, since nobody is asked who they are.
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { messageOf, rejected } from '../../src/kit/faults.ts';
import type { Reader, ReaderModule, ReaderTools, Sink } from '../reader.ts';
import { leaveOut, takeLines } from './stdin.ts';

export interface TcpReaderOptions extends ReaderTools {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly onListening?: (port: number) => void;
}

const HOST = '127.0.0.1';
const PORT = 7411;
/** Connections at once; more are refused. */
const CONNECTIONS_MAX = 32;
/** Complaints that nobody reads are not kept. */
const COMPLAINT_BYTES_MAX = 64 * 1024;
const GOODBYE_WITHIN_MS = 1000;

/** Takes connections until it is stopped. Throws `port-taken` when it cannot listen. */
export function tcpReader(options: TcpReaderOptions): Reader {
  const { host, port, log } = options;
  return {
    name: `tcp ${host}:${port}`,
    async start(sink, signal) {
      const server = createServer({ keepAlive: true, noDelay: true });
      server.maxConnections = CONNECTIONS_MAX;
      const bound = await listen(server, host, port);
      log.info({ host, port: bound }, 'entries are taken, one JSON a line');
      const sockets = new Set<Socket>();
      server.on('connection', (socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        void serve(socket, sink, options);
      });
      server.on('drop', () => log.warn({ connectionsMax: CONNECTIONS_MAX }, 'too many connections; one was refused'));
      options.onListening?.(bound);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function serve(socket: Socket, sink: Sink, options: TcpReaderOptions): Promise<void> {
  const peer = `${socket.remoteAddress}:${socket.remotePort}`;
  const logged = leaveOut(peer, options);
  const complain = (line: number | undefined, error: string): void => {
    if (socket.writable && socket.writableLength < COMPLAINT_BYTES_MAX)
      socket.write(`${JSON.stringify({ line, error })}\n`);
  };
  socket.setEncoding('utf8');
  socket.on('error', () => undefined); // the loop below hears of it
  try {
    const chunks = socket.iterator({ destroyOnReturn: false }) as AsyncIterable<string>;
    await takeLines(chunks, sink, options, (line, problem) => {
      logged(line, problem);
      complain(line, problem);
    });
  } catch (error) {
    options.log.info({ peer, reason: messageOf(error) }, 'a connection that entries came from was ended');
    complain(undefined, messageOf(error));
  }
  // What is still coming is read and thrown away, or the peer would never see the complaint.
  socket.resume().end();
  const impatience = setTimeout(() => socket.destroy(), GOODBYE_WITHIN_MS);
  socket.once('close', () => clearTimeout(impatience));
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') {
        reject(
          rejected('port-taken', `Port ${port} on ${host} cannot be had (${error.code}). Choose another with --port.`),
        );
      } else if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
        reject(rejected('usage', `--listen ${host}: this machine has no such address (${error.code}).`));
      } else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => resolve((server.address() as AddressInfo).port));
  });
}

/** `--reader tcp` */
export const tcpModule: ReaderModule = {
  does: `one JSON read, scan, trigger or measure a line on a TCP port; what is wrong is answered`,
  options: [
    { name: 'port', value: 'PORT', does: `where it listens (${PORT})` },
    { name: 'listen', value: 'ADDRESS', does: `on which address (${HOST}); whoever reaches it can write` },
  ],
  open({ port = String(PORT), listen: host = HOST }, tools) {
    if (!/^\d{1,5}$/.test(String(port)) || Number(port) > 65_535) {
      throw rejected('usage', `--port ${String(port)}: give a number from 0 to 65535.`);
    }
    return tcpReader({ host: String(host), port: Number(port), ...tools });
  },
};
