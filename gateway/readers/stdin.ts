// A reader process or script piped into the gateway: one JSON entry a line. Ends with the input.
import { addAbortSignal, type Readable } from 'node:stream';
import type { Reader, ReaderModule, ReaderTools, Sink } from '../reader.ts';
import { parseEntryLine } from './entryLine.ts';
import { linesOf } from './lines.ts';

const TOLD_EVERY_MS = 60_000;

/** Reads `input` until it ends. What cannot be used is left out and logged, at most once a minute. */
export function stdinReader(input: Readable, tools: ReaderTools): Reader {
  return {
    name: 'stdin',
    async start(sink, signal) {
      input.setEncoding('utf8');
      addAbortSignal(signal, input);
      try {
        await takeLines(input, sink, tools, leaveOut('stdin', tools));
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}

/** Lines of a live source to the sink, one at a time: while the outbox is behind, the source is not read. */
export async function takeLines(
  chunks: AsyncIterable<string>,
  sink: Sink,
  { clock }: ReaderTools,
  onProblem: (line: number, problem: string) => void,
): Promise<void> {
  let line = 0;
  for await (const text of linesOf(chunks)) {
    line++;
    if (text.trim() === '') continue;
    const { observations, problems } = parseEntryLine(text, clock());
    for (const problem of problems) onProblem(line, problem);
    if (observations.length > 0) await sink(observations);
  }
}

/** Logs what was left out of a source. */
export function leaveOut(source: string, { clock, log }: ReaderTools): (line: number, problem: string) => void {
  let leftOut = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return (line, problem) => {
    leftOut++;
    if (Math.abs(clock() - toldAt) < TOLD_EVERY_MS) return;
    toldAt = clock();
    log.warn({ source, line, problem, leftOutSinceStart: leftOut }, 'a line that is no entry was left out');
  };
}

/** `--reader stdin` */
export const stdinModule: ReaderModule = {
  does: 'one JSON read, scan, trigger or measure a line on standard input; ends with it',
  options: [],
  open: (_values, tools) => stdinReader(process.stdin, tools),
};
