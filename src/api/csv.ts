// A CSV file to rows: bytes in, cells by the names of their columns out, each row with its line. A row that cannot be read is told with its
// line; a file that cannot be is refused. What the cells mean is decided elsewhere.
import { parse, CsvError } from 'csv-parse/sync';
import type { ImportRow, RowFault } from '../wire/import.ts';
import { ApiFault } from './problem.ts';

export interface Columns {
  readonly needed: readonly string[];
  readonly more: readonly string[];
}

const DELIMITERS = [',', ';', '\t'] as const;
/** What a byte that is no UTF-8 was read as. */
const UNREADABLE = /[\ufffd\0]/;

/** Throws `bad-csv` for a file that has no such columns or ends within quotes, `too-many-rows` beyond `rowsMax`. */
export function readCsv(bytes: Uint8Array, columns: Columns, rowsMax: number): ImportRow[] {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw badCsv('The file is UTF-16: save it as UTF-8.');
  const text = new TextDecoder('utf-8').decode(bytes);
  const [header, ...records] = recordsOf(text);
  if (header === undefined) throw badCsv('The file is empty: its first line names the columns.');
  const names = header.cells.map((name) => name.trim().toLowerCase());
  checkHeader(names, columns);
  if (records.length > rowsMax)
    throw new ApiFault(
      422,
      'too-many-rows',
      `The file has ${records.length} rows; at most ${rowsMax} are taken at once: split it.`,
    );
  return records.map(({ line, cells }) => rowOf(line, cells, names));
}

const badCsv = (message: string): ApiFault => new ApiFault(422, 'bad-csv', message);

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

function recordsOf(text: string): CsvRecord[] {
  try {
    const records = parse(text, {
      delimiter: delimiterOf(text),
      info: true,
      relax_quotes: true, // 5" pipe
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    }) as unknown as { readonly record: readonly string[]; readonly info: { readonly lines: number } }[];
    // The line on which the record ends; it begins above it when a quoted cell has lines.
    return records.map(({ record, info }) => ({ line: info.lines - linesWithin(record), cells: record }));
  } catch (error) {
    if (error instanceof CsvError) throw badCsv(`The file cannot be read: ${error.message}.`);
    throw error;
  }
}

const linesWithin = (record: readonly string[]): number =>
  record.reduce((count, cell) => count + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);

/** What the header is divided by: spreadsheets of many countries write semicolons. */
function delimiterOf(text: string): string {
  const [header = ''] = text.split(/\r|\n/, 1);
  const counts = DELIMITERS.map((one) => header.split(one).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

function checkHeader(names: readonly string[], { needed, more }: Columns): void {
  const known = [...needed, ...more];
  const missing = needed.find((name) => !names.includes(name));
  if (missing !== undefined)
    throw badCsv(`The first line names no column ${missing}; the columns are ${known.join(', ')}.`);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw badCsv(`There is no column ${JSON.stringify(unknown.slice(0, 80))}; the columns are ${known.join(', ')}.`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw badCsv(`The column ${twice} is there twice.`);
}

function rowOf(line: number, record: readonly string[], names: readonly string[]): ImportRow {
  const faults: RowFault[] = [];
  if (record.length !== names.length)
    faults.push({
      field: '',
      code: 'bad-csv',
      message: `The row has ${record.length} cells, the header ${names.length}: is a quote missing?`,
    });
  const cells = Object.fromEntries(names.map((name, index) => [name, record[index] ?? '']));
  for (const [name, cell] of Object.entries(cells)) {
    if (!UNREADABLE.test(cell)) continue;
    faults.push({ field: name, code: 'bad-encoding', message: 'It is not UTF-8: save the file as UTF-8.' });
    cells[name] = cell.replaceAll('\0', '\ufffd');
  }
  return { line, cells, ...(faults.length === 0 ? {} : { faults }) };
}
