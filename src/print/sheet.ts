// A page to be printed: lines of text, boxes and barcodes at places in millimetres from the upper left. What a printer makes of it is
// in svg.ts, pdf.ts and zpl.ts.

export interface TextItem {
  readonly kind: 'text';
  readonly x: number;
  /** Of the upper edge. */
  readonly y: number;
  /** Height of capitals and what hangs below them, mm. */
  readonly size: number;
  readonly text: string;
  readonly isBold?: boolean;
}

export interface BoxItem {
  readonly kind: 'box';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** GS1-128: `elements` as people read them, application identifiers in brackets. */
export interface BarcodeItem {
  readonly kind: 'gs1-128';
  readonly x: number;
  readonly y: number;
  readonly height: number;
  /** Width of the narrowest bar, mm. */
  readonly module: number;
  readonly elements: string;
}

export type Item = TextItem | BoxItem | BarcodeItem;

export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly items: readonly Item[];
}

/** The usual roll of label printers, 4 by 6 inches: that of the GS1 logistic label, too. */
export const LABEL = { width: 101.6, height: 152.4 } as const;
export const A4 = { width: 210, height: 297 } as const;

/** A letter is about so wide, as a share of its size. */
const LETTER_WIDTH = 0.56;

/** As much of a line as has room in so many millimetres. */
export function fitting(text: string, size: number, width: number): string {
  const letters = Math.max(1, Math.floor(width / (size * LETTER_WIDTH)));
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}

/** Several lines of text, as many of them as there is room for. */
export const paragraph = (
  text: string,
  { x, y, size, width, max }: { x: number; y: number; size: number; width: number; max: number },
): TextItem[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, max)
    .map((line, index) => ({ kind: 'text', x, y: y + index * size * 1.3, size, text: fitting(line, size, width) }));
