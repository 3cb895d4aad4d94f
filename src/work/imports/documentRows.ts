// Files of documents: one row a line, and what is said of the document in each of its rows alike. A document is taken whole or not at all; what is
// wrong with one row is told of that, and of the others that they stand or fall with it.
import type { WorkAnswer, WorkRequest } from '../../infer/planner.ts';
import type { Command } from '../../wire/command.ts';
import type { ImportRow, RowCode, RowVerdict } from '../../wire/import.ts';
import { refusedStranger } from '../partners/decide.ts';
import type { WorkState } from '../work.ts';
import { idIn, openCells, wrong, type Cells } from './cells.ts';

/** How documents of one kind are read. */
export interface Reading<D> {
  /** The column with their number. */
  readonly number: string;
  /** Columns that say something of the document, and not of the line. */
  readonly head: readonly string[];
  readonly linesMax: number;
  /** The document of rows that belong together, each of which has noted what is wrong with it; undefined when one is wrong. */
  readonly documentOf: (id: string, rows: readonly Cells[]) => D | undefined;
  /** Why it is not taken; undefined when it is. `before` were taken from the same file. */
  readonly faultOf: (document: D, before: number) => Refusal | undefined;
}

export type Refusal = Extract<WorkAnswer, { status: 'refused' }>;

export interface ReadDocuments<D> {
  readonly documents: readonly D[];
  readonly verdicts: RowVerdict[];
}

/** What each row comes to, and the documents that are good, in the order of their first rows. */
export function readDocuments<D extends Command>(
  rows: readonly ImportRow[],
  work: WorkState,
  request: WorkRequest,
  reading: Reading<D>,
): ReadDocuments<D> {
  const all = rows.map((row) => openCells(row));
  const documents: D[] = [];
  for (const [id, own] of grouped(all, reading.number)) {
    const [first] = own as [Cells];
    for (const cells of own.slice(1)) checkHead(cells, first, reading.head);
    if (own.length > reading.linesMax)
      wrong(first, reading.number, 'too-many', `${id} has ${own.length} lines; at most ${reading.linesMax} are taken.`);
    const document = reading.documentOf(id, own);
    const fault =
      document &&
      ((refusedStranger(work, document, request) as Refusal | undefined) ??
        reading.faultOf(document, documents.length));
    if (fault !== undefined) noteFault(first, reading.number, fault);
    if (document !== undefined && own.every(({ faults }) => faults.length === 0)) documents.push(document);
    else
      for (const cells of own.filter(({ faults }) => faults.length === 0))
        wrong(cells, reading.number, 'with-others', `Another row of ${id} is wrong: put that right first.`);
  }
  const verdicts = all.map(({ row, faults }): RowVerdict =>
    faults.length === 0 ? { line: row.line, verdict: 'entered' } : { line: row.line, verdict: 'refused', faults },
  );
  return { documents, verdicts };
}

/** Rows by the number of their document; one without a number stands for itself, and is wrong. */
function grouped(all: readonly Cells[], column: string): Map<string, Cells[]> {
  const groups = new Map<string, Cells[]>();
  for (const cells of all) {
    const id = idIn(cells, column);
    if (id === undefined) continue;
    groups.set(id, [...(groups.get(id) ?? []), cells]);
  }
  return groups;
}

function checkHead(cells: Cells, first: Cells, head: readonly string[]): void {
  for (const column of head) {
    const [said, before] = [cells, first].map(({ row }) => (row.cells[column] ?? '').trim());
    if (said === '' || said === before) continue;
    wrong(
      cells,
      column,
      'differs',
      `Line ${first.row.line} says ${before === '' ? 'nothing' : before} of the same document.`,
    );
  }
}

const CODES: Readonly<Record<string, RowCode>> = {
  'order-exists': 'document-exists',
  'inbound-exists': 'document-exists',
  'too-many-orders': 'too-many',
  'too-many-inbounds': 'too-many',
  'unknown-partner': 'unknown-partner',
  'unknown-door': 'unknown-door',
  'bad-time': 'bad-time',
  'bad-day': 'bad-day',
};

/** Messages of commands begin with their field. */
function noteFault(cells: Cells, column: string, { code, message }: Refusal): void {
  wrong(cells, column, CODES[code] ?? 'bad-lines', message.replace(/^\w+: /, ''));
}

/** The number of a line: its cell, else its place in the document. */
export const lineNumber = (cells: Cells, index: number): string | undefined =>
  (cells.row.cells['line'] ?? '').trim() === '' ? String(index + 1) : idIn(cells, 'line');
