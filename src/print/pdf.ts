// Pages as a PDF document. Its letters are those that every reader of PDF has: of others the nearest Latin one is printed.
// oxlint-disable-next-line import/no-named-as-default -- its types know no other
import PDFDocument from 'pdfkit';
import { barsOf } from './bars.ts';
import type { BoxItem, Item, Sheet } from './sheet.ts';

const POINTS_A_MM = 72 / 25.4;

/** `at` is the time that the document says it was made, ms: the same pages of the same time are the same bytes. */
export async function pdfOf(sheets: readonly Sheet[], title: string, at: number): Promise<Buffer> {
  const document = new PDFDocument({
    autoFirstPage: false,
    margin: 0,
    info: { Title: title, CreationDate: new Date(at) },
  });
  const parts: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part));
    document.on('end', () => resolve(Buffer.concat(parts)));
    document.on('error', reject);
  });
  for (const { width, height, items } of sheets) {
    document.addPage({ size: [width * POINTS_A_MM, height * POINTS_A_MM], margin: 0 });
    for (const item of items) draw(document, item);
  }
  document.end();
  return whole;
}

function draw(document: PDFKit.PDFDocument, item: Item): void {
  if (item.kind === 'box') fill(document, item);
  else if (item.kind === 'gs1-128') for (const bar of barsOf(item)) fill(document, bar);
  else {
    const { x, y, size, text, isBold } = item;
    document
      .font(isBold === true ? 'Helvetica-Bold' : 'Helvetica')
      .fontSize(size * POINTS_A_MM)
      .text(latin(text), x * POINTS_A_MM, y * POINTS_A_MM, { lineBreak: false });
  }
}

const fill = (document: PDFKit.PDFDocument, { x, y, width, height }: BoxItem): void =>
  void document.rect(x * POINTS_A_MM, y * POINTS_A_MM, width * POINTS_A_MM, height * POINTS_A_MM).fill('#000');

/** What is outside Latin-1 loses its marks; what is no Latin letter at all is a question mark. */
const latin = (text: string): string =>
  Array.from(text.replaceAll('…', '...').replaceAll('ł', 'l').replaceAll('Ł', 'L'))
    .map((letter) => {
      if (letter <= '\u00FF') return letter;
      const [bare = '?'] = letter.normalize('NFKD');
      return bare <= '\u00FF' ? bare : '?';
    })
    .join('');
