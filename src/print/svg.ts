// A page as an SVG document, one unit a millimetre.
import { barsOf } from './bars.ts';
import type { BoxItem, Item, Sheet } from './sheet.ts';

export function svgOf({ width, height, items }: Sheet): string {
  const body = items.flatMap((item) => drawn(item)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif">
<rect width="${width}" height="${height}" fill="#fff"/>
${body}
</svg>
`;
}

function drawn(item: Item): string[] {
  if (item.kind === 'box') return [boxed(item)];
  if (item.kind === 'gs1-128') return barsOf(item).map((bar) => boxed(bar));
  const { x, y, size, text, isBold } = item;
  const weight = isBold === true ? ' font-weight="700"' : '';
  return [
    `<text x="${rounded(x)}" y="${rounded(y + size * 0.8)}" font-size="${size}"${weight}>${escaped(text)}</text>`,
  ];
}

const boxed = ({ x, y, width, height }: BoxItem): string =>
  `<rect x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${rounded(height)}"/>`;

const rounded = (mm: number): number => Math.round(mm * 1000) / 1000;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
