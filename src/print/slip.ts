// The packing slip of a carton: what of which order is in it, and what follows or is missing.
import { widthOf } from './bars.ts';
import { fitting, paragraph, type Item, type Sheet } from './sheet.ts';

export interface SlipData {
  readonly sscc: string;
  readonly shipFrom: string;
  readonly shipTo: string;
  readonly customer: string;
  readonly order: string;
  readonly packedAt: string;
  readonly lines: readonly SlipLine[];
  /** Of the order, in no carton. */
  readonly missing: readonly SlipLine[];
}

export interface SlipLine {
  readonly line: string;
  readonly sku: string;
  readonly lot: string | null;
  readonly quantity: number;
}

const SIZE = 3.2;
const LINE_HEIGHT = 5;
const HEAD = 62;
const MODULE = 0.375;

export function slipOf(data: SlipData, page: { readonly width: number; readonly height: number }): Sheet[] {
  const margin = page.width > 150 ? 15 : 6;
  const rows = [
    ...data.lines.map((line) => rowOf(line)),
    ...(data.missing.length === 0
      ? []
      : [['', '', 'Not in this carton, and in no other:', '', ''], ...data.missing.map((line) => rowOf(line))]),
  ];
  const most = Math.max(1, Math.floor((page.height - HEAD - 15) / LINE_HEIGHT));
  const pages = Math.max(1, Math.ceil(rows.length / most));
  return Array.from({ length: pages }, (_, index) => ({
    ...page,
    items: [
      ...headOf(data, page.width, margin),
      ...rows
        .slice(index * most, (index + 1) * most)
        .flatMap((row, at) => printed(row, HEAD + at * LINE_HEIGHT, page.width, margin)),
      { kind: 'text', x: margin, y: page.height - 9, size: 2.6, text: `Page ${index + 1} of ${pages}` },
    ],
  }));
}

const rowOf = ({ line, sku, lot, quantity }: SlipLine): string[] => [line, sku, lot ?? '', String(quantity)];

/** Where columns begin, as a share of the width. */
const COLUMNS = [0, 0.14, 0.55, 0.87] as const;

function printed(row: readonly string[], y: number, width: number, margin: number): Item[] {
  const inner = width - 2 * margin;
  if (row.length > COLUMNS.length) return [{ kind: 'text', x: margin, y, size: SIZE, text: row[2]!, isBold: true }];
  return row.flatMap((text, index) => {
    const room = ((COLUMNS[index + 1] ?? 1) - COLUMNS[index]!) * inner - 1;
    return text === ''
      ? []
      : [{ kind: 'text', x: margin + COLUMNS[index]! * inner, y, size: SIZE, text: fitting(text, SIZE, room) }];
  });
}

function headOf(
  { sscc, shipFrom, shipTo, customer, order, packedAt }: SlipData,
  width: number,
  margin: number,
): Item[] {
  const inner = width - 2 * margin;
  const half = inner / 2 - 2;
  const barcode = { elements: `(00)${sscc}`, module: MODULE };
  return [
    { kind: 'text', x: margin, y: 6, size: 5, text: 'Packing slip', isBold: true },
    {
      kind: 'text',
      x: margin,
      y: 13,
      size: SIZE,
      text: fitting(`Order ${order} of ${customer}, packed ${packedAt}`, SIZE, inner),
    },
    ...paragraph(shipFrom, { x: margin, y: 19, size: 2.8, width: half, max: 4 }),
    ...paragraph(shipTo, { x: margin + inner / 2, y: 19, size: 2.8, width: half, max: 5 }),
    { kind: 'gs1-128', x: margin + Math.max(0, (inner - widthOf(barcode)) / 2), y: 38, height: 11, ...barcode },
    { kind: 'text', x: margin, y: 50, size: 2.8, text: barcode.elements },
    ...['Line', 'SKU', 'Lot', 'Quantity'].map((text, index): Item => ({
      kind: 'text',
      x: margin + COLUMNS[index]! * inner,
      y: 55,
      size: 2.8,
      text,
      isBold: true,
    })),
    { kind: 'box', x: margin, y: 59.5, width: inner, height: 0.375 },
  ];
}
