// Where antennas hang and where they look, made from a site's plan and the defaults of NOISE.md: posts
// 1.5 m to the left and right of a door, antennas staggered by 0.4 m and tilted by 35° towards the side they watch.
// The plan of a site: x and y in metres, y grows into the building; what has no place in the site file gets one here.
import type { Place } from './track.ts';
import type { SitePlan } from '../../src/config/plan.ts';
import { WORLD, type LocationKind, type SiteLocation, type SiteReadPoint } from '../../src/config/site.ts';

export type AntennaUse = 'portal' | 'zone' | 'bench';

/** Metres, z up; `look*` is the unit vector of the boresight. */
export interface AntennaPose {
  readonly reader: string;
  readonly antenna: number;
  readonly use: AntennaUse;
  /** Index into `Geometry.portals`; undefined for zones and benches. */
  readonly portal: number | undefined;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly lookX: number;
  readonly lookY: number;
  readonly lookZ: number;
}

/** A door: its middle, and which way is in (unit vector). */
export interface PortalFrame {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly inX: number;
  readonly inY: number;
  readonly outside: string;
  readonly inside: string;
  readonly trigger: { readonly reader: string; readonly input: number } | undefined;
}

/** Where a door is and which way it faces. */
export type Frame = Pick<PortalFrame, 'x' | 'y' | 'inX' | 'inY'>;

/** A spot as seen from a door, looking in: metres to the right of its middle line, metres inside (outside is negative). */
export const spotAt = (frame: Frame, right: number, ahead: number): Place => ({
  x: frame.x + right * frame.inY + ahead * frame.inX,
  y: frame.y - right * frame.inX + ahead * frame.inY,
});

/** The other way round. */
export const fromDoor = (frame: Frame, place: Place): { readonly right: number; readonly ahead: number } => {
  const x = place.x - frame.x;
  const y = place.y - frame.y;
  return { right: x * frame.inY - y * frame.inX, ahead: x * frame.inX + y * frame.inY };
};

/** The antennas of one reader, in the order in which it visits them. */
export interface ReaderGeometry {
  readonly reader: string;
  readonly antennas: readonly AntennaPose[];
}

export interface Geometry {
  readonly portals: readonly PortalFrame[];
  readonly readers: readonly ReaderGeometry[];
  /** Where the locations of the site are. */
  readonly places: ReadonlyMap<string, Place>;
}

/** 12 ft from door to door; the rest from the same section. */
export const DOOR_PITCH_M = 3.66;
export const POST_M = 1.5;
/** How antennas hang at their posts: so far before and behind the plane of the door, turned so much towards their side (radians). */
export interface Hang {
  readonly staggerM: number;
  readonly tilt: number;
}
export const WELL_HUNG: Hang = { staggerM: 0.4, tilt: (35 / 180) * Math.PI };
const POST_HEIGHT_M = 1.2;
/** A second pair of antennas on the same posts, and so on: below, above. */
const POST_HEIGHTS_M = [POST_HEIGHT_M, 0.6, 1.8, 2.4] as const;
const ZONE_HEIGHT_M = 4.5;
const ZONE_SPREAD_M = 3;
const BENCH_HEIGHT_M = 2.2;

/** Everything the radio and the warehouse need to know about the building. */
export function geometryOf(plan: SitePlan, hang: Hang = WELL_HUNG): Geometry {
  const { file } = plan.source;
  const places = placeLocations(file.locations ?? [], file.readPoints ?? []);
  const portals: PortalFrame[] = [];
  const antennas: AntennaPose[] = [];
  for (const point of file.readPoints ?? []) {
    if (point.kind === 'portal') {
      const frame = portalFrame(point, places);
      antennas.push(...portalAntennas(point, frame, portals.length, hang));
      portals.push(frame);
    } else {
      const use = point.kind === 'zone' ? 'zone' : 'bench';
      antennas.push(...overheadAntennas(use, point.antennas ?? [], places.get(point.location)!));
    }
  }
  return { portals, readers: byReader(antennas), places };
}

type PortalPoint = Extract<SiteReadPoint, { kind: 'portal' }>;
type NamedAntenna = { readonly reader: string; readonly antenna: number };

/** Antennas of a portal: of each side the first at the left post, the second at the right one, then one height up. */
export function portalAntennas(
  point: Pick<PortalPoint, 'antennas'>,
  frame: Frame,
  portal: number,
  { staggerM, tilt }: Hang = WELL_HUNG,
): AntennaPose[] {
  const seen = { outside: 0, inside: 0 };
  return point.antennas.map(({ reader, antenna, side }) => {
    const nth = seen[side]++;
    const across = nth % 2 === 0 ? -1 : 1;
    const inward = side === 'inside' ? 1 : -1;
    const at = spotAt(frame, across * POST_M, inward * staggerM);
    const look = spotAt({ ...frame, x: 0, y: 0 }, -across * Math.cos(tilt), inward * Math.sin(tilt));
    return {
      reader,
      antenna,
      use: 'portal',
      portal,
      x: at.x,
      y: at.y,
      z: POST_HEIGHTS_M[Math.floor(nth / 2) % POST_HEIGHTS_M.length]!,
      lookX: look.x,
      lookY: look.y,
      lookZ: 0,
    };
  });
}

/** Antennas under the roof, in a row along the aisle, or above a bench; they look straight down. */
function overheadAntennas(use: 'zone' | 'bench', antennas: readonly NamedAntenna[], over: Place): AntennaPose[] {
  return antennas.map(({ reader, antenna }, index) => ({
    reader,
    antenna,
    use,
    portal: undefined,
    x: over.x,
    y: over.y + (index - (antennas.length - 1) / 2) * (use === 'zone' ? ZONE_SPREAD_M : 0.5),
    z: use === 'zone' ? ZONE_HEIGHT_M : BENCH_HEIGHT_M,
    lookX: 0,
    lookY: 0,
    lookZ: -1,
  }));
}

/** A dock door stands where its dock is; a door between two locations half way between them, facing the inside. */
function portalFrame(point: PortalPoint, places: ReadonlyMap<string, Place>): PortalFrame {
  const inside = places.get(point.inside);
  const outside = places.get(point.outside);
  const common = { id: point.id, outside: point.outside, inside: point.inside, trigger: point.trigger };
  if (inside === undefined || outside === undefined || point.outside === WORLD) {
    const at = inside ?? outside ?? { x: 0, y: 0 };
    return { ...common, x: at.x, y: at.y, inX: 0, inY: 1 };
  }
  const distance = Math.hypot(inside.x - outside.x, inside.y - outside.y);
  const [inX, inY] = distance < 0.1 ? [0, 1] : [(inside.x - outside.x) / distance, (inside.y - outside.y) / distance];
  return { ...common, x: (inside.x + outside.x) / 2, y: (inside.y + outside.y) / 2, inX, inY };
}

function byReader(antennas: readonly AntennaPose[]): ReaderGeometry[] {
  const readers = new Map<string, AntennaPose[]>();
  for (const antenna of antennas) {
    const own = readers.get(antenna.reader);
    if (own === undefined) readers.set(antenna.reader, [antenna]);
    else own.push(antenna);
  }
  return [...readers].map(([reader, own]) => ({ reader, antennas: own }));
}

/** Where a kind of location goes when the site file does not say: a row, this far inside. */
const ROW_M: Readonly<Record<LocationKind, number>> = {
  yard: -15,
  dock: 0,
  'staging-in': 6,
  'staging-out': 6,
  pack: 9,
  hold: 9,
  returns: 9,
  scrap: 9,
  pick: 14,
  reserve: 20,
};
const ROW_PITCH_M = 6;

function placeLocations(
  locations: readonly SiteLocation[],
  readPoints: readonly SiteReadPoint[],
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const inRow = new Map<number, number>();
  for (const location of locations) {
    const row = ROW_M[location.kind];
    const parent = location.in === undefined ? undefined : places.get(location.in);
    const nth = inRow.get(row) ?? 0;
    if (parent === undefined) inRow.set(row, nth + 1);
    const pitch = location.kind === 'dock' ? DOOR_PITCH_M : ROW_PITCH_M;
    places.set(location.id, {
      x: location.x ?? parent?.x ?? nth * pitch,
      y: location.y ?? parent?.y ?? row,
    });
  }
  // A portal may have no location of its own at either side that the file lists; then it still stands somewhere.
  for (const point of readPoints) {
    const wanted = point.kind === 'portal' ? point.inside : point.location;
    if (!places.has(wanted)) places.set(wanted, { x: places.size * DOOR_PITCH_M, y: 0 });
  }
  return places;
}
