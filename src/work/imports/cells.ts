// Cells of an imported row, read one by one: each gives its value or notes what is wrong with it, so that a row is told everything at once.
import { inBooks } from '../../infer/balances.ts';
import { QUANTITY_MAX } from '../../wire/commandFields.ts';
import type { ImportRow, RowCode, RowFault } from '../../wire/import.ts';
import { ID_PATTERN } from '../../wire/id.ts';
import { isDay, parseTime } from '../../wire/time.ts';

export interface Cells {
  readonly row: ImportRow;
  readonly faults: RowFault[];
}

export const openCells = (row: ImportRow): Cells => ({ row, faults: [...(row.faults ?? [])] });

export function wrong({ faults }: Cells, field: string, code: RowCode, message: string): undefined {
  faults.push({ field, code, message });
  return undefined;
}

/** The cell without spaces around it; undefined when it is empty, or the file has no such column. */
export function textIn(cells: Cells, field: string, charsMax = 64): string | undefined {
  const text = (cells.row.cells[field] ?? '').trim();
  if (text === '') return undefined;
  if (text.length > charsMax) return wrong(cells, field, 'too-long', `It is longer than ${charsMax} characters.`);
  return text;
}

export function neededText(cells: Cells, field: string): string | undefined {
  if ((cells.row.cells[field] ?? '').trim() === '') return wrong(cells, field, 'missing', `Say the ${field}.`);
  return textIn(cells, field);
}

export interface NumberLimits {
  readonly isAboveZero?: boolean;
  readonly max?: number;
}

export function numberIn(cells: Cells, field: string, { isAboveZero = true, max }: NumberLimits): number | undefined {
  const text = textIn(cells, field);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^-?\d+(?:\.\d+)?$/.test(text))
    return wrong(cells, field, 'bad-number', `${text} is no number: write digits, and a dot before decimals (1250.5).`);
  if (value < 0 || (isAboveZero && value === 0) || (max !== undefined && value > max))
    return wrong(
      cells,
      field,
      'bad-number',
      `${text} cannot be: it is ${isAboveZero ? 'above' : 'at least'} 0${max === undefined ? '' : `, and at most ${max}`}.`,
    );
  return value;
}

/** Above zero, and no finer than the books tell apart. */
export function quantityIn(cells: Cells, field: string): number | undefined {
  const text = textIn(cells, field);
  if (text === undefined) return undefined;
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) return numberIn(cells, field, {});
  const value = Number(text);
  if (value <= 0 || value > QUANTITY_MAX)
    return wrong(cells, field, 'bad-quantity', `${text} cannot be: it is above 0, and at most ${QUANTITY_MAX}.`);
  if (inBooks(value) !== value)
    return wrong(cells, field, 'bad-quantity', `${text} is finer than 0.0001, which the books do not tell apart.`);
  return value;
}

export function wordIn<const W extends string>(
  cells: Cells,
  field: string,
  words: readonly W[],
  code: RowCode = 'bad-word',
): W | undefined {
  const text = textIn(cells, field);
  if (text === undefined) return undefined;
  const word = words.find((one) => one === text.toLowerCase());
  return word ?? wrong(cells, field, code, `${text} is none of ${words.join(', ')}.`);
}

const YES = ['true', 'yes', '1'];
const NO = ['false', 'no', '0'];

export function yesIn(cells: Cells, field: string): boolean | undefined {
  const word = wordIn(cells, field, [...YES, ...NO]);
  return word === undefined ? undefined : YES.includes(word);
}

export function dayIn(cells: Cells, field: string): string | undefined {
  const text = textIn(cells, field);
  if (text === undefined || isDay(text)) return text;
  return wrong(cells, field, 'bad-day', `${text} is no day of the calendar: write it as 2027-06-30.`);
}

/** A number of a document. */
export function idIn(cells: Cells, field: string): string | undefined {
  const text = neededText(cells, field);
  if (text === undefined || ID.test(text)) return text;
  return wrong(
    cells,
    field,
    'bad-id',
    `${text} is no number of a document: letters, digits, dot, colon, underscore and hyphen.`,
  );
}
const ID = new RegExp(ID_PATTERN);

/** A moment, as it is written. */
export function timeIn(cells: Cells, field: string): string | undefined {
  const text = textIn(cells, field);
  if (text === undefined || !Number.isNaN(parseTime(text))) return text;
  return wrong(cells, field, 'bad-time', `${text} is no time with a zone: write it as 2027-06-30T08:00:00Z.`);
}
