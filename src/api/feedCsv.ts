// What a 3PL or marketplace sends as CSV, as the body that JSON would have: a header that names the columns, one row a line.
import { parse, CsvError } from 'csv-parse/sync';
import { ApiFault } from './problem.ts';

/** Rows by the names of their columns, empty cells left out. Throws `bad-csv`, naming what is missing or wrong, and its line. */
export function rowsOfCsv(
  text: string,
  needed: readonly string[],
  more: readonly string[],
): Record<string, string | number>[] {
  const known = [...needed, ...more];
  let rows: { readonly record: Record<string, string>; readonly info: { readonly lines: number } }[];
  try {
    rows = parse(text, {
      bom: true,
      delimiter: [',', ';', '\t'],
      columns: (names: string[]) => names.map((name) => name.trim()),
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as typeof rows;
  } catch (error) {
    if (error instanceof CsvError) throw badCsv(`The file cannot be read: ${error.message}.`);
    throw error;
  }
  const [first] = rows;
  if (first === undefined) throw badCsv('The file has no rows: the first line names the columns, the others are rows.');
  const names = Object.keys(first.record);
  const missing = needed.find((name) => !names.includes(name));
  if (missing !== undefined)
    throw badCsv(`The first line names no column ${missing}; the columns are ${known.join(', ')}.`);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw badCsv(`There is no column ${JSON.stringify(unknown.slice(0, 80))}; the columns are ${known.join(', ')}.`);
  return rows.map(({ record, info }) => rowOf(record, info.lines));
}

function rowOf(record: Readonly<Record<string, string>>, line: number): Record<string, string | number> {
  const filled = Object.entries(record).filter(([, cell]) => cell !== '');
  return Object.fromEntries(
    filled.map(([name, cell]) => {
      if (name !== 'quantity') return [name, cell];
      if (!/^-?\d+(?:\.\d+)?$/.test(cell))
        throw badCsv(`line ${line}: quantity is ${JSON.stringify(cell)}, which is no number.`);
      return [name, Number(cell)];
    }),
  );
}

const badCsv = (message: string): ApiFault => new ApiFault(422, 'bad-csv', message);
