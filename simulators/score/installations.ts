// Faults of an installation, one at a time, and sound sites: traffic as it is at a door or in a zone that has exactly this fault. What
// the site file says is what people believe; the air, or the reader, is what is wrong.
import { planSite, type SitePlan } from '../../src/config/plan.ts';
import type { SiteFile } from '../../src/config/site.ts';
import { geometryOf, WELL_HUNG, type Hang } from '../radio/geometry.ts';
import { jitteredLevel, LEVELS, type LevelName } from '../radio/levels.ts';
import { gaussianOf, mix, noiseKey } from '../radio/noise.ts';
import { createRadio, type RadioRead } from '../radio/radio.ts';
import { restingAt } from '../radio/track.ts';
import { random } from '../random.ts';
import { doorsSite, palletOf } from '../scenes.ts';
import { DOORS_APART_M, type Cell } from './cells.ts';
import { judge, type Found, type OpenMachine } from './judge.ts';
import type { Crossing } from './match.ts';
import { sceneOf, WINDOW_MS } from './scene.ts';
import { FIRST_AT, type Traffic } from './traffic.ts';

export interface InstallationCase {
  readonly name: string;
  /** What must be found, and of which antennas; undefined at a sound site, where nothing may be. */
  readonly fault: { readonly kind: string; readonly antennas: readonly number[] } | undefined;
  readonly level: LevelName;
  readonly traffic: (seed: number) => Traffic;
  /** When the fault begins, after the first episode. */
  readonly faultFromMs: number;
}

export interface InstallationScore {
  readonly name: string;
  readonly isFaulty: boolean;
  /** Of each seed: after how many loads and how much time the last of what is to be found was; null where it was not. */
  readonly found: readonly ({ readonly loads: number; readonly afterMs: number } | null)[];
  /** Anything else that was found. */
  readonly falsely: readonly Found[];
}

/** A door where most of what comes goes through: faults are found by what moves, not by what stands. */
const EPISODES = 36;
const DEAF_EPISODES = 110;
const EPISODE_MS = WINDOW_MS + 16_000;
const TRAFFIC: Omit<Cell, 'name' | 'level' | 'doors'> = {
  layout: '2+2',
  photoEye: false,
  pallets: 1,
  tags: 10,
  bystanders: 2,
  knowledge: 'neither',
  visits: 1,
  mix: { cross: 0.65, stand: 0.1, pass: 0.15, turn: 0.1 },
  episodes: EPISODES,
  limitF1: undefined,
};
const DEAF_FROM_MS = (DEAF_EPISODES / 2) * EPISODE_MS;
/** Cable and plug cost so much, two ways. */
const DEAF_LOSS_DB = 8;
const SENSITIVITY_DBM = -75;
const CLOCK_AHEAD_MS = 1500;
/** A tag that answered in session S2 is silent while it is powered, and so long after. */
const SILENT_MS = 2000;
const ZONES_MS = 3_000_000;

type Door = SiteFile & { readPoints: NonNullable<SiteFile['readPoints']> };

interface DoorFault {
  readonly hang?: Hang;
  /** What the site file says wrongly. */
  readonly file?: (file: Door) => void;
  /** What readers make of it. */
  readonly reads?: (reads: readonly RadioRead[]) => readonly RadioRead[];
  readonly doors?: number;
  readonly episodes?: number;
}

const SILENT: readonly number[] = [];
const FLAT: Hang = { staggerM: 0, tilt: 0 };

/** The first door has the fault. */
const antennasOf = (file: Door) => {
  const door = file.readPoints[0]!;
  if (door.kind !== 'portal') throw new Error('The first read point of a site of doors is a door.');
  return door.antennas as { reader: string; antenna: number; side: 'inside' | 'outside' }[];
};
const swapSides =
  (...numbers: readonly number[]) =>
  (file: Door): void => {
    for (const antenna of antennasOf(file))
      if (numbers.includes(antenna.antenna)) antenna.side = antenna.side === 'inside' ? 'outside' : 'inside';
  };
/** The inside antennas are connected to a reader of their own. */
const twoReaders = (file: Door): void => {
  for (const antenna of antennasOf(file)) if (antenna.side === 'inside') antenna.reader = 'door-1b';
};
const byTwoReaders =
  (aheadMs: number) =>
  (reads: readonly RadioRead[]): readonly RadioRead[] =>
    reads.map((read) =>
      read.reader === 'door-1' && read.antenna > 2
        ? { ...read, reader: 'door-1b', seenAt: read.seenAt + aheadMs }
        : read,
    );

function onceEach(reads: readonly RadioRead[]): readonly RadioRead[] {
  const poweredAt = new Map<string, number>();
  return reads.filter(({ epc, seenAt }) => {
    const before = poweredAt.get(epc) ?? Number.NEGATIVE_INFINITY;
    poweredAt.set(epc, seenAt);
    return seenAt - before > SILENT_MS;
  });
}

/** An antenna that hears `DEAF_LOSS_DB` less from half way on. */
const deafened = (reads: readonly RadioRead[]): readonly RadioRead[] =>
  reads.flatMap((read, index) => {
    if (read.antenna !== 2 || read.seenAt < FIRST_AT + DEAF_FROM_MS) return [read];
    const rssiDbm = read.rssiDbm - DEAF_LOSS_DB;
    const isHeard = rssiDbm + 1.5 * gaussianOf(mix(noiseKey('deaf'), index)) >= SENSITIVITY_DBM;
    return isHeard ? [{ ...read, rssiDbm }] : [];
  });

function doorTraffic(
  level: LevelName,
  seed: number,
  { hang = WELL_HUNG, file, reads, doors = 1, episodes = EPISODES }: DoorFault,
): Traffic {
  const cell: Cell = { ...TRAFFIC, name: 'installation', level, doors };
  const air = jitteredLevel(LEVELS[level], 0.2, random(seed, 'jitter'));
  const truthFile = doorsSite({ doors, layout: cell.layout, pitchM: DOORS_APART_M });
  const geometry = geometryOf(planSite({ file: truthFile }), hang);
  const said = structuredClone(truthFile) as Door;
  file?.(said);
  const all: RadioRead[] = [];
  const truth: Crossing[] = [];
  for (let number = 0; number < episodes; number++) {
    const from = FIRST_AT + number * EPISODE_MS;
    const scene = sceneOf(cell, air, geometry.portals, seed, number, from);
    const radio = createRadio(geometry, air, noiseKey(seed, 'episode', number));
    all.push(...radio.reads(from, from + WINDOW_MS, scene.bodies));
    truth.push(...scene.truth);
  }
  return trafficOf(planSite({ file: said }), reads?.(all) ?? all, truth, FIRST_AT + episodes * EPISODE_MS);
}

/** Two zones with an antenna each, so far apart, and tags that lie below them. */
function zonesTraffic(level: LevelName, seed: number, apartM: number): Traffic {
  const air = jitteredLevel(LEVELS[level], 0.2, random(seed, 'jitter'));
  const plan = planSite({
    file: {
      site: 'ZONES',
      locations: ['A', 'B'].map((id, index) => ({ id, kind: 'pick', x: index * apartM, y: 14 })),
      readPoints: ['A', 'B'].map((id, index) => ({
        id: `AISLE-${id}`,
        kind: 'zone',
        location: id,
        antennas: [{ reader: 'over', antenna: index + 1 }],
      })),
    },
  });
  const key = noiseKey(seed, 'zones');
  const bodies = [0, 1].flatMap((zone) =>
    [-1, 0, 1].map((step) =>
      palletOf(key, `F${zone}${step + 1}`, 10, air, restingAt({ x: zone * apartM + step, y: 14 + step }, 0)),
    ),
  );
  const reads = createRadio(geometryOf(plan), air, key).reads(FIRST_AT, FIRST_AT + ZONES_MS, bodies);
  return trafficOf(plan, reads, [], FIRST_AT + ZONES_MS);
}

const trafficOf = (
  plan: SitePlan,
  reads: readonly RadioRead[],
  truth: readonly Crossing[],
  until: number,
): Traffic => ({
  plan,
  reads,
  triggers: [],
  sayings: [],
  truth,
  containers: new Set(),
  heard: 0,
  until,
});

const doorCase = (
  name: string,
  kind: string,
  antennas: readonly number[],
  fault: DoorFault,
  faultFromMs = 0,
): InstallationCase => ({
  name,
  fault: { kind, antennas },
  level: 'typical',
  traffic: (seed) => doorTraffic('typical', seed, fault),
  faultFromMs,
});

const LEVEL_NAMES = Object.keys(LEVELS) as LevelName[];
const ZONES_APART_M = 6;
const ZONES_ALIKE_M = 0.8;

/** Each fault at a typical level of noise, and sound sites at all three. */
export const INSTALLATION_CASES: readonly InstallationCase[] = [
  doorCase('antennas not tilted', 'sides-alike', SILENT, { hang: FLAT }),
  doorCase('antenna on the other side', 'side-swapped', [2], { file: swapSides(2) }),
  doorCase('two antennas swapped', 'side-swapped', [2, 3], { file: swapSides(2, 3) }),
  doorCase('session S2, one read a tag', 'read-once', SILENT, { reads: onceEach }),
  doorCase('clock 1.5 s ahead', 'clocks-apart', SILENT, { file: twoReaders, reads: byTwoReaders(CLOCK_AHEAD_MS) }),
  doorCase('clock 1.5 s behind', 'clocks-apart', SILENT, { file: twoReaders, reads: byTwoReaders(-CLOCK_AHEAD_MS) }),
  doorCase('dead antenna', 'antenna-dead', [2], { reads: (reads) => reads.filter(({ antenna }) => antenna !== 2) }),
  doorCase(
    'antenna 8 dB deaf, from half way on',
    'antenna-deaf',
    [2],
    { reads: deafened, episodes: DEAF_EPISODES },
    DEAF_FROM_MS,
  ),
  {
    name: `zones ${ZONES_ALIKE_M} m apart`,
    fault: { kind: 'zones-alike', antennas: SILENT },
    level: 'typical',
    traffic: (seed) => zonesTraffic('typical', seed, ZONES_ALIKE_M),
    faultFromMs: 0,
  },
  ...LEVEL_NAMES.flatMap((level): InstallationCase[] => [
    {
      name: `sound doors, ${level}`,
      fault: undefined,
      level,
      // The first of the two has two readers, whose clocks agree.
      traffic: (seed) => doorTraffic(level, seed, { doors: 2, file: twoReaders, reads: byTwoReaders(0) }),
      faultFromMs: 0,
    },
    {
      name: `sound zones, ${level}`,
      fault: undefined,
      level,
      traffic: (seed) => zonesTraffic(level, seed, ZONES_APART_M),
      faultFromMs: 0,
    },
  ]),
];

/** Scores one case over the seeds. The same arguments give the same figures. */
export function scoreInstallation(
  { name, fault, traffic, faultFromMs }: InstallationCase,
  seeds: readonly number[],
  openMachine: OpenMachine,
): InstallationScore {
  const found: InstallationScore['found'][number][] = [];
  const falsely: Found[] = [];
  for (const seed of seeds) {
    const given = traffic(seed);
    const { findings } = judge(given, openMachine);
    const from = FIRST_AT + faultFromMs;
    const isMeant = ({ kind, subject, openedAt }: Found): boolean =>
      kind === fault?.kind &&
      openedAt >= from &&
      (fault.antennas.length === 0 || (subject.antenna !== undefined && fault.antennas.includes(subject.antenna)));
    falsely.push(...findings.filter((finding) => !isMeant(finding)));
    if (fault === undefined) continue;
    // Of several antennas all must be found.
    const wanted = fault.antennas.length === 0 ? [undefined] : fault.antennas;
    const first = wanted.map((antenna) =>
      findings.find((finding) => isMeant(finding) && (antenna === undefined || finding.subject.antenna === antenna)),
    );
    if (!first.every((finding) => finding !== undefined)) {
      found.push(null);
      continue;
    }
    const openedAt = Math.max(...first.map((finding) => finding.openedAt));
    const moments = new Set(given.truth.map(({ at }) => at).filter((at) => at > from && at < openedAt));
    found.push({ loads: moments.size, afterMs: Math.max(...first.map(({ toldAt }) => toldAt)) - from });
  }
  return { name, isFaulty: fault !== undefined, found, falsely };
}
