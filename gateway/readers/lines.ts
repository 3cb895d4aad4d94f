// Text in chunks to lines, with a bound: whoever sends no end of line must not fill the memory.
import { rejected } from '../../src/kit/faults.ts';

/** No envelope is longer, so no line need be. */
export const LINE_CHARS_MAX = 256 * 1024;

/** Lines without their ends (LF or CRLF); the last one needs none. Throws `line-too-long`. */
export async function* linesOf(
  chunks: AsyncIterable<string>,
  charsMax: number = LINE_CHARS_MAX,
): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      refuseLong(line, charsMax);
      yield line.endsWith('\r') ? line.slice(0, -1) : line;
    }
    refuseLong(rest, charsMax);
  }
  if (rest !== '') yield rest;
}

function refuseLong(line: string, charsMax: number): void {
  if (line.length > charsMax) {
    throw rejected('line-too-long', `A line is longer than ${charsMax} characters: end every entry with a line feed.`);
  }
}
