// A network that can be told to fail: everything goes through it to a real server until it is cut, held, or loses exactly
// the answer that matters.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** The URL of the server behind it, by way of it. */
  readonly url: (direct: string) => string;
  /** Ends every connection, at once and without a word. */
  readonly cut: () => void;
  /** Takes no new connections until told otherwise; open ones stay. */
  refuses: boolean;
  /** Nothing goes either way, and nobody is told. */
  readonly hold: () => void;
  readonly release: () => void;
  /** Connections that are open now are dead from here on: the server knows, the client is not told; new ones work. */
  readonly strand: () => void;
  /**
   * The next time that a client says `text`: `before` ends its connection before the server hears it, `after` when the
   * server has answered and before the client hears that. Resolves when it has happened.
   */
  readonly loseOnce: (text: string, when: 'before' | 'after') => Promise<void>;
  /** What a client says travels on in writes of so many bytes, one each turn of the event loop. */
  pieceBytes: (() => number) | undefined;
  /** Connections that are open now: what the server says is read no more, so that it backs up. */
  readonly deafen: () => void;
  /** Everything is taken and nothing handed on, either way; nobody is told. */
  swallows: boolean;
  /** Ends every connection when its client has said so many more bytes, which still go out: mostly within a packet. */
  readonly cutWithin: (bytes: number) => void;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  isLosing: boolean;
  isStranded: boolean;
  /** Bytes of the client until the connection is cut. */
  cutAfter: number;
  /** What the client said, piece after piece. */
  dripping: Promise<void> | undefined;
}

export async function openTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let trap: { readonly text: string; readonly when: 'before' | 'after'; readonly sprung: () => void } | undefined;
  let isHeld = false;

  const end = (pair: Pair): void => {
    if (pair.isStranded && !pair.client.destroyed) return;
    pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  };
  /** At once, or dripping; the order of bytes is kept when one follows the other. */
  const handOn = (pair: Pair, chunk: Buffer): void => {
    if (proxy.pieceBytes === undefined && pair.dripping === undefined) {
      pair.server.write(chunk);
      return;
    }
    const before = pair.dripping ?? Promise.resolve();
    const dripping = before.then(async () => {
      await drip(pair, chunk, () => proxy.pieceBytes?.() ?? chunk.length);
      if (pair.dripping === dripping) pair.dripping = undefined;
    });
    pair.dripping = dripping;
  };
  const listener = createServer({ noDelay: true, allowHalfOpen: false }, (client) => {
    if (proxy.refuses) {
      client.destroy();
      return;
    }
    const server = connect({ ...target, noDelay: true });
    const pair: Pair = { client, server, isLosing: false, isStranded: false, cutAfter: Infinity, dripping: undefined };
    pairs.add(pair);
    if (isHeld) {
      client.pause();
      server.pause();
    }
    client.on('data', (chunk) => {
      if (proxy.swallows) return;
      if (chunk.length >= pair.cutAfter) {
        server.end(chunk.subarray(0, pair.cutAfter));
        client.destroy();
        return;
      }
      pair.cutAfter -= chunk.length;
      if (trap !== undefined && chunk.includes(trap.text)) {
        if (trap.when === 'before') {
          end(pair);
          trap.sprung();
          return;
        }
        pair.isLosing = true;
      }
      handOn(pair, chunk);
    });
    server.on('data', (chunk) => {
      if (proxy.swallows) return;
      if (!pair.isLosing) client.write(chunk);
      else {
        end(pair);
        trap?.sprung();
      }
    });
    for (const socket of [client, server]) {
      socket.on('error', () => end(pair));
      socket.on('close', () => end(pair));
    }
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const each = (work: (socket: Socket) => void): void => {
    for (const { client, server, isStranded } of pairs)
      if (!isStranded) for (const socket of [client, server]) work(socket);
  };
  const proxy: TcpProxy = {
    port,
    refuses: false,
    pieceBytes: undefined,
    swallows: false,
    deafen() {
      for (const { server } of pairs) server.pause();
    },
    cutWithin(bytes) {
      for (const pair of pairs) pair.cutAfter = bytes;
    },
    url(direct) {
      const changed = new URL(direct);
      changed.hostname = '127.0.0.1';
      changed.port = String(port);
      return changed.toString();
    },
    cut() {
      for (const pair of pairs) {
        pair.isStranded = false;
        end(pair);
      }
    },
    hold() {
      isHeld = true;
      each((socket) => socket.pause());
    },
    release() {
      isHeld = false;
      each((socket) => socket.resume());
    },
    strand() {
      for (const pair of pairs) {
        pair.isStranded = true;
        pair.client.pause();
        pair.server.destroy();
      }
    },
    loseOnce: (text, when) =>
      new Promise((resolve) => {
        trap = {
          text,
          when,
          sprung: () => {
            trap = undefined;
            resolve();
          },
        };
      }),
    connections: () => pairs.size,
    async close() {
      const closed = once(listener, 'close');
      listener.close();
      proxy.cut();
      await closed;
    },
  };
  return proxy;
}

async function drip({ server }: Pair, chunk: Buffer, pieceBytes: () => number): Promise<void> {
  for (let at = 0; at < chunk.length && !server.destroyed;) {
    const bytes = pieceBytes();
    server.write(chunk.subarray(at, at + bytes));
    at += bytes;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Host and port of a Postgres URL. */
export const targetOf = (url: string): { host: string; port: number } => {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
};
