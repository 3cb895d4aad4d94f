// What every part of the warehouse works with: the state, the building, chance by name, the agenda, and what comes out.
import type { SitePlan } from '../../src/config/plan.ts';
import { assert } from '../../src/kit/faults.ts';
import type { Scan, Trigger } from '../../src/wire/entries.ts';
import type { Geometry } from '../radio/geometry.ts';
import type { Level } from '../radio/levels.ts';
import { random, type Random } from '../random.ts';
import type { Mistakes, Pace } from './habits.ts';
import type { Catalogue } from './labels.ts';
import type { Layout } from './layout.ts';
import type { Load, LoadId, Mark, Planned, Task, Unit, WarehouseState } from './state.ts';
import type { TruthLine } from './truth.ts';

export interface Floor {
  readonly plan: SitePlan;
  readonly geometry: Geometry;
  readonly layout: Layout;
  readonly catalogue: Catalogue;
  readonly level: Level;
  readonly mistakes: Mistakes;
  readonly pace: Pace;
  readonly state: WarehouseState;
  readonly out: Output;
}

/** What happened while time advanced, in order. */
export interface Output {
  readonly truth: TruthLine[];
  readonly scans: Scan[];
  readonly triggers: Trigger[];
}

/** The stream of chance of one thing: nothing else in the warehouse shifts its draws. */
export const chanceOf = (floor: Floor, ...keys: readonly (string | number)[]): Random =>
  random(floor.state.seed, floor.state.site, ...keys);

/** Puts a task on the agenda; never into the past. Fractions of a millisecond are rounded. */
export function plan(floor: Floor, planned: Planned): void {
  const { agenda } = floor.state;
  const at = Math.max(Math.round(planned.at), floor.state.now);
  const task: Task = { ...planned, at, order: floor.state.nextOrder++ };
  let index = agenda.length;
  while (index > 0 && agenda[index - 1]!.at > at) index--;
  agenda.splice(index, 0, task);
}

export function loadOf(floor: Floor, id: LoadId): Load {
  const load = floor.state.loads[id];
  assert(load !== undefined, 'A task names a load that is there.', { id });
  return load;
}

export function unitOf(floor: Floor, epc: string): Unit {
  const unit = floor.state.units[epc];
  assert(unit !== undefined, 'A load holds units that are there.', { epc });
  return unit;
}

export const unitsOf = (floor: Floor, load: Load): Unit[] => load.units.map((epc) => unitOf(floor, epc));

/** A load is somewhere else, or did something that is no movement; one line of truth for each EPC on it. */
export function applyMark(floor: Floor, load: Load, mark: Mark): void {
  const from = load.place;
  if (mark.kind === 'moved') {
    load.place = mark.to;
    load.bin = mark.bin ?? null;
  }
  const line = {
    at: floor.state.now,
    site: floor.state.site,
    from,
    to: load.place,
    readPoint: mark.readPoint,
    kind: mark.as,
    movement: mark.kind === 'moved',
    ...(mark.kind === 'moved' && mark.bin !== undefined ? { bin: mark.bin } : {}),
    ...(mark.kind === 'moved' && mark.directed !== undefined ? { directed: mark.directed } : {}),
  };
  const { truth } = floor.out;
  if (load.epc !== null) truth.push({ ...line, epc: load.epc, sku: null, tagged: true });
  for (const unit of unitsOf(floor, load)) truth.push({ ...line, ...aboutUnit(unit) });
}

/** What a line of truth says about a unit. */
export const aboutUnit = (unit: Unit): Pick<TruthLine, 'epc' | 'sku' | 'tagged' | 'containerEpc'> => ({
  epc: unit.epc,
  sku: unit.sku,
  tagged: unit.tagged,
  ...(unit.container === null ? {} : { containerEpc: unit.container }),
});
