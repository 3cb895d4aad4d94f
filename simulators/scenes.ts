// Single scenes at dock doors, for calibration and benchmarks: a site with doors of a given layout, and tracks of pallets
// that cross, turn, pass by or stand. Pure; what is on the pallets is up to `palletOf`.
import type { SiteFile } from '../src/config/site.ts';
import { DOOR_PITCH_M, spotAt, type Frame } from './radio/geometry.ts';
import type { Level } from './radio/levels.ts';
import { noiseKey, type NoiseKey } from './radio/noise.ts';
import { mountTag, type Body } from './radio/tags.ts';
import { drive, type Track } from './radio/track.ts';

/** `2+2`: two antennas look outside, two inside; `one-side`: all four look inside; `1+1`: one each way, on one post. */
export type DoorLayout = '2+2' | 'one-side' | '1+1';

export interface DoorsOptions {
  readonly doors: number;
  readonly layout: DoorLayout;
  readonly pitchM?: number;
  readonly photoEye?: boolean;
}

const SIDES: Readonly<Record<DoorLayout, readonly ('outside' | 'inside')[]>> = {
  '2+2': ['outside', 'outside', 'inside', 'inside'],
  'one-side': ['inside', 'inside', 'inside', 'inside'],
  '1+1': ['outside', 'inside'],
};

/** A site of nothing but doors in a row, DOOR-1 … with readers door-1 …; the first stands at 0, 0. */
export function doorsSite({ doors, layout, pitchM = DOOR_PITCH_M, photoEye = false }: DoorsOptions): SiteFile {
  const numbers = Array.from({ length: doors }, (_, index) => index + 1);
  return {
    site: 'DOORS',
    locations: numbers.map((number) => ({ id: `DOCK-${number}`, kind: 'dock', x: (number - 1) * pitchM, y: 0 })),
    readPoints: numbers.map((number) => ({
      id: `DOOR-${number}`,
      kind: 'portal',
      outside: 'world',
      inside: `DOCK-${number}`,
      ...(number > 1 ? { neighbours: [`DOOR-${number - 1}`] } : {}),
      ...(photoEye ? { trigger: { reader: `door-${number}`, input: 1 } } : {}),
      antennas: SIDES[layout].map((side, index) => ({ reader: `door-${number}`, antenna: index + 1, side })),
    })),
  };
}

/** How a pallet is driven: `right` of the door's middle line (m), at `speed` (m/s). */
export interface Driving {
  readonly right: number;
  readonly speed: number;
}

/** Straight through, the pallet's middle in the plane of the door at `at`; begins and ends `reachMs` before and after. */
export function crossing(frame: Frame, direction: 'in' | 'out', at: number, reachMs: number, driving: Driving): Track {
  const ahead = ((direction === 'in' ? 1 : -1) * driving.speed * reachMs) / 1000;
  return drive(
    [spotAt(frame, driving.right, -ahead), spotAt(frame, driving.right, ahead)],
    at - reachMs,
    driving.speed,
  );
}

/** Up to `closestM` of the door on one side at `at`, and back the way it came. */
export function turning(
  frame: Frame,
  side: 'outside' | 'inside',
  closestM: number,
  at: number,
  reachMs: number,
  driving: Driving,
): Track {
  const sign = side === 'inside' ? 1 : -1;
  const far = spotAt(frame, driving.right, sign * (closestM + (driving.speed * reachMs) / 1000));
  return drive([far, spotAt(frame, driving.right, sign * closestM), far], at - reachMs, driving.speed);
}

/** Along the doors, `metres` inside; in front of this one at `at`. */
export function passing(frame: Frame, metres: number, at: number, reachMs: number, speed: number): Track {
  const reachM = (speed * reachMs) / 1000;
  return drive([spotAt(frame, -reachM, metres), spotAt(frame, reachM, metres)], at - reachMs, speed);
}

export const standing = (frame: Frame, right: number, ahead: number): Track => [
  { at: 0, ...spotAt(frame, right, ahead) },
];

/** A pallet with tags of no standard, numbered from 0 on: `prefix` is hex, at most 16 digits. */
export function palletOf(seed: NoiseKey, prefix: string, tags: number, level: Level, track: Track): Body {
  const epcs = Array.from(
    { length: tags },
    (_, index) => prefix.padEnd(16, '0').toUpperCase() + index.toString(16).toUpperCase().padStart(8, '0'),
  );
  return { track, tags: epcs.map((epc) => mountTag(seed, `pallet ${noiseKey(prefix)}`, epc, level)) };
}
