// npm run drill -- [--only kill,poison] [--long] [--seed N]: breaks things on purpose and says what came of it. Exits 1 when
// something is not as asked, 2 when it was asked wrongly.
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/kit/faults.ts';
import { closeAll } from '../support/cleanUp.ts';
import { DRILLS, isDrill, type DrillName } from './drills.ts';
import type { Figure } from './figure.ts';

const USAGE = `npm run drill -- [--only ${Object.keys(DRILLS).join(',')}] [--long] [--seed N]`;
const SEED_MAX = 1_000_000;

interface Row extends Figure {
  readonly drill: string;
}

interface Order {
  readonly names: readonly DrillName[];
  readonly seed: number;
  readonly long: boolean;
}

const order = orderOf(process.argv.slice(2));
if (typeof order === 'string') {
  console.error(`${order}\n${USAGE}`);
  process.exitCode = 2;
} else {
  const rows: Row[] = [];
  for (const name of order.names) rows.push(...(await rowsOf(name, order)));
  const isWell = rows.every(({ ok }) => ok);
  console.log(table(rows));
  console.log(`seed ${order.seed}${order.long ? ', long' : ''}: ${isWell ? 'all as asked' : 'NOT as asked'}`);
  if (!isWell) console.log(`again: npm run drill -- ${argumentsOf(order, rows)}`);
  process.exitCode = isWell ? 0 : 1;
}

/** What the command line asks for, or what is wrong with it. */
function orderOf(args: readonly string[]): Order | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { only: { type: 'string' }, long: { type: 'boolean' }, seed: { type: 'string' } },
    });
    const names = values.only?.split(',') ?? Object.keys(DRILLS);
    const unknown = names.find((name) => !isDrill(name));
    if (unknown !== undefined)
      return `--only: there is no drill "${unknown}"; there are ${Object.keys(DRILLS).join(', ')}.`;
    const seed = values.seed === undefined ? Date.now() % SEED_MAX : Number(values.seed);
    if (!Number.isSafeInteger(seed) || seed < 0) return `--seed: "${values.seed}" is not a whole number from 0 on.`;
    return { names: names.filter((name) => isDrill(name)), seed, long: values.long ?? false };
  } catch (error) {
    return messageOf(error);
  }
}

/** A drill that throws is a row as well, and the others go on. */
async function rowsOf(name: DrillName, { seed, long }: Order): Promise<Row[]> {
  console.error(`${name} …`);
  const startedAt = performance.now();
  let figures: readonly Figure[];
  try {
    figures = await DRILLS[name]({ seed, long });
  } catch (error) {
    figures = [{ what: 'comes to its end', asked: 'yes', got: messageOf(error), ok: false }];
  } finally {
    await closeAll();
  }
  console.error(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  return figures.map((figure) => ({ drill: name, ...figure }));
}

/** To run again what was not as asked. */
function argumentsOf({ seed, long }: Order, rows: readonly Row[]): string {
  const names = new Set(rows.filter(({ ok }) => !ok).map(({ drill }) => drill));
  return `--only ${[...names].join(',')}${long ? ' --long' : ''} --seed ${seed}`;
}

/** Columns as wide as their widest word. */
function table(rows: readonly Row[]): string {
  const lines = [
    ['drill', 'what', 'asked', 'got', ''],
    ...rows.map(({ drill, what, asked, got, ok }, index) => [
      rows[index - 1]?.drill === drill ? '' : drill,
      what,
      asked,
      got,
      ok ? '' : 'NOT OK',
    ]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((word, column) => word.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
