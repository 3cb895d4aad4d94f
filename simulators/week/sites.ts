// The sites of the simulated week: two warehouses alike in plan, and a 3PL that only says what it has. Goods with tags lie under
// overhead antennas (B, C), goods without in pick faces (A) and in reserve (R).
import type { SiteFile } from '../../src/config/site.ts';
import { PLAIN } from './goods.ts';

export const WAREHOUSES = ['NORTH', 'SOUTH'] as const;
export type WarehouseId = (typeof WAREHOUSES)[number];
export const THIRD_PARTY = 'FULFIL';
export const DOORS = ['DOOR-1', 'DOOR-2'] as const;
export const DOCK_OF: Readonly<Record<string, string>> = { 'DOOR-1': 'DOCK-1', 'DOOR-2': 'DOCK-2' };
export const BENCH = 'PACK';

const COMPANY_PREFIX = '9521777';
const TAG_BINS = 8;
const TAG_BIN_UNITS = 72;
/** Between two zones, so that one hears little of the other. */
const ZONE_APART_M = 16;
const AISLE_Y_M = 34;
const RESERVE_BINS = 8;
const RESERVE_UNITS = 400;

/** Where a location is, metres; every location of a warehouse has a place. */
const tagBins = (zone: 'B' | 'C', x: number) =>
  Array.from({ length: TAG_BINS / 2 }, (_, index) => ({
    id: `${zone}-0${index + 1}`,
    kind: 'pick' as const,
    in: zone,
    capacity: TAG_BIN_UNITS,
    classes: ['T'],
    x,
    y: AISLE_Y_M - 4.5 + 3 * index,
  }));

const door = (number: 1 | 2) => ({
  id: `DOOR-${number}`,
  kind: 'portal' as const,
  outside: 'world',
  inside: `DOCK-${number}`,
  neighbours: [`DOOR-${number === 1 ? 2 : 1}`],
  antennas: [1, 2, 3, 4].map((antenna) => ({
    reader: `door-${number}`,
    antenna,
    side: antenna <= 2 ? ('outside' as const) : ('inside' as const),
  })),
});

const roof = (zone: 'B' | 'C') => ({
  id: `AISLE-${zone}`,
  kind: 'zone' as const,
  location: zone,
  antennas: [1, 2, 3].map((antenna) => ({ reader: `over-${zone.toLowerCase()}`, antenna })),
});

export const warehouse = (site: WarehouseId): SiteFile => ({
  site,
  kind: 'warehouse',
  timeZone: 'Europe/Brussels',
  locations: [
    { id: 'DOCK-1', kind: 'dock', x: 0, y: 0 },
    { id: 'DOCK-2', kind: 'dock', x: 3.66, y: 0 },
    { id: 'A', kind: 'pick', x: -12, y: AISLE_Y_M },
    ...PLAIN.map(({ bin }, index) => ({
      id: bin,
      kind: 'pick' as const,
      in: 'A',
      x: -12,
      y: AISLE_Y_M - 5 + 2 * index,
    })),
    { id: 'B', kind: 'pick', zone: true, x: 4, y: AISLE_Y_M },
    ...tagBins('B', 4),
    { id: 'C', kind: 'pick', zone: true, x: 4 + ZONE_APART_M, y: AISLE_Y_M },
    ...tagBins('C', 4 + ZONE_APART_M),
    { id: 'R', kind: 'reserve', x: 40, y: AISLE_Y_M },
    ...Array.from({ length: RESERVE_BINS }, (_, index) => ({
      id: `R-0${index + 1}`,
      kind: 'reserve' as const,
      in: 'R',
      capacity: RESERVE_UNITS,
      classes: ['P'],
      x: 40,
      y: AISLE_Y_M - 7 + 2 * index,
    })),
    { id: BENCH, kind: 'pack', x: 24, y: 16 },
    { id: 'OUT', kind: 'staging-out', x: 30, y: 16 },
    { id: 'HOLD', kind: 'hold', x: 40, y: 8 },
    { id: 'RETURNS', kind: 'returns', x: 50, y: 8 },
  ],
  readPoints: [
    door(1),
    door(2),
    roof('B'),
    roof('C'),
    { id: 'BENCH', kind: 'station', location: BENCH, device: 'bench-1', antennas: [{ reader: 'bench-1', antenna: 1 }] },
  ],
  packing: { companyPrefix: COMPANY_PREFIX, extension: site === 'NORTH' ? 0 : 1 },
  rules: { inboundDocuments: true, orders: true, directed: true },
});

export const thirdParty = (): SiteFile => ({
  site: THIRD_PARTY,
  kind: '3pl',
  locations: [{ id: 'STOCK', kind: 'reserve' }],
});

export const weekSites = (): SiteFile[] => [...WAREHOUSES.map((site) => warehouse(site)), thirdParty()];
