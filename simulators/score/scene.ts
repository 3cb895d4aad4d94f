// One episode of the simulated benchmark: within 24 s pallets cross a door, stand before it, pass by or turn back, while single tags
// do the same except cross. Bodies for the radio, and what truly happened.
import type { Trigger } from '../../src/wire/entries.ts';
import { POST_M, type PortalFrame } from '../radio/geometry.ts';
import type { Level, LevelName } from '../radio/levels.ts';
import { noiseKey } from '../radio/noise.ts';
import type { Body } from '../radio/tags.ts';
import type { Track } from '../radio/track.ts';
import { random, type Random } from '../random.ts';
import { crossing, palletOf, passing, standing, turning, type Driving } from '../scenes.ts';
import type { Cell, Mix, Role } from './cells.ts';
import type { Crossing } from './match.ts';

export const WINDOW_MS = 24_000;
const LANE_M = 1;
const LANE_SD_M = 0.2;
/** Pallets at once cross within this of each other. */
const APART_MS = 3000;
/** Bystanders do what they do at any time but the very ends of the episode. */
const MARGIN_MS = 4000;
/** Half the length of a pallet: what breaks a photo-eye. */
const HALF_LENGTH_M = 0.6;

export interface Scene {
  readonly bodies: readonly Body[];
  /** Whatever they do. */
  readonly pallets: readonly Pallet[];
  readonly truth: readonly Crossing[];
  readonly triggers: readonly Trigger[];
}

export interface Pallet {
  readonly epcs: readonly string[];
  /** The location it comes from, or the world. */
  readonly from: string;
}

/** NOISE.md 1: what pallets near a door do. */
const MIXES: Readonly<Record<LevelName, Mix>> = {
  clean: { cross: 0.4, stand: 0.35, pass: 0.2, turn: 0.05 },
  typical: { cross: 0.35, stand: 0.35, pass: 0.2, turn: 0.1 },
  hostile: { cross: 0.3, stand: 0.35, pass: 0.2, turn: 0.15 },
};

/** What one body does, from which side of its door, and while it breaks the beam. */
interface Doing {
  readonly track: Track;
  readonly side: 'outside' | 'inside';
  readonly direction: 'in' | 'out' | undefined;
  readonly beam: readonly [from: number, to: number] | undefined;
}

/** Episode `number` of a cell, beginning at `from`. `level` is the cell's, jittered. The same arguments give the same scene. */
export function sceneOf(
  cell: Cell,
  level: Level,
  portals: readonly PortalFrame[],
  seed: number,
  number: number,
  from: number,
): Scene {
  const mix = cell.mix ?? MIXES[cell.level];
  const noise = noiseKey(seed, 'episode', number);
  const at = from + WINDOW_MS / 2;
  const round = Math.ceil(cell.episodes / cell.visits);
  const bodies: Body[] = [];
  const pallets: Pallet[] = [];
  const truth: Crossing[] = [];
  const beams = portals.map((): [number, number][] => []);
  for (let pallet = 0; pallet < cell.pallets; pallet++) {
    const chance = random(seed, 'pallet', number, pallet);
    const door = (pallet + number) % portals.length;
    const crossedAt = at + (pallet === 0 ? 0 : chance.between(-APART_MS, APART_MS));
    const portal = portals[door]!;
    const { track, side, direction, beam } = doing(roleOf(chance, mix), portal, crossedAt, level, chance);
    const body = palletOf(noise, `A${hex(number % round, 6)}${hex(pallet, 2)}`, cell.tags, level, track);
    const epcs = body.tags.map(({ epc }) => epc);
    if (beam !== undefined) beams[door]!.push([...beam]);
    if (direction !== undefined)
      truth.push(...epcs.map((epc) => ({ epc, readPoint: portal.id, direction, at: crossedAt })));
    bodies.push(body);
    pallets.push({ epcs, from: portal[side] });
  }
  for (let bystander = 0; bystander < cell.bystanders; bystander++) {
    const chance = random(seed, 'bystander', number, bystander);
    const door = bystander % portals.length;
    const nearAt = chance.between(from + MARGIN_MS, from + WINDOW_MS - MARGIN_MS);
    const { track, beam } = doing(roleOf(chance, { ...mix, cross: 0 }), portals[door]!, nearAt, level, chance);
    if (beam !== undefined) beams[door]!.push([...beam]);
    bodies.push(palletOf(noise, `B${hex(number, 6)}${hex(bystander, 2)}`, 1, level, track));
  }
  return { bodies, pallets, truth, triggers: portals.flatMap((portal, door) => triggersOf(portal, beams[door]!)) };
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

function roleOf(chance: Random, mix: Mix): Role {
  const roles = Object.entries(mix) as [Role, number][];
  let left = chance.uniform() * roles.reduce((total, [, share]) => total + share, 0);
  for (const [role, share] of roles) {
    if (left < share) return role;
    left -= share;
  }
  return 'stand';
}

function doing(role: Role, portal: PortalFrame, at: number, level: Level, chance: Random): Doing {
  const driving: Driving = {
    right: chance.gaussian(0, LANE_SD_M),
    speed: chance.lognormal(level.speedMedian, level.speedSdLn),
  };
  const reachMs = WINDOW_MS / 2;
  const stays = { side: 'inside', direction: undefined, beam: undefined } as const;
  switch (role) {
    case 'cross': {
      const direction = chance.choice(['in', 'out'] as const);
      const track = crossing(portal, direction, at, reachMs, driving);
      return { track, side: direction === 'in' ? 'outside' : 'inside', direction, beam: beamOf(at, 0, driving) };
    }
    case 'stand': {
      const right = chance.between(-LANE_M, LANE_M);
      return { track: standing(portal, right, chance.between(...level.stagingM)), ...stays };
    }
    case 'pass':
      return { track: passing(portal, chance.between(...level.passByM), at, reachMs, driving.speed), ...stays };
    case 'turn': {
      const closestM = chance.between(...level.turnBackM);
      const side = chance.choice(['inside', 'outside'] as const);
      const track = turning(portal, side, closestM, at, reachMs, driving);
      return { track, side, direction: undefined, beam: beamOf(at, closestM, driving) };
    }
  }
}

/** While a pallet whose middle comes to `closestM` at `at` is in the plane of the door. */
function beamOf(at: number, closestM: number, { right, speed }: Driving): Doing['beam'] {
  if (closestM >= HALF_LENGTH_M || Math.abs(right) >= POST_M) return undefined;
  const halfMs = ((HALF_LENGTH_M - closestM) / speed) * 1000;
  return [at - halfMs, at + halfMs];
}

/** Changes of the photo-eye: high as long as anything is in it. */
function triggersOf({ trigger }: PortalFrame, beams: readonly (readonly [number, number])[]): Trigger[] {
  if (trigger === undefined) return [];
  const merged: [number, number][] = [];
  for (const [from, to] of beams.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged.flatMap(([from, to]) => [
    { ...trigger, high: true, at: from },
    { ...trigger, high: false, at: to },
  ]);
}
