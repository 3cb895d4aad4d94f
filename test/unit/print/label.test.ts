// Labels and slips can be read: what a barcode reader makes of the drawn bars is the SSCC that was to be printed.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { labelOf, type LabelData } from '../../../src/print/label.ts';
import { pdfOf } from '../../../src/print/pdf.ts';
import { A4, LABEL } from '../../../src/print/sheet.ts';
import { slipOf, type SlipData } from '../../../src/print/slip.ts';
import { svgOf } from '../../../src/print/svg.ts';
import { zplOf } from '../../../src/print/zpl.ts';
import { parseScan } from '../../../src/wire/barcode/parseScan.ts';
import { ssccOf } from '../../../src/wire/epc/sscc.ts';

const NOON = Date.UTC(2026, 10, 23, 12);
const SSCC = ssccOf({ companyPrefix: '0614141', extension: 3 }, 500)!;
const data: LabelData = {
  sscc: SSCC,
  shipFrom: 'Antwerp distribution centre\nQuay 7\n2000 Antwerp',
  shipTo: 'Shop One & Sons <east>\n1 High_Street ^2\nŁódź',
  carrier: 'CARRIER',
  order: 'O-1',
  load: undefined,
  weight: 3200,
  quantity: 10,
};
const slip: SlipData = {
  sscc: SSCC,
  shipFrom: 'Here',
  shipTo: 'There',
  customer: 'SHOP-1',
  order: 'O-1',
  packedAt: '2026-11-23',
  lines: Array.from({ length: 60 }, (_, index) => ({
    line: String(index + 1),
    sku: `S${index}`,
    lot: 'L1',
    quantity: 2,
  })),
  missing: [{ line: '61', sku: 'LATE', lot: null, quantity: 4 }],
};

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const { buffer, byteOffset, byteLength } = readFileSync(wasm);
  const wasmBinary = buffer.slice(byteOffset, byteOffset + byteLength);
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
});

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
const PIXELS_A_MM = 8;

/** What a printer of 203 dots an inch makes of boxes, as a reader sees it. */
async function scanned(boxes: readonly Box[], page: { width: number; height: number }): Promise<string[]> {
  const [width, height] = [Math.round(page.width * PIXELS_A_MM), Math.round(page.height * PIXELS_A_MM)];
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const box of boxes) {
    const [left, right] = [Math.round(box.x * PIXELS_A_MM), Math.round((box.x + box.width) * PIXELS_A_MM)];
    const [top, bottom] = [Math.round(box.y * PIXELS_A_MM), Math.round((box.y + box.height) * PIXELS_A_MM)];
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
  }
  const found = await readBarcodes({ data: pixels, width, height } as Parameters<typeof readBarcodes>[0], {
    textMode: 'Plain',
  });
  return found.map(({ symbologyIdentifier, text }) => symbologyIdentifier + text);
}

const boxesOfSvg = (svg: string): Box[] =>
  [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"\/>/g)].map(([, ...all]) => {
    const [x, y, width, height] = all.map(Number) as [number, number, number, number];
    return { x, y, width, height };
  });

/** The boxes of each page of a PDF that we made. */
function boxesOfPdf(pdf: Buffer): Box[][] {
  const text = pdf.toString('latin1');
  const pages: Box[][] = [];
  for (const match of text.matchAll(/stream\r?\n/g)) {
    const from = match.index + match[0].length;
    const to = text.indexOf('endstream', from);
    let content: string;
    try {
      content = inflateSync(pdf.subarray(from, to)).toString('latin1');
    } catch {
      continue;
    }
    const boxes = [...content.matchAll(/^([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re$/gm)].map(([, ...all]) => {
      const [x, y, width, height] = all.map((points) => (Number(points) * 25.4) / 72) as [
        number,
        number,
        number,
        number,
      ];
      return { x, y, width, height };
    });
    if (boxes.length > 0) pages.push(boxes);
  }
  return pages;
}

const ssccsOf = (codes: readonly string[]): (string | undefined)[] =>
  codes.map((code) => {
    const parsed = parseScan(code, NOON);
    return parsed.kind === 'gs1' ? parsed.sscc18 : undefined;
  });

describe('a label', () => {
  it('as SVG is read as its SSCC, whatever that is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 999_999_999 }),
        fc.integer({ min: 0, max: 9 }),
        async (serial, extension) => {
          const sscc = ssccOf({ companyPrefix: '0614141', extension }, serial)!;
          const codes = await scanned(boxesOfSvg(svgOf(labelOf({ ...data, sscc }))), LABEL);
          expect(codes).toEqual([`]C100${sscc}`]);
          expect(ssccsOf(codes)).toEqual([sscc]);
        },
      ),
      { numRuns: 20, seed: 1 },
    );
  });

  it('as PDF is read as its SSCC, is one page of 4 by 6 inches, and is the same bytes again', async () => {
    const pdf = await pdfOf([labelOf(data)], 'label', NOON);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1')).toMatch(/\/MediaBox \[0 0 288 432\]/);
    expect(await scanned(boxesOfPdf(pdf)[0]!, LABEL)).toEqual([`]C100${SSCC}`]);
    expect(await pdfOf([labelOf(data)], 'label', NOON)).toEqual(pdf);
  });

  it('as ZPL tells the printer the elements, and nothing of its text is a command', () => {
    const zpl = zplOf([labelOf(data)]);
    expect(zpl).toMatch(new RegExp(`\\^BY4\\^BCN,280,N,N,N,D\\^FD\\(00\\)${SSCC}\\^FS`));
    expect(zpl).toContain('^FH^FD1 High_5FStreet _5E2^FS');
    expect(zpl.match(/\^XA/g)).toHaveLength(1);
    expect(zpl.trimEnd()).toMatch(/\^XZ$/);
  });

  it('escapes what is no text in SVG, and prints what it has letters for', () => {
    const svg = svgOf(labelOf(data));
    expect(svg).toContain('Shop One &amp; Sons &lt;east&gt;');
    expect(svg).toContain('Łódź');
    expect(svg).toContain('3.20 kg');
  });

  it('is not made of a number that is no SSCC', () => {
    expect(() => labelOf({ ...data, sscc: SSCC.slice(0, 17) + ((Number(SSCC[17]) + 1) % 10) })).toThrow(/checksum/i);
  });
});

describe('a packing slip', () => {
  it('goes on on further pages, each with the SSCC', async () => {
    const sheets = slipOf(slip, A4);
    expect(sheets).toHaveLength(2);
    const pages = boxesOfPdf(await pdfOf(sheets, 'slip', NOON));
    expect(pages).toHaveLength(2);
    for (const page of pages) expect(ssccsOf(await scanned(page, A4))).toEqual([SSCC]);
    const texts = sheets.flatMap(({ items }) => items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])));
    for (const { sku } of [...slip.lines, ...slip.missing])
      expect(texts.filter((text) => text === sku)).toHaveLength(1);
    expect(texts).toContain('Page 2 of 2');
  });

  it('fits on labels, too', () => {
    const sheets = slipOf(slip, LABEL);
    for (const { items } of sheets)
      for (const item of items)
        expect(item.x >= 0 && item.y + ('size' in item ? item.size : item.height) <= LABEL.height).toBe(true);
    expect(zplOf(sheets).match(/\^XA/g)).toHaveLength(sheets.length);
  });
});
