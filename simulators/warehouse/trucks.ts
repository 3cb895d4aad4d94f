// Forklifts: a few of them, called for jobs, first come first served. A truck drives empty to the load, then with it.
import { endOf } from '../radio/track.ts';
import { chanceOf, loadOf, plan, type Floor } from './floor.ts';
import { loadTrip, putAwayTrip, stageOutTrip, unloadTrip } from './jobs.ts';
import type { Job, Load } from './state.ts';
import { beamBreaks, type BeamChange, type Trip } from './trips.ts';

/** To lift a pallet or set it down. */
const HANDLING_MS = 4000;

export function callTruck(floor: Floor, job: Job): void {
  loadOf(floor, job.load).claimed = true;
  floor.state.jobs.push(job);
  dispatch(floor);
}

/** Gives waiting jobs to idle trucks. */
export function dispatch(floor: Floor): void {
  const { jobs, trucks } = floor.state;
  for (const [index, truck] of trucks.entries()) {
    if (truck.job !== null) continue;
    const job = jobs.shift();
    if (job === undefined) return;
    truck.job = job;
    begin(floor, index, job);
  }
}

/** The truck has set its load down. */
export function release(floor: Floor, index: number, job: Job): void {
  const { x, y } = endOf(loadOf(floor, job.load).track);
  floor.state.trucks[index] = { job: null, x, y };
}

function begin(floor: Floor, index: number, job: Job): void {
  const load = loadOf(floor, job.load);
  const truck = floor.state.trucks[index]!;
  const speed = chanceOf(floor, 'load', load.id, job.kind, 'speed').lognormal(
    floor.level.speedMedian,
    floor.level.speedSdLn,
  );
  const from = endOf(load.track);
  const emptyMs = (Math.hypot(from.x - truck.x, from.y - truck.y) / speed) * 1000;
  const trip = tripOf(floor, job, load, floor.state.now + emptyMs + HANDLING_MS, speed);
  planBeams(floor, index, load, trip);
  load.track = trip.track;
  for (const { at, mark } of trip.marks) plan(floor, { kind: 'mark', at, load: load.id, mark });
  plan(floor, { kind: 'done', at: trip.at + HANDLING_MS, truck: index, job });
}

function tripOf(floor: Floor, job: Job, load: Load, startAt: number, speed: number): Trip {
  switch (job.kind) {
    case 'unload':
      return unloadTrip(floor, load, job.dock, startAt, speed);
    case 'put-away':
      return putAwayTrip(floor, load, startAt, speed);
    case 'stage-out':
      return stageOutTrip(floor, load, job.dock, startAt, speed);
    default:
      return loadTrip(floor, load, job.dock, job.slot, startAt, speed);
  }
}

/** The photo-eyes see the truck on its way to the load as well as with it. */
function planBeams(floor: Floor, index: number, load: Load, trip: Trip): void {
  const truck = floor.state.trucks[index]!;
  const first = trip.track[0]!;
  const arrivesAt = first.at - HANDLING_MS;
  const empty = [
    { at: floor.state.now, x: truck.x, y: truck.y },
    { at: arrivesAt, x: first.x, y: first.y },
  ];
  for (const [dock, frame] of floor.layout.docks.entries()) {
    if (frame.trigger === undefined) continue;
    const report = (by: string, changes: readonly BeamChange[]): void => {
      for (const { at, broken } of changes) plan(floor, { kind: 'beam', at, dock, by, broken });
    };
    const before = beamBreaks(empty, frame);
    report(`truck ${index}`, before);
    // If the load stands in the beam, from now on it is the load that breaks it.
    if (before.at(-1)?.broken === true) report(`truck ${index}`, [{ at: arrivesAt, broken: false }]);
    report(`load ${load.id}`, beamBreaks(trip.track, frame));
  }
}
