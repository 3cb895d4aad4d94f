// Rows of numbers by tag in one array, for what is kept of many tags: some 35 bytes a tag beside its numbers. A row that is given back is
// the next one's. Plain, for the snapshot.

export interface Rows {
  /** By tag: where its row begins. */
  readonly places: Map<number, number>;
  numbers: Float64Array;
  /** Rows that were given back. */
  readonly free: number[];
}

export const openRows = (): Rows => ({ places: new Map(), numbers: new Float64Array(0), free: [] });

const FIRST_ROWS = 16;
const GROWTH = 1.25;

/** So many rows there is to be room for, when there are `rows` and one more is needed. */
export const roomFor = (rows: number): number => Math.max(FIRST_ROWS, Math.ceil(rows * GROWTH));

/** Where the row of a tag begins; a new one holds anything. All rows of one array are `width` numbers wide. */
export function rowFor(rows: Rows, tag: number, width: number): number {
  const known = rows.places.get(tag);
  if (known !== undefined) return known;
  const place = rows.free.pop() ?? rows.places.size * width;
  if (place >= rows.numbers.length) {
    const grown = new Float64Array(roomFor(rows.numbers.length / width) * width);
    grown.set(rows.numbers);
    rows.numbers = grown;
  }
  rows.places.set(tag, place);
  return place;
}

/** Nothing is kept of the tag any more. */
export function giveBack({ places, free }: Rows, tag: number): void {
  const place = places.get(tag);
  if (place === undefined) return;
  places.delete(tag);
  free.push(place);
}
