// The bars of a barcode, as boxes.
import bwipjs from 'bwip-js/node';
import type { BarcodeItem, BoxItem } from './sheet.ts';

/** Widths of bars and gaps in turn, in modules. Throws when the elements are no GS1 ones, or a check digit is wrong. */
function widthsOf(elements: string): readonly number[] {
  const [drawn] = bwipjs.raw({ bcid: 'gs1-128', text: elements }) as unknown as readonly { sbs: readonly number[] }[];
  return drawn!.sbs;
}

/** Bars of a GS1-128 symbol; its quiet zones, ten modules to each side, are the caller's to keep. */
export function barsOf({ x, y, height, module, elements }: BarcodeItem): BoxItem[] {
  const bars: BoxItem[] = [];
  let at = x;
  for (const [index, width] of widthsOf(elements).entries()) {
    if (index % 2 === 0) bars.push({ kind: 'box', x: at, y, width: width * module, height });
    at += width * module;
  }
  return bars;
}

/** How wide it is, mm, without its quiet zones. */
export const widthOf = ({ elements, module }: Pick<BarcodeItem, 'elements' | 'module'>): number =>
  widthsOf(elements).reduce((sum, width) => sum + width, 0) * module;
