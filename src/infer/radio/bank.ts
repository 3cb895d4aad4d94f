// Everything that can be said of courses before any read: how loud each antenna hears a tag on a load that takes one, and how
// often it is read, second by second. Built once for antennas that hang the same way in the same air. Pure.
import { audible, FACINGS, gainDb, LOUDNESS, type Air, type Pose } from './air.ts';
import { coursesBeside, KINDS, type Course, type CourseKind } from './courses.ts';

export const STEP_MS = 100;
/** Before and after the moment of a course; beyond it everything is as at its end. */
export const REACH_MS = 14_000;
export const STEPS = (2 * REACH_MS) / STEP_MS + 1;

export interface Bank {
  readonly air: Air;
  readonly antennas: number;
  readonly courses: readonly Course[];
  /** Places of all courses, and of those of a kind. */
  readonly all: readonly number[];
  readonly byKind: Readonly<Record<CourseKind, readonly number[]>>;
  /** dB over loudness, by course, facing, antenna and step. */
  readonly gains: Float32Array;
  /** Seconds of full reading by all antennas together up to a step, by course, facing, step and loudness. */
  readonly exposures: Float32Array;
}

export function makeBank(poses: readonly Pose[], air: Air): Bank {
  const doors = [...new Set(poses.map(({ door }) => door))].filter((door) => door !== 0);
  const courses = coursesBeside(doors);
  const byKind = Object.fromEntries(
    KINDS.map((kind) => [kind, courses.flatMap((course, index) => (course.kind === kind ? [index] : []))]),
  ) as unknown as Bank['byKind'];
  const rows = courses.length * FACINGS.length;
  const gains = new Float32Array(rows * poses.length * STEPS);
  const exposures = new Float32Array(rows * LOUDNESS.length * STEPS);
  const share = audibleTable(air.fadingSdDb);
  let row = 0;
  for (const course of courses) {
    for (const facing of FACINGS) {
      for (let step = 0; step < STEPS; step++) {
        const seconds = (step * STEP_MS - REACH_MS) / 1000;
        const right = course.right(seconds);
        const ahead = course.ahead(seconds);
        for (const [index, pose] of poses.entries())
          gains[(row * poses.length + index) * STEPS + step] = gainDb(pose, right, ahead, facing, air);
        for (const [index, loudness] of LOUDNESS.entries()) {
          let sum = 0;
          for (let antenna = 0; antenna < poses.length; antenna++)
            sum += share(gains[(row * poses.length + antenna) * STEPS + step]! + loudness);
          const at = (row * STEPS + step) * LOUDNESS.length + index;
          exposures[at] = (step === 0 ? 0 : exposures[at - LOUDNESS.length]!) + (sum * STEP_MS) / 1000;
        }
      }
      row++;
    }
  }
  return { air, antennas: poses.length, courses, all: [...courses.keys()], byKind, gains, exposures };
}

/** The share by half dB: it is asked a million times. */
function audibleTable(sdDb: number): (rssiDbm: number) => number {
  const table = Float64Array.from({ length: 401 }, (_, index) => audible(index / -2, sdDb));
  return (rssiDbm) => table[Math.min(400, Math.max(0, Math.round(rssiDbm * -2)))]!;
}
