// Where messages and truth go: files, standard output, a broker. Writers wait until what they write to can take more.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { messageOf, rejected } from '../src/kit/faults.ts';
import { toNdjson, type TimedMessage } from './messages.ts';
import { createUplink } from './publisher.ts';
import { truthToNdjson, type TruthLine } from './warehouse/truth.ts';

/** Where everything goes that a run gives. */
export interface Sinks {
  readonly send: (message: TimedMessage) => Promise<void>;
  readonly tell: (line: TruthLine) => Promise<void>;
  /** Waits until files are written and every message is acknowledged. */
  readonly close: () => Promise<void>;
  /** Waits for nobody: somebody is in a hurry, or something went wrong. Connections do not outlive it. */
  readonly abort: () => void;
}

/** Opens what the settings name: `out` and `truth` are files, `mqtt` the URL of a broker. */
export async function openSinks(
  wanted: { readonly out: string | undefined; readonly truth: string | undefined; readonly mqtt: string | undefined },
  report: (text: string) => void,
): Promise<Sinks> {
  const out = wanted.out === undefined ? undefined : await createLineWriter(wanted.out);
  const truth = wanted.truth === undefined ? undefined : await createLineWriter(wanted.truth);
  const uplink = wanted.mqtt === undefined ? undefined : createUplink(wanted.mqtt, report);
  return {
    send: async (message) => {
      await out?.write(toNdjson(message));
      await uplink?.send(message);
    },
    tell: async (line) => truth?.write(truthToNdjson(line)),
    close: async () => {
      await out?.close();
      await truth?.close();
      await uplink?.close();
    },
    abort: () => uplink?.abort(),
  };
}

export interface LineWriter {
  readonly write: (line: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Bytes gathered before they are handed to the file; one line a call would be one system call a line. */
const CHUNK_CHARS = 64 * 1024;

/** Writes lines to a file, which it replaces, or to standard output (`-`). Throws a `rejected` fault when it cannot. */
export const createLineWriter = (file: string): Promise<LineWriter> =>
  file === '-' ? Promise.resolve(writeTo(process.stdout)) : openFile(file);

async function openFile(file: string): Promise<LineWriter> {
  const stream = createWriteStream(file);
  const unwritable = (error: unknown): Error =>
    rejected('unwritable', `${file} cannot be written: ${messageOf(error)}`);
  try {
    await once(stream, 'open');
  } catch (error) {
    throw unwritable(error);
  }
  let failure: unknown;
  stream.on('error', (error) => (failure = error));
  const writer = writeTo(stream, CHUNK_CHARS);
  const checked = async (done: Promise<unknown>): Promise<void> => {
    await done;
    if (failure !== undefined) throw unwritable(failure);
  };
  return {
    write: (line) => checked(writer.write(line)),
    close: () => checked(writer.close().then(() => finished(stream.end()).catch(() => undefined))),
  };
}

/** Waits for nobody who has gone: a stream that failed takes everything and keeps nothing. */
function writeTo(stream: Writable, chunkChars = 0): LineWriter {
  let chunk = '';
  const flush = async (): Promise<void> => {
    const text = chunk;
    chunk = '';
    if (text === '' || stream.destroyed || stream.write(text)) return;
    await once(stream, 'drain').catch(() => undefined);
  };
  return {
    write: async (line) => {
      chunk += `${line}\n`;
      if (chunk.length > chunkChars) await flush();
    },
    close: flush,
  };
}
