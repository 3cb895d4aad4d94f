// The warehouse that knows the truth: a discrete-event model driven by simulated time. What happens at one moment is
// decided by the state and by chance named after what it concerns, so the same seed gives the same day, in steps of any
// length, and a saved state goes on as if it had never stopped.
import type { SitePlan } from '../../src/config/plan.ts';
import { assert, rejected } from '../../src/kit/faults.ts';
import type { Geometry } from '../radio/geometry.ts';
import type { Level } from '../radio/levels.ts';
import { arriveAtBench, orderArrives, pack, scan } from './bench.ts';
import { beamChanges, nextAtDock, planNextAtDock, staged, trailerArrives, trailerDeparts } from './docks.ts';
import { applyMark, chanceOf, loadOf, plan, type Floor, type Output } from './floor.ts';
import type { Mistakes, Pace } from './habits.ts';
import { catalogueOf, firstSerials } from './labels.ts';
import { layoutOf, type Layout } from './layout.ts';
import type { Job, Load, Task, Unit, WarehouseState } from './state.ts';
import { callTruck, dispatch, release } from './trucks.ts';

export interface WarehouseOptions {
  readonly plan: SitePlan;
  readonly geometry: Geometry;
  readonly level: Level;
  readonly mistakes: Mistakes;
  readonly pace: Pace;
}

export interface Warehouse {
  /** When something happens next, in ms. */
  readonly nextAt: () => number;
  /** Lets everything happen up to and including `to`; what came of it. */
  readonly advance: (to: number) => Output;
  readonly loads: () => readonly Load[];
  readonly unit: (epc: string) => Unit;
  readonly save: () => WarehouseState;
}

const TRUCKS_SPARE = 1;
const FIRST_TRAILER_MS = 3000;
const NEXT_TRAILER_MS = 15_000;

/** An empty building at `startAt`; the first trailer comes within seconds. */
export function openWarehouse(options: WarehouseOptions, seed: number, startAt: number): Warehouse {
  const { site } = options.plan;
  const layout = layoutOf(options.plan, options.geometry);
  const serials = firstSerials(startAt);
  const floor = enter(options, layout, {
    version: 1,
    site,
    seed,
    now: startAt,
    nextOrder: 1,
    nextLoad: 1,
    nextItemSerial: serials.item,
    nextPalletSerial: serials.pallet,
    orders: 0,
    units: {},
    loads: {},
    docks: layout.docks.map(() => ({ mode: 'empty', trailers: 0, waiting: [], aboard: [], inBeam: [] })),
    trucks: Array.from({ length: layout.docks.length + TRUCKS_SPARE }, () => parkedTruck(layout)),
    jobs: [],
    agenda: [],
    packing: null,
    picking: false,
  });
  for (const dock of layout.docks.keys()) {
    plan(floor, { kind: 'trailer', at: startAt + FIRST_TRAILER_MS + dock * NEXT_TRAILER_MS, dock });
  }
  const firstOrderMs = chanceOf(floor, 'orders').exponential(options.pace.orderGapMs);
  plan(floor, { kind: 'order', at: startAt + firstOrderMs });
  return running(floor);
}

/**
 * Goes on from a saved state, at the time it was saved or, as if nobody had worked meanwhile, at `at`.
 * Throws a `rejected` fault when the state is of another site or the site has other doors now.
 */
export function reopenWarehouse(options: WarehouseOptions, saved: WarehouseState, at: number = saved.now): Warehouse {
  const layout = layoutOf(options.plan, options.geometry);
  if (saved.version !== 1 || saved.site !== options.plan.site || saved.docks.length !== layout.docks.length) {
    throw rejected('other-site', `The saved simulation is not of ${options.plan.site} as it is now; start a new one.`);
  }
  return running(enter(options, layout, shifted(structuredClone(saved), at - saved.now)));
}

const enter = (options: WarehouseOptions, layout: Layout, state: WarehouseState): Floor => ({
  ...options,
  layout,
  state,
  catalogue: catalogueOf(state.site),
  out: { truth: [], scans: [], triggers: [] },
});

const parkedTruck = (layout: Layout) => {
  const { x, y } = layout.docks[0]!;
  return { job: null, x, y: y + 6 };
};

function running(floor: Floor): Warehouse {
  const { state } = floor;
  return {
    nextAt: () => state.agenda[0]?.at ?? Infinity,
    advance: (to) => {
      while (state.agenda.length > 0 && state.agenda[0]!.at <= to) {
        const task = state.agenda.shift()!;
        state.now = task.at;
        perform(floor, task);
      }
      state.now = Math.max(state.now, to);
      const { truth, scans, triggers } = floor.out;
      return { truth: truth.splice(0), scans: scans.splice(0), triggers: triggers.splice(0) };
    },
    loads: () => Object.values(state.loads),
    unit: (epc) => state.units[epc]!,
    save: () => structuredClone(state),
  };
}

function perform(floor: Floor, task: Task): void {
  switch (task.kind) {
    case 'trailer':
      return trailerArrives(floor, task.dock);
    case 'next-at-dock':
      return nextAtDock(floor, task.dock);
    case 'depart':
      return trailerDeparts(floor, task.dock);
    case 'mark':
      return applyMark(floor, loadOf(floor, task.load), task.mark);
    case 'beam':
      return beamChanges(floor, task.dock, task.by, task.broken);
    case 'done':
      return finish(floor, task.truck, task.job);
    case 'staged-long-enough':
      return callTruck(floor, { kind: 'put-away', load: task.load });
    case 'order':
      return orderArrives(floor);
    case 'at-bench':
      return arriveAtBench(floor, task.load, task.orderNumber);
    case 'scan':
      return scan(floor, task.data, task.orderNumber);
    case 'pack': {
      const { bench } = floor.layout;
      assert(bench !== undefined, 'Only a site with a bench packs.');
      return pack(floor, task.load, task.orderNumber, bench);
    }
  }
}

/** What follows from a job that is done. */
function finish(floor: Floor, truck: number, job: Job): void {
  release(floor, truck, job);
  const load = loadOf(floor, job.load);
  switch (job.kind) {
    case 'unload': {
      const waitMs = chanceOf(floor, 'load', load.id, 'staging').lognormal(floor.pace.stagingMs, STAGING_SD_LN);
      plan(floor, { kind: 'staged-long-enough', at: floor.state.now + waitMs, load: load.id });
      planNextAtDock(floor, job.dock, job.load);
      break;
    }
    case 'put-away':
      load.claimed = false;
      break;
    case 'stage-out':
      load.stagedOut = true;
      if (!staged(floor, load)) load.claimed = false;
      break;
    case 'load':
      planNextAtDock(floor, job.dock, job.load);
  }
  dispatch(floor);
}

const STAGING_SD_LN = 0.6;

/** The same warehouse at another time: everything planned or under way moves along. */
function shifted(state: WarehouseState, ms: number): WarehouseState {
  state.now += ms;
  state.agenda = state.agenda.map((task) => ({ ...task, at: task.at + ms }));
  for (const load of Object.values(state.loads))
    load.track = load.track.map((point) => ({ ...point, at: point.at + ms }));
  return state;
}
