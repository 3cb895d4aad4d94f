// The site in which the stories of the tests play, and the goods in it. Two doors side by side, two aisles under overhead
// antennas, a bench, and one location of every kind.
import { planSite, type SitePlan } from '../../src/config/plan.ts';
import type { SiteFile } from '../../src/config/site.ts';
import { decodeEpc, type Gs1Epc } from '../../src/wire/epc/decodeEpc.ts';
import { encodeGrai96, encodeSgtin96, encodeSscc96 } from '../../src/wire/epc/encodeEpc.ts';

export const SITE = 'S1';
/** A Monday morning, on the grid of decisions and on a boundary. */
export const MORNING = Date.UTC(2026, 0, 5, 8);
export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

const door = (number: number, more: object = {}) => ({
  id: `DOOR-${number}`,
  kind: 'portal' as const,
  outside: 'world',
  inside: `DOCK-${number}`,
  antennas: [1, 2, 3, 4].map((antenna) => ({
    reader: `door-${number}`,
    antenna,
    side: antenna <= 2 ? ('outside' as const) : ('inside' as const),
  })),
  ...more,
});

/** What a person would write; `more` is laid over it. */
export const siteFile = (more: Partial<SiteFile> = {}): SiteFile => ({
  site: SITE,
  locations: [
    { id: 'DOCK-1', kind: 'dock', x: 0, y: 0 },
    { id: 'DOCK-2', kind: 'dock', x: 3.66, y: 0 },
    { id: 'STAGE', kind: 'staging-in', x: 2, y: 20 },
    { id: 'OUT', kind: 'staging-out', x: 8, y: 20 },
    { id: 'A', kind: 'pick', zone: true, x: 4, y: 30 },
    { id: 'A-01', kind: 'pick', in: 'A', x: 3, y: 30 },
    { id: 'B', kind: 'pick', zone: true, x: 12, y: 30 },
    { id: 'R', kind: 'reserve', zone: true, x: 30, y: 30 },
    { id: 'PACK', kind: 'pack', x: 30, y: 20 },
    { id: 'HOLD', kind: 'hold', x: 40, y: 20 },
    { id: 'RETURNS', kind: 'returns', x: 50, y: 20 },
    { id: 'SCRAP', kind: 'scrap', x: 60, y: 20 },
    { id: 'YARD', kind: 'yard', x: 0, y: -40 },
  ],
  readPoints: [
    door(1, { neighbours: ['DOOR-2'] }),
    door(2),
    {
      id: 'AISLE-A',
      kind: 'zone',
      location: 'A',
      antennas: [
        { reader: 'over-a', antenna: 1 },
        { reader: 'over-a', antenna: 2 },
      ],
    },
    { id: 'AISLE-B', kind: 'zone', location: 'B', antennas: [{ reader: 'over-b', antenna: 1 }] },
    { id: 'RESERVE', kind: 'zone', location: 'R', antennas: [{ reader: 'over-r', antenna: 1 }] },
    {
      id: 'BENCH',
      kind: 'station',
      location: 'PACK',
      device: 'pack-1',
      antennas: [{ reader: 'bench-1', antenna: 1 }],
    },
    { id: 'DESK', kind: 'station', location: 'STAGE', device: 'desk-1' },
  ],
  ...more,
});

export const site = (more: Partial<SiteFile> = {}, rules?: SiteFile['rules']): SitePlan =>
  planSite({ file: { ...siteFile(more), ...(rules === undefined ? {} : { rules }) } });

/** The site of the stories, with a scanner at each dock, receiving against documents. */
export const receivingSite = (): SitePlan =>
  site(
    {
      readPoints: [
        ...siteFile().readPoints!,
        {
          id: 'HAND-1',
          kind: 'station',
          location: 'DOCK-1',
          device: 'hand-1',
          antennas: [{ reader: 'hand-1', antenna: 1 }],
        },
      ],
    },
    { inboundDocuments: true },
  );

const COMPANY = '9521141';

/** The SGTIN-96 of unit `serial` of product `product`, whose GTIN-14 is `gtinOf(product)`. */
export const itemEpc = (product: number, serial: number, filter = 1): string =>
  encodeSgtin96({ companyPrefix: COMPANY, itemReference: `0${String(product).padStart(5, '0')}`, serial, filter });
export const palletEpc = (serial: number): string =>
  encodeSscc96({ companyPrefix: COMPANY, serialReference: `1${String(serial).padStart(9, '0')}`, filter: 6 });
/** The code of `palletEpc(9)` on a document. */
export const SSCC_9 = (decodeEpc(palletEpc(9)) as Gs1Epc).sscc18!;
export const toteEpc = (serial: number): string => encodeGrai96({ companyPrefix: COMPANY, assetType: '00001', serial });
/** A tag of no standard: nobody knows what it is. */
export const strangeEpc = (serial: number): string => `AD38${serial.toString(16).toUpperCase().padStart(20, '0')}`;

/** The GTIN-14 of a product: its SKU, since no rule of the site says otherwise. */
export function gtinOf(product: number): string {
  const digits = `0${COMPANY}${String(product).padStart(5, '0')}`;
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return digits + String((10 - (sum % 10)) % 10);
}

/** Tags that travel together. */
export interface Goods {
  readonly name: string;
  readonly epcs: readonly string[];
}

let pallets = 0;
/** A pallet of `tags` units of one product. Every pallet has serial numbers of its own. */
export function pallet(name: string, { tags = 10, product = 1 }: { tags?: number; product?: number } = {}): Goods {
  const first = ++pallets * 1000;
  return { name, epcs: Array.from({ length: tags }, (_, index) => itemEpc(product, first + index)) };
}
