// A site as the machines use it: every lookup ready, everything numbered. Made from a checked site file; pure.
import type { Source } from '../wire/entries.ts';
import type { Calibration } from './calibration.ts';
import { effectiveRules, type RuleOverrides, type Rules } from './rules.ts';
import { type LocationKind, type SiteDevice, type SiteFile, type SiteLocation } from './site.ts';

export type Side = 'outside' | 'inside';

/** Where one antenna looks. `readPoint` is an index into `SitePlan.readPoints`. */
export interface AntennaPlan {
  /** Index into `SitePlan.antennas`. */
  readonly index: number;
  readonly readPoint: number;
  readonly reader: string;
  readonly antenna: number;
  /** Portals only; undefined when the reader does not say which antenna and the portal has both sides. */
  readonly side: Side | undefined;
}

export interface PortalPlan {
  readonly kind: 'portal';
  readonly index: number;
  readonly id: string;
  readonly outside: string;
  readonly inside: string;
  readonly readers: readonly string[];
  readonly trigger: { readonly reader: string; readonly input: number } | undefined;
  /** Index into `SitePlan.areas`. */
  readonly area: number;
  readonly calibration: Calibration | undefined;
}

export interface PlacePlan {
  readonly kind: 'zone' | 'station';
  readonly index: number;
  readonly id: string;
  readonly location: string;
  /** It must have heard a tag for so long before the tag has moved here from another place. */
  readonly holdMs: number;
  readonly readers: readonly string[];
}

export type ReadPointPlan = PortalPlan | PlacePlan;

/** Portals whose antennas may hear the same tags: their reads are weighed together. */
export interface AreaPlan {
  readonly index: number;
  readonly portals: readonly PortalPlan[];
  readonly readers: readonly string[];
}

export interface SitePlan {
  readonly site: string;
  readonly name: string;
  readonly kind: NonNullable<SiteFile['kind']>;
  readonly timeZone: string;
  /** People practise here: nothing of it is real. */
  readonly isTraining: boolean;
  readonly rules: Rules;
  readonly locations: ReadonlyMap<string, SiteLocation>;
  readonly readPoints: readonly ReadPointPlan[];
  readonly antennas: readonly AntennaPlan[];
  readonly areas: readonly AreaPlan[];
  /** Zones, and stations with an antenna: what is heard there is there. */
  readonly places: readonly PlacePlan[];
  readonly placeReaders: readonly string[];
  readonly devices: readonly SiteDevice[];
  /** Where an antenna looks; undefined for an antenna that no read point names. */
  readonly antennaOf: (source: Source) => AntennaPlan | undefined;
  /** Readers, scanners and devices that the site file names: entries of others are quarantined. */
  readonly isKnownDevice: (id: string) => boolean;
  readonly stationOf: (device: string) => PlacePlan | undefined;
  readonly portalOfTrigger: (reader: string, input: number) => PortalPlan | undefined;
  /** The SKU that the site's rules give a tag or a GTIN; undefined when none does. */
  readonly skuByRule: (epc: string | undefined, gtin14: string | undefined) => string | undefined;
  /** True for tags that the site's masks exclude. */
  readonly isIgnored: (epc: string) => boolean;
  /** dock, staging-in, …; undefined for the world and for the ledger's own locations. */
  readonly kindOf: (location: string) => LocationKind | undefined;
  /** What the plan was made of: the journal keeps it, so that a replay sees the same site. */
  readonly source: SiteSource;
}

/** A checked site file and the rules laid under it by tallygate.yaml. Plain JSON. */
export interface SiteSource {
  readonly file: SiteFile;
  readonly rules?: RuleOverrides;
}

/** Compiles a checked site. Does not check again: see `checkSite`. */
export function planSite(source: SiteSource): SitePlan {
  const { file } = source;
  const locations = new Map((file.locations ?? []).map((location) => [location.id, location]));
  const readPoints: ReadPointPlan[] = [];
  const areas = planAreas(file);
  const antennas = new Map<string, AntennaPlan>();
  const stations = new Map<string, PlacePlan>();
  const triggers = new Map<string, PortalPlan>();
  const known = new Set<string>((file.devices ?? []).map((device) => device.id));
  const rules = effectiveRules(source.rules, file.rules);

  for (const [index, point] of (file.readPoints ?? []).entries()) {
    const readers = [...new Set((point.antennas ?? []).map((antenna) => antenna.reader))];
    for (const reader of readers) known.add(reader);
    if (point.kind === 'portal') {
      const area = areas.findIndex((ids) => ids.includes(point.id));
      const portal: PortalPlan = {
        ...point,
        index,
        readers,
        trigger: point.trigger,
        area,
        calibration: point.calibration,
      };
      readPoints.push(portal);
      for (const antenna of point.antennas) addAntenna(antennas, { ...antenna, readPoint: index });
      if (point.trigger !== undefined) {
        known.add(point.trigger.reader);
        triggers.set(keyOf(point.trigger.reader, point.trigger.input), portal);
      }
    } else {
      const { kind, id, location } = point;
      const holdMs = point.holdMs ?? (kind === 'station' ? 0 : rules.zone.holdMs);
      const place: PlacePlan = { kind, index, id, location, holdMs, readers };
      readPoints.push(place);
      for (const antenna of point.antennas ?? [])
        addAntenna(antennas, { ...antenna, readPoint: index, side: undefined });
      if (point.kind === 'station' && point.device !== undefined) {
        known.add(point.device);
        stations.set(point.device, place);
      }
    }
  }
  addUnnamedAntennas(antennas);
  const byReader = new Map<string, Map<number, AntennaPlan>>();
  for (const antenna of antennas.values()) {
    const own = byReader.get(antenna.reader) ?? new Map<number, AntennaPlan>();
    byReader.set(antenna.reader, own.set(antenna.antenna, antenna));
  }
  const portals = readPoints.filter((point) => point.kind === 'portal');
  const places = readPoints.filter((point): point is PlacePlan => point.kind !== 'portal' && point.readers.length > 0);
  return {
    site: file.site,
    name: file.name ?? file.site,
    kind: file.kind ?? 'warehouse',
    timeZone: file.timeZone ?? 'UTC',
    isTraining: file.training === true,
    rules,
    locations,
    readPoints,
    antennas: [...antennas.values()],
    areas: areas.map((_, index) => {
      const members = portals.filter((portal) => portal.area === index);
      return { index, portals: members, readers: [...new Set(members.flatMap((portal) => portal.readers))] };
    }),
    places,
    placeReaders: [...new Set(places.flatMap((place) => place.readers))],
    devices: file.devices ?? [],
    antennaOf: (from) => byReader.get(from.reader)?.get(from.antenna),
    isKnownDevice: (id) => known.has(id),
    stationOf: (device) => stations.get(device),
    portalOfTrigger: (reader, input) => triggers.get(keyOf(reader, input)),
    skuByRule: compileSkus(file),
    isIgnored: compileMasks((file.ignore ?? []).map((mask) => mask.epc)),
    kindOf: (location) => locations.get(location)?.kind,
    source,
  };
}

const keyOf = (reader: string, number: number): string => `${reader}#${number}`;

function addAntenna(antennas: Map<string, AntennaPlan>, antenna: Omit<AntennaPlan, 'index'>): void {
  const { readPoint, reader, antenna: number, side } = antenna;
  antennas.set(keyOf(reader, number), { index: antennas.size, readPoint, reader, antenna: number, side });
}

/** A reader that does not say which antenna still observes, when all its antennas belong to one read point. */
function addUnnamedAntennas(antennas: Map<string, AntennaPlan>): void {
  const all = [...antennas.values()];
  for (const reader of new Set(all.map((antenna) => antenna.reader))) {
    if (antennas.has(keyOf(reader, 0))) continue;
    const own = all.filter((antenna) => antenna.reader === reader);
    const first = own[0]!;
    if (own.some((antenna) => antenna.readPoint !== first.readPoint)) continue;
    const side = own.every((antenna) => antenna.side === first.side) ? first.side : undefined;
    addAntenna(antennas, { readPoint: first.readPoint, reader, antenna: 0, side });
  }
}

/** Connected portals, in the order of the file: `neighbours` holds in both directions. */
function planAreas(file: SiteFile): string[][] {
  const portals = (file.readPoints ?? []).filter((point) => point.kind === 'portal');
  const areas: string[][] = [];
  for (const portal of portals) {
    const linked = areas.filter((area) =>
      area.some(
        (id) =>
          (portal.neighbours ?? []).includes(id) ||
          portals.find((other) => other.id === id)?.neighbours?.includes(portal.id),
      ),
    );
    const merged = [...linked.flat(), portal.id];
    for (const area of linked) areas.splice(areas.indexOf(area), 1);
    areas.push(merged);
  }
  return areas;
}

function compileSkus(file: SiteFile): SitePlan['skuByRule'] {
  const byGtin = new Map<string, string>();
  const patterns: { matches: (epc: string) => boolean; sku: string }[] = [];
  for (const rule of file.skus ?? []) {
    if (rule.gtin !== undefined && !byGtin.has(rule.gtin.padStart(14, '0')))
      byGtin.set(rule.gtin.padStart(14, '0'), rule.sku);
    if (rule.epc !== undefined) patterns.push({ matches: compileMasks([rule.epc]), sku: rule.sku });
  }
  return (epc, gtin14) =>
    (epc === undefined ? undefined : patterns.find((rule) => rule.matches(epc))?.sku) ??
    (gtin14 === undefined ? undefined : byGtin.get(gtin14));
}

/** True for an upper-case hex EPC that one of the patterns matches. */
function compileMasks(patterns: readonly string[]): (epc: string) => boolean {
  if (patterns.length === 0) return () => false;
  const sources = patterns.map((pattern) =>
    pattern.toUpperCase().replaceAll('?', '[0-9A-F]').replace('*', '[0-9A-F]*'),
  );
  const expression = new RegExp(`^(?:${sources.join('|')})$`);
  return (epc) => expression.test(epc);
}

/** The two sides of a portal as locations, by the direction of a crossing. */
export const crossingOf = (portal: PortalPlan, direction: 'in' | 'out'): { from: string; to: string } =>
  direction === 'in' ? { from: portal.outside, to: portal.inside } : { from: portal.inside, to: portal.outside };

/** Is a location the other, or does it lie inside it? */
export function isWithin(plan: SitePlan, location: string, outer: string): boolean {
  let place: string | undefined = location;
  for (let depth = 0; place !== undefined && depth <= plan.locations.size; depth++) {
    if (place === outer) return true;
    place = plan.locations.get(place)?.in;
  }
  return false;
}
