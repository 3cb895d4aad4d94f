// A bound on MQTT frames, before the broker's parser sees them: aedes takes a packet of any announced size and buffers it.
// The guard sits in front of `read` of a socket, looks at the length in each fixed header [MQTT-2.2.3] and copies nothing.
import type { Socket } from 'node:net';

export interface FrameLimits {
  /** A packet that announces more ends the connection. */
  readonly frameBytesMax: number;
  /** Before the first packet has come whole: a CONNECT needs no more. */
  readonly firstFrameBytesMax: number;
}

export interface Gate {
  /** While true nothing is read: the bytes wait in the socket, then at the sender. */
  readonly isClosed: () => boolean;
  /** Calls back, once, when reading may go on. */
  readonly whenOpen: (resume: () => void) => void;
}

/** Wraps `read` of a socket. `refuse` is told why a connection is ended. */
export function guardFrames(socket: Socket, limits: FrameLimits, gate: Gate, refuse: (reason: string) => void): void {
  const read = socket.read.bind(socket);
  let rest = 0; // bytes of the present packet that are still to come
  let header = -1; // bytes of a fixed header seen so far, −1 before one
  let length = 0;
  let factor = 1;
  let packets = 0;
  let isWaiting = false;

  /** False when a packet is too large. */
  const inspect = (chunk: Buffer): boolean => {
    for (let at = 0; at < chunk.length;) {
      if (rest > 0) {
        const taken = Math.min(rest, chunk.length - at);
        rest -= taken;
        at += taken;
        continue;
      }
      if (header === -1) {
        header = 0;
        length = 0;
        factor = 1;
        at++;
        continue;
      }
      const byte = chunk[at++]!;
      length += (byte & 0x7f) * factor;
      factor *= 0x80;
      header++;
      if (byte < 0x80) {
        if (length > (packets === 0 ? limits.firstFrameBytesMax : limits.frameBytesMax)) return false;
        packets++;
        rest = length;
        header = -1;
      } else if (header === 4) return false; // [MQTT-2.2.3]: at most four bytes of length
    }
    return true;
  };

  socket.read = (size?: number): unknown => {
    if (gate.isClosed()) {
      if (!isWaiting) {
        isWaiting = true;
        gate.whenOpen(() => {
          isWaiting = false;
          if (!socket.destroyed) socket.emit('readable');
        });
      }
      return null;
    }
    const chunk: unknown = read(size);
    if (!Buffer.isBuffer(chunk) || inspect(chunk)) return chunk;
    refuse(`a packet announces ${length} bytes`);
    socket.destroy();
    return null;
  };
}
