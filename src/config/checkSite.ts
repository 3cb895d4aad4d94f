// What a schema cannot say about a site file: ids are unique, references lead somewhere, nothing is heard twice.
import { checkSiteAlerts } from './checkAlerts.ts';
import { effectiveRules } from './rules.ts';
import { checkSchema, type Problem, type YamlFile } from './problems.ts';
import { RESERVED_LOCATIONS, RESERVED_PREFIXES, SiteFile, SiteReadPoint, WORLD, type SiteLocation } from './site.ts';
import type { TSchema } from 'typebox';

type Path = readonly (string | number)[];

/** Is a format known, and is a mapping one that it can use? Throws a fault when not. Handed in: formats live in wire/. */
export type CheckDevice = (format: string, mapping: unknown) => void;

/** Every problem of one site file; empty when it may be used. */
export function checkSite(source: YamlFile, checkDevice: CheckDevice): Problem[] {
  const problems = [...source.problems];
  if (problems.length > 0) return problems;
  problems.push(...checkShape(source));
  if (problems.length > 0) return problems;

  const site = source.value as SiteFile;
  const report = (path: Path, reason: string): void => {
    problems.push({ file: source.file, line: source.lineOf(path), path: `/${path.join('/')}`, reason });
  };
  checkTimeZone(site, report);
  checkLocations(site.locations ?? [], report);
  checkReadPoints(site, report);
  checkDevices(site, checkDevice, report);
  checkSkus(site, report);
  checkCartons(site, report);
  checkSiteAlerts(site, report);
  const rules = effectiveRules(site.rules);
  if (rules.reorderMs > rules.lateMs) report(['rules', 'reorderMs'], 'is longer than lateMs');
  if (rules.lateMs > rules.settledAfterMs) report(['rules', 'settledAfterMs'], 'is shorter than lateMs');
  return problems;
}

type Report = (path: Path, reason: string) => void;

function checkShape(source: YamlFile): Problem[] {
  const value = source.value;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return [{ file: source.file, line: 1, path: '', reason: 'is not a site: it must begin with "site: <id>"' }];
  }
  // Read points are checked one by one against the schema of their own kind: a union would complain about all three.
  const { readPoints, ...rest } = value as Record<string, unknown>;
  const problems = checkSchema(source, SiteFile, rest);
  if (readPoints === undefined) return problems;
  if (!Array.isArray(readPoints)) {
    return [
      ...problems,
      { file: source.file, line: source.lineOf(['readPoints']), path: '/readPoints', reason: 'must be a list' },
    ];
  }
  const kinds = (SiteReadPoint as unknown as { anyOf: TSchema[] }).anyOf;
  for (const [index, readPoint] of readPoints.entries()) {
    const at = ['readPoints', index];
    const kind = (readPoint as { kind?: unknown } | null)?.kind;
    const schema = kinds[['portal', 'zone', 'station'].indexOf(String(kind))];
    if (schema === undefined) {
      problems.push({
        file: source.file,
        line: source.lineOf([...at, 'kind']),
        path: `/${at.join('/')}/kind`,
        reason: 'must be portal, zone or station',
      });
    } else problems.push(...checkSchema(source, schema, readPoint, at));
  }
  return problems;
}

function checkTimeZone(site: SiteFile, report: Report): void {
  if (site.timeZone === undefined) return;
  try {
    Intl.DateTimeFormat('en', { timeZone: site.timeZone });
  } catch {
    report(['timeZone'], `${site.timeZone} is no IANA time zone (Europe/Brussels, America/Chicago, UTC)`);
  }
}

function checkLocations(locations: readonly SiteLocation[], report: Report): void {
  const known = new Map(locations.map((location) => [location.id, location]));
  const seen = new Set<string>();
  for (const [index, location] of locations.entries()) {
    const at = ['locations', index, 'id'];
    if (seen.has(location.id)) report(at, `${location.id} is there twice`);
    seen.add(location.id);
    if (
      RESERVED_LOCATIONS.includes(location.id) ||
      RESERVED_PREFIXES.some((prefix) => location.id.startsWith(prefix))
    ) {
      report(at, `${location.id} belongs to the ledger; choose another id`);
    }
    if (location.in === undefined) continue;
    if (!known.has(location.in)) report(['locations', index, 'in'], `${location.in} is not a location of this site`);
    else if (isInsideItself(location, known)) report(['locations', index, 'in'], `${location.id} lies inside itself`);
  }
}

function isInsideItself(location: SiteLocation, known: ReadonlyMap<string, SiteLocation>): boolean {
  let parent = location.in;
  for (let depth = 0; parent !== undefined && depth <= known.size; depth++) {
    if (parent === location.id) return true;
    parent = known.get(parent)?.in;
  }
  return parent !== undefined;
}

function checkReadPoints(site: SiteFile, report: Report): void {
  const locations = new Set((site.locations ?? []).map((location) => location.id));
  const readPoints = site.readPoints ?? [];
  const portals = new Set(readPoints.filter((point) => point.kind === 'portal').map((point) => point.id));
  const ids = new Set<string>();
  const antennas = new Map<string, string>();
  const scanners = new Map<string, string>();
  const checkPlace = (path: Path, id: string): void => {
    if (!locations.has(id)) report(path, `${id} is not a location of this site`);
  };
  for (const [index, point] of readPoints.entries()) {
    const at: Path = ['readPoints', index];
    if (ids.has(point.id)) report([...at, 'id'], `${point.id} is there twice`);
    ids.add(point.id);
    for (const [position, antenna] of (point.antennas ?? []).entries()) {
      const key = `${antenna.reader} antenna ${antenna.antenna}`;
      const other = antennas.get(key);
      if (other !== undefined) report([...at, 'antennas', position], `${key} already belongs to ${other}`);
      antennas.set(key, point.id);
    }
    if (point.kind === 'portal') {
      for (const side of ['outside', 'inside'] as const)
        if (point[side] !== WORLD) checkPlace([...at, side], point[side]);
      if (point.outside === point.inside) report([...at, 'inside'], 'both sides are the same location');
      for (const [position, neighbour] of (point.neighbours ?? []).entries()) {
        if (!portals.has(neighbour))
          report([...at, 'neighbours', position], `${neighbour} is not a portal of this site`);
        else if (neighbour === point.id) report([...at, 'neighbours', position], 'is this portal itself');
      }
    } else {
      checkPlace([...at, 'location'], point.location);
      if (point.kind === 'station' && point.device !== undefined) {
        const other = scanners.get(point.device);
        if (other !== undefined) report([...at, 'device'], `${point.device} already belongs to ${other}`);
        scanners.set(point.device, point.id);
      }
    }
  }
}

function checkDevices(site: SiteFile, checkDevice: CheckDevice, report: Report): void {
  const ids = new Set<string>();
  const topics = new Map<string, string>();
  for (const [index, device] of (site.devices ?? []).entries()) {
    const at: Path = ['devices', index];
    if (ids.has(device.id)) report([...at, 'id'], `${device.id} is there twice`);
    ids.add(device.id);
    const other = topics.get(device.topic);
    if (other !== undefined) report([...at, 'topic'], `${device.topic} already belongs to ${other}`);
    topics.set(device.topic, device.id);
    const topicProblem = problemOfFilter(device.topic);
    if (topicProblem !== undefined) report([...at, 'topic'], topicProblem);
    try {
      checkDevice(device.format, device.mapping);
    } catch (error) {
      report(
        [...at, device.mapping === undefined ? 'format' : 'mapping'],
        error instanceof Error ? error.message : String(error),
      );
    }
  }
}

/** MQTT 3.1.1, 4.7.1: + stands alone in its level, # alone in the last one. */
function problemOfFilter(filter: string): string | undefined {
  const levels = filter.split('/');
  for (const [index, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || index !== levels.length - 1)) return '# must stand alone at the end';
    if (level.includes('+') && level !== '+') return '+ must stand alone between slashes';
  }
  if (levels[0] === 'tallygate') return 'tallygate/… is taken by gateways';
  if (filter.startsWith('$')) return '$… is taken by the broker';
  return undefined;
}

function checkSkus(site: SiteFile, report: Report): void {
  for (const [index, rule] of (site.skus ?? []).entries()) {
    if (rule.epc === undefined && rule.gtin === undefined) report(['skus', index], 'says neither epc nor gtin');
  }
}

function checkCartons({ packing }: SiteFile, report: Report): void {
  const types = packing?.cartons ?? [];
  for (const [index, { id, tare = 0, weightMax }] of types.entries()) {
    if (types.findIndex((other) => other.id === id) < index)
      report(['packing', 'cartons', index, 'id'], `${id} is there twice`);
    if (weightMax !== undefined && weightMax <= tare)
      report(['packing', 'cartons', index, 'weightMax'], 'is no more than it weighs empty');
  }
}
