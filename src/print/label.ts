// The GS1 logistic label of a carton: who sends it, where to, with whom; below, its SSCC for people and for scanners.
import { widthOf } from './bars.ts';
import { fitting, LABEL, paragraph, type Item, type Sheet } from './sheet.ts';

export interface LabelData {
  readonly sscc: string;
  readonly shipFrom: string;
  readonly shipTo: string;
  readonly carrier: string | undefined;
  readonly tracking?: string | undefined;
  readonly order: string;
  readonly load: string | undefined;
  /** g */
  readonly weight: number | undefined;
  readonly quantity: number;
}

const MARGIN = 5;
const WIDTH = LABEL.width - 2 * MARGIN;
/** Between 0.495 and 1.016 for general distribution (GS1 General Specifications, 5.12.3), and a whole number of dots. */
const MODULE = 0.5;
/** At least 31.75 mm there. */
const BAR_HEIGHT = 35;

export function labelOf(data: LabelData): Sheet {
  const { sscc, shipFrom, shipTo, carrier, tracking, order, load, weight, quantity } = data;
  const items: Item[] = [
    ...field('FROM', MARGIN, 5),
    ...paragraph(shipFrom, { x: MARGIN, y: 9, size: 3.2, width: WIDTH, max: 4 }),
    rule(27),
    ...field('TO', MARGIN, 29),
    ...paragraph(shipTo, { x: MARGIN, y: 33.5, size: 5, width: WIDTH, max: 6 }),
    rule(74),
    ...fact('CARRIER', carrier ?? '-', MARGIN, 76),
    ...fact('TRACKING', tracking ?? '-', MARGIN + WIDTH / 2, 76),
    ...fact('ORDER', order, MARGIN, 86),
    ...fact('LOAD', load ?? '-', MARGIN + WIDTH / 2, 86),
    ...fact('GROSS WEIGHT', weight === undefined ? '-' : `${(weight / 1000).toFixed(2)} kg`, MARGIN, 96),
    ...fact('COUNT', String(quantity), MARGIN + WIDTH / 2, 96),
    rule(105),
    ...field('SSCC', MARGIN, 106.5),
    { kind: 'text', x: MARGIN + 10, y: 106, size: 4, text: sscc, isBold: true },
  ];
  const barcode = { elements: `(00)${sscc}`, module: MODULE };
  const x = (LABEL.width - widthOf(barcode)) / 2;
  items.push({ kind: 'gs1-128', x, y: 111, height: BAR_HEIGHT, ...barcode });
  items.push({ kind: 'text', x: x + 18, y: 111 + BAR_HEIGHT + 0.8, size: 3.6, text: barcode.elements });
  return { ...LABEL, items };
}

const rule = (y: number): Item => ({ kind: 'box', x: MARGIN, y, width: WIDTH, height: 0.375 });

const field = (text: string, x: number, y: number): Item[] => [{ kind: 'text', x, y, size: 2.4, text }];

const fact = (name: string, text: string, x: number, y: number): Item[] => [
  ...field(name, x, y),
  { kind: 'text', x, y: y + 3.2, size: 4, text: fitting(text, 4, WIDTH / 2 - 2), isBold: true },
];
