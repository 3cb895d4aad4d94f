// Replays a file, one JSON a line: envelopes as they were recorded, or single entries. At the speed they came, faster, or as
// fast as the outbox takes them; with their own times, or moved so that the first line happens now.
import { createReadStream } from 'node:fs';
import { rejected } from '../../src/kit/faults.ts';
import { sleep } from '../../src/kit/sleep.ts';
import type { Reader, ReaderModule, ReaderTools, Sink } from '../reader.ts';
import { parseEntryLine, shifted } from './entryLine.ts';
import { linesOf } from './lines.ts';

export interface FileReaderOptions extends ReaderTools {
  readonly file: string;
  /** Multiple of the speed at which it was recorded; Infinity for as fast as it goes. */
  readonly speed: number;
  /** Times are moved by a whole number of ms so that the first line happens now. */
  readonly shift: boolean;
}

const WAITS_AT_LEAST_MS = 5;

/** Ends with the file. Lines that cannot be used are left out, counted, and the first is named. */
export function fileReader(options: FileReaderOptions): Reader {
  const { file, speed, log } = options;
  return {
    name: `file ${file}`,
    async start(sink, signal) {
      const stream = createReadStream(file, { encoding: 'utf8', signal });
      try {
        await replay(stream as AsyncIterable<string>, options, sink, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!isMissing(error)) throw error;
        throw rejected('no-file', `${file} cannot be read (${error.code}). Name an NDJSON file with --in.`);
      } finally {
        stream.destroy();
      }
      log.debug({ file, speed }, 'the file is at its end');
    },
  };
}

async function replay(
  chunks: AsyncIterable<string>,
  { file, speed, shift, clock, log }: FileReaderOptions,
  sink: Sink,
  signal: AbortSignal,
): Promise<void> {
  let line = 0;
  let problems = 0;
  let first: string | undefined;
  let begun: { readonly at: number; readonly startedAt: number; readonly shiftMs: number } | undefined;
  for await (const text of linesOf(chunks)) {
    if (signal.aborted) return;
    line++;
    if (text.trim() === '') continue;
    const said = parseEntryLine(text, undefined);
    problems += said.problems.length;
    first ??= said.problems[0] && `${file}:${line}: ${said.problems[0]}`;
    if (said.at !== undefined) {
      begun ??= { at: said.at, startedAt: performance.now(), shiftMs: shift ? Math.round(clock() - said.at) : 0 };
      const waitMs = (said.at - begun.at) / speed - (performance.now() - begun.startedAt);
      if (waitMs >= WAITS_AT_LEAST_MS) await sleep(waitMs, signal);
    }
    const shiftMs = begun?.shiftMs ?? 0;
    await sink(shiftMs === 0 ? said.observations : said.observations.map((each) => shifted(each, shiftMs)));
  }
  if (problems > 0) log.warn({ leftOut: problems, first }, 'not everything in the file could be used');
}

const isMissing = (error: unknown): error is NodeJS.ErrnoException =>
  ['ENOENT', 'EACCES', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** `--reader file` */
export const fileModule: ReaderModule = {
  does: 'a recording: one envelope, read, scan, trigger or measure a line (JSON as in an envelope)',
  options: [
    { name: 'in', value: 'FILE', does: 'the recording' },
    { name: 'speed', value: 'N', does: 'multiple of the recorded speed; max for as fast as possible (1)' },
    { name: 'shift', value: undefined, does: 'move its times so that the first line happens now' },
  ],
  open(values, tools) {
    const { in: file, speed = '1', shift = false } = values;
    if (typeof file !== 'string') throw rejected('usage', '--reader file needs --in FILE: the recording to replay.');
    const multiple = speed === 'max' ? Infinity : Number(speed);
    if (!(multiple > 0)) throw rejected('usage', `--speed ${String(speed)}: give a number above 0, or max.`);
    return fileReader({ file, speed: multiple, shift: shift === true, ...tools });
  },
};
