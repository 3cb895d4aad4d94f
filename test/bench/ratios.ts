// Has it become slower? Of two runs, perhaps on different machines, only ratios can be compared.
import { readFileSync } from 'node:fs';
import type { Figures } from './bench.ts';

/** Name, value, and whether more of it is better. */
type Ratio = readonly [name: string, value: number, isGood: boolean];

/** Worse by more than this is told, and ends the run with 1. */
const WORSE_MOST = 0.2;

const ratiosOf = ({ ofCeiling, single, journalBytesPerRead }: Figures): readonly Ratio[] => [
  ['reads to committed ledger, of the ceiling', ofCeiling, true],
  ['one read a message, of its ceiling', single.ofCeiling, true],
  ['bytes a read in the journal', journalBytesPerRead, false],
];

/** Of the run that a file holds, as `--json` printed it. Throws an error that names the file. */
export function readRatios(file: string): readonly Ratio[] {
  try {
    const ratios = ratiosOf(JSON.parse(readFileSync(file, 'utf8')) as Figures);
    if (ratios.every(([, value]) => Number.isFinite(value))) return ratios;
  } catch (error) {
    throw new Error(`${file} cannot be compared with: ${(error as Error).message}`, { cause: error });
  }
  throw new Error(`${file} is not what \`npm run bench -- --json\` printed: a figure is missing.`);
}

/** Tells each ratio beside the former one. 1 when any is much worse. */
export function tellWorse(former: readonly Ratio[], figures: Figures): 0 | 1 {
  let isWorse = false;
  for (const [index, [name, value, isGood]] of ratiosOf(figures).entries()) {
    const before = former[index]![1];
    const change = value / before - 1;
    const isMuch = (isGood ? -change : change) > WORSE_MOST;
    isWorse ||= isMuch;
    process.stderr.write(
      `${name}: ${value}, formerly ${before} (${change < 0 ? '' : '+'}${(100 * change).toFixed(0)} %)${isMuch ? ': much worse' : ''}\n`,
    );
  }
  return isWorse ? 1 : 0;
}
