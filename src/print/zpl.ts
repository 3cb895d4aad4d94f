// Pages for label printers that speak ZPL II, at 203 dots an inch. The printer draws barcodes itself, by the same elements.
import type { BarcodeItem, Item, Sheet } from './sheet.ts';

const DOTS_A_MM = 8;

export const zplOf = (sheets: readonly Sheet[]): string =>
  sheets
    .map(({ width, height, items }) =>
      ['^XA', '^CI28', `^PW${dots(width)}`, `^LL${dots(height)}`, ...items.map((item) => drawn(item)), '^XZ', ''].join(
        '\n',
      ),
    )
    .join('');

const dots = (mm: number): number => Math.round(mm * DOTS_A_MM);

function drawn(item: Item): string {
  const at = `^FO${dots(item.x)},${dots(item.y)}`;
  switch (item.kind) {
    case 'text':
      return `${at}^A0N,${dots(item.size)}^FH^FD${escaped(item.text)}^FS`;
    case 'box': {
      const [width, height] = [Math.max(1, dots(item.width)), Math.max(1, dots(item.height))];
      return `${at}^GB${width},${height},${Math.min(width, height)}^FS`;
    }
    case 'gs1-128':
      return barcode(at, item);
  }
}

/** Mode D: the printer puts the function characters where the brackets say that an element begins. */
const barcode = (at: string, { height, module, elements }: BarcodeItem): string =>
  `${at}^BY${Math.max(1, dots(module))}^BCN,${dots(height)},N,N,N,D^FD${elements}^FS`;

/** Characters that ZPL takes for commands, as their bytes. */
const escaped = (text: string): string =>
  text.replaceAll(
    /[_^~\\\p{Cc}]/gu,
    (letter) => `_${letter.codePointAt(0)!.toString(16).padStart(2, '0').toUpperCase()}`,
  );
