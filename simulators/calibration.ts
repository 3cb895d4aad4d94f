// Does the air behave like the real one? The scenes and figures of NOISE.md 2:
// pallets of ten tags cross a 2+2 door with a second door beside it, while twenty others stand in front.
import { planSite } from '../src/config/plan.ts';
import { geometryOf, type PortalFrame } from './radio/geometry.ts';
import type { Level } from './radio/levels.ts';
import { noiseKey } from './radio/noise.ts';
import { createRadio, type RadioRead } from './radio/radio.ts';
import { random } from './random.ts';
import { crossing, doorsSite, palletOf, standing } from './scenes.ts';

/** Reads of a crossing tag are those of its own door, reads of a bystander those of all doors. */
export interface Calibration {
  readonly readsPerCrossing: number;
  readonly readsPerCrossingP5: number;
  /** Share of crossing tags that were not read at all. */
  readonly zeroReadShare: number;
  /** In 24 s. */
  readonly readsPerBystander: number;
  /** Share of bystanders whose first and last read are of different sides, as if they had moved. */
  readonly sideOrderShare: number;
}

const WINDOW_MS = 24_000;
const TAGS = 10;
const BYSTANDERS = 20;
/** Bystanders stand within this to either side of the lane's middle. */
const LANE_M = 1;
const LANE_SD_M = 0.2;
const FIRST_AT = Date.UTC(2026, 0, 5, 8);

/** Deterministic; 300 passages take about a second. */
export function calibrate(level: Level, passages: number, seed: number): Calibration {
  const geometry = geometryOf(planSite({ file: doorsSite({ doors: 2, layout: '2+2' }) }));
  const door = geometry.portals[0]!;
  const own = door.id.toLowerCase();
  const crossed: number[] = [];
  const stood: number[] = [];
  let sideOrder = 0;
  for (let passage = 0; passage < passages; passage++) {
    const { pallet, others, from, noise } = sceneOf(level, door, passage, seed);
    const reads = createRadio(geometry, level, noise).reads(from, from + WINDOW_MS, [pallet, ...others]);
    const of = (epc: string): readonly RadioRead[] => reads.filter((read) => read.epc === epc);
    const atOwn = (epc: string): readonly RadioRead[] => of(epc).filter((read) => read.reader === own);
    for (const { epc } of pallet.tags) crossed.push(atOwn(epc).length);
    for (const { epc } of others.flatMap((other) => other.tags)) {
      stood.push(of(epc).length);
      const sides = atOwn(epc).map((read) => (read.antenna > 2 ? 'inside' : 'outside'));
      if (sides[0] !== sides.at(-1)) sideOrder++;
    }
  }
  return {
    readsPerCrossing: mean(crossed),
    readsPerCrossingP5: crossed.toSorted((a, b) => a - b)[Math.floor(crossed.length * 0.05)]!,
    zeroReadShare: crossed.filter((reads) => reads === 0).length / crossed.length,
    readsPerBystander: mean(stood),
    sideOrderShare: sideOrder / stood.length,
  };
}

/** One pallet that crosses in the middle of the window, and those who stand in front of the door meanwhile. */
function sceneOf(level: Level, door: PortalFrame, passage: number, seed: number) {
  const chance = random(seed, 'calibration', passage);
  const noise = noiseKey(seed, passage);
  const from = FIRST_AT + passage * WINDOW_MS * 2;
  const driving = { right: chance.gaussian(0, LANE_SD_M), speed: chance.lognormal(level.speedMedian, level.speedSdLn) };
  const direction = chance.chance(0.5) ? 'in' : 'out';
  const track = crossing(door, direction, from + WINDOW_MS / 2, WINDOW_MS / 2, driving);
  const others = Array.from({ length: BYSTANDERS }, (_, index) => {
    const place = standing(door, chance.between(-LANE_M, LANE_M), chance.between(...level.stagingM));
    return palletOf(noise, `B${index.toString(16)}`, 1, level, place);
  });
  return { pallet: palletOf(noise, 'C', TAGS, level, track), others, from, noise };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
