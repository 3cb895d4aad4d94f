// Rows of numbers by tag in one array, for what is kept of many tags. Tags that came together have numbers that are close, so where their
// rows are is kept in pages: some five bytes a tag beside its numbers. A row that is given back is the next one's. Plain, for the snapshot.

export interface Rows {
  /** By tag, a page for so many: where its row begins, and one; 0 for none. */
  readonly pages: (Int32Array | undefined)[];
  /** Tags that have a row. */
  tags: number;
  numbers: Float64Array;
  /** Rows that were given back. */
  readonly free: number[];
}

const PAGE_BITS = 8;
const PAGE_TAGS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_TAGS - 1;

export const openRows = (): Rows => ({ pages: [], tags: 0, numbers: new Float64Array(0), free: [] });

const FIRST_ROWS = 16;
const GROWTH = 1.25;

/** Where the row of a tag begins; undefined when it has none. */
export function rowOf({ pages }: Rows, tag: number): number | undefined {
  const place = pages[tag >>> PAGE_BITS]?.[tag & PAGE_MASK] ?? 0;
  return place === 0 ? undefined : place - 1;
}

/** The same; a new one holds anything. All rows of one array are `width` numbers wide. */
export function rowFor(rows: Rows, tag: number, width: number): number {
  const known = rowOf(rows, tag);
  if (known !== undefined) return known;
  const row = rows.free.pop() ?? rows.tags * width;
  if (row >= rows.numbers.length) {
    const room = Math.max(FIRST_ROWS, Math.ceil((rows.numbers.length / width) * GROWTH));
    const grown = new Float64Array(room * width);
    grown.set(rows.numbers);
    rows.numbers = grown;
  }
  const page = (rows.pages[tag >>> PAGE_BITS] ??= new Int32Array(PAGE_TAGS));
  page[tag & PAGE_MASK] = row + 1;
  rows.tags++;
  return row;
}

/** Nothing is kept of the tag any more. */
export function giveBack(rows: Rows, tag: number): void {
  const row = rowOf(rows, tag);
  if (row === undefined) return;
  rows.pages[tag >>> PAGE_BITS]![tag & PAGE_MASK] = 0;
  rows.tags--;
  rows.free.push(row);
}

/** Those of `from` up to `to` (left out) that have a row; all when it is not said which. */
export function* tagsOf({ pages }: Rows, from = 0, to = pages.length * PAGE_TAGS): Generator<number> {
  for (let tag = from; tag < to; tag++) {
    const page = pages[tag >>> PAGE_BITS];
    if (page === undefined) tag |= PAGE_MASK;
    else if (page[tag & PAGE_MASK] !== 0) yield tag;
  }
}
