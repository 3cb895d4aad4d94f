// A file of rows as it is imported: one command with all of them, so that it is taken once, at one place in the journal. Cells are as they
// were written; what they mean is decided there.
import { Type, type Static } from 'typebox';
import { base } from './commandFields.ts';

export const IMPORT_KINDS = ['products', 'stock', 'partners', 'orders', 'inbounds'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** Rows of one file; a longer one is to be split. */
export const IMPORT_ROWS_MAX = 5000;

/** Columns of each kind, those first that a file must have. */
export const IMPORT_COLUMNS = {
  products: {
    needed: ['sku'],
    more: [
      'name',
      'base_unit',
      'gtin',
      'packs',
      'length_mm',
      'width_mm',
      'height_mm',
      'weight_g',
      'unit_cost',
      'currency',
      'tracking',
      'expires',
      'hazard',
      'temperature',
      'velocity',
      'rotation',
      'fixed_bin',
      'pick_minimum',
      'pick_maximum',
    ],
  },
  partners: { needed: ['kind', 'partner'], more: ['name', 'address', 'tolerance'] },
  orders: {
    needed: ['order', 'customer', 'sku', 'quantity'],
    more: ['line', 'lot', 'unit', 'ship_to', 'ship_by', 'priority', 'partial', 'owner'],
  },
  inbounds: {
    needed: ['inbound', 'supplier', 'sku', 'quantity'],
    more: ['document', 'line', 'lot', 'expiry', 'unit', 'expected_from', 'expected_to', 'door', 'tolerance'],
  },
  stock: { needed: ['location', 'sku', 'quantity'], more: ['unit', 'lot', 'owner', 'status', 'expiry', 'epc'] },
} as const satisfies Record<ImportKind, { readonly needed: readonly string[]; readonly more: readonly string[] }>;

/** Why a row is not taken. Stable: programs decide by it. */
export const ROW_CODES = {
  'bad-encoding': 'A cell is not UTF-8.',
  'bad-csv': 'The row has more or fewer cells than the header, or a quote at a wrong place.',
  missing: 'A cell that must be there is empty.',
  'too-long': 'A text is longer than the service keeps.',
  'bad-number': 'A cell is no number, or one that makes no sense there.',
  'bad-quantity': 'A quantity is not above zero, or finer than the books tell apart.',
  'bad-word': 'A cell is none of the words that may stand there.',
  'bad-day': 'The calendar has no such day, or it is not written as 2027-06-30.',
  duplicate: 'An earlier row of the file says the same thing already.',
  'unknown-unit': 'The product is not packed in that unit, or there is no unit of that name.',
  'unknown-location': 'The site has no such location, or goods are not stored there.',
  'unknown-product': 'The site has no product of that SKU.',
  'bad-packs': 'The pack levels contradict each other, or are not written as case:12:GTIN.',
  'bad-gtin': 'A GTIN has a wrong length or check digit.',
  'gtin-taken': 'The GTIN belongs to another product, perhaps of an earlier row.',
  'bad-levels': 'Minimum and maximum contradict each other, or there is no fixed bin.',
  incomplete: 'Cost and currency belong together.',
  'too-many-partners': 'As many partners are known as the service keeps.',
  'too-many-products': 'As many products are known as the service keeps.',
  'lot-needed': 'The product is tracked by lot, or has a day in the row: the lot must be named.',
  'expiry-needed': 'The product expires: the day must be named.',
  'other-expiry': 'The lot has another day by what was said before.',
  'item-needed': 'The product has tags: say the EPC of each, or have them read.',
  'bad-id': 'It is no number of a document: letters, digits, dot, colon, underscore and hyphen, at most 64.',
  'bad-time': 'It is no RFC 3339 time with a zone, as 2027-06-30T08:00:00Z.',
  'bad-epc': 'It is no hexadecimal EPC, or not of one unit.',
  'other-item': 'The tag is of another SKU.',
  'document-exists': 'A document of that number was entered before.',
  'too-many': 'As many such documents, or lines of one, are known as the service keeps.',
  'unknown-partner': 'The site knows its partners, and this is none of them.',
  'unknown-door': 'The site has no such door.',
  'bad-lines': 'The lines of the document contradict each other.',
  differs: 'The row says otherwise of its document than the first row of it.',
  'with-others': 'Another row of the same document is wrong: it is taken whole, or not at all.',
  'stock-exists': 'The books have some of it there already: count it instead.',
} as const;
export type RowCode = keyof typeof ROW_CODES;

/** What is wrong with one cell of a row; `field` is the column, '' for the row as a whole. */
export const RowFault = Type.Object({
  field: Type.String(),
  code: Type.Enum(Object.keys(ROW_CODES) as RowCode[], {
    description: `Stable.\n* ${Object.entries(ROW_CODES)
      .map(([code, means]) => `\`${code}\`: ${means}`)
      .join('\n* ')}`,
  }),
  message: Type.String(),
});
export type RowFault = Static<typeof RowFault>;

export const ROW_VERDICTS = ['created', 'replaced', 'unchanged', 'booked', 'entered', 'refused'] as const;
/** What becomes of one row. */
export const RowVerdict = Type.Object({
  line: Type.Integer({ description: 'Line of the file, the header being 1.' }),
  verdict: Type.Enum([...ROW_VERDICTS]),
  faults: Type.Optional(Type.Array(RowFault)),
});
export type RowVerdict = Static<typeof RowVerdict>;

export const ImportRow = Type.Object({
  line: Type.Integer({ minimum: 1 }),
  cells: Type.Record(Type.String(), Type.String()),
  /** Found while the file was read. */
  faults: Type.Optional(Type.Array(RowFault)),
});
export type ImportRow = Static<typeof ImportRow>;

export const ImportCommands = {
  import: Type.Object({
    kind: Type.Literal('import'),
    ...base,
    what: Type.Enum([...IMPORT_KINDS]),
    dryRun: Type.Boolean(),
    rows: Type.Array(ImportRow, { maxItems: IMPORT_ROWS_MAX }),
  }),
} as const;
export type ImportCommand = Static<(typeof ImportCommands)['import']>;
