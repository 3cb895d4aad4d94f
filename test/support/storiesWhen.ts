// When: what happens in a story. Steps begin when the one before is over; `together` lets them begin at once.
import { spotAt } from '../../simulators/radio/geometry.ts';
import { noiseKey } from '../../simulators/radio/noise.ts';
import { mountTag } from '../../simulators/radio/tags.ts';
import { drive, type Place, type Track } from '../../simulators/radio/track.ts';
import { crossing, passing, standing, turning } from '../../simulators/scenes.ts';
import type { Command } from '../../src/wire/command.ts';
import type { Scene, Step } from './stories.ts';
import { commandRow, type Seen } from './storiesRows.ts';
import { SECOND_MS, type Goods } from './storiesSite.ts';

/** The books have the goods at a location: somebody said so. */
export const booked =
  (goods: Goods, location: string): Step =>
  (scene, at) => {
    for (const epc of goods.epcs) scene.commands.push(commandRow(at, { kind: 'move', epc, to: location }));
    return at + SECOND_MS;
  };

/** Stands in front of a door: metres to the right of its middle line, metres inside (outside is negative). */
export const parked =
  (goods: Goods, { door = 1, right = 0, ahead = 3 } = {}): Step =>
  (scene, at) => {
    put(scene, goods, standing(scene.geometry.portals[door - 1]!, right, ahead));
    return at;
  };

interface Driving {
  readonly door?: number;
  readonly speed?: number;
  readonly right?: number;
  /** How long before and after the moment it is driven. */
  readonly reachMs?: number;
  /** Its reads come so much later than it is over, all at once: an outage. */
  readonly lateMs?: number;
}

/** Straight through a door. */
export const driven =
  (
    goods: Goods,
    direction: 'in' | 'out',
    { door = 1, speed = 1.2, right = 0, reachMs = 12_000, lateMs }: Driving = {},
  ): Step =>
  (scene, at) => {
    if (lateMs === undefined) scene.heldBack.delete(goods.name);
    else scene.heldBack.set(goods.name, at + 2 * reachMs + lateMs);
    const frame = scene.geometry.portals[door - 1]!;
    put(scene, goods, crossing(frame, direction, at + reachMs, reachMs, { right, speed }));
    breakBeam(scene, door, at + reachMs - 600 / speed, at + reachMs + 600 / speed);
    return at + 2 * reachMs;
  };

/** Up to a door from one side, and back. */
export const turnedBack =
  (
    goods: Goods,
    from: 'inside' | 'outside',
    { door = 1, closestM = 0.5, speed = 1.2, right = 0, reachMs = 12_000 }: Driving & { closestM?: number } = {},
  ): Step =>
  (scene, at) => {
    const frame = scene.geometry.portals[door - 1]!;
    put(scene, goods, turning(frame, from, closestM, at, reachMs, { right, speed }));
    return at + 2 * reachMs;
  };

/** Along the doors, so many metres inside. */
export const passedBy =
  (goods: Goods, metres: number, { door = 1, speed = 1.2, reachMs = 12_000 }: Driving = {}): Step =>
  (scene, at) => {
    put(scene, goods, passing(scene.geometry.portals[door - 1]!, metres, at + reachMs, reachMs, speed));
    return at + 2 * reachMs;
  };

/** From spot to spot as seen from a door, [right, ahead] in metres. */
export const drivenAlong =
  (goods: Goods, spots: readonly (readonly [right: number, ahead: number])[], { door = 1, speed = 1.2 } = {}): Step =>
  (scene, at) => {
    const frame = scene.geometry.portals[door - 1]!;
    const places = spots.map(([right, ahead]): Place => spotAt(frame, right, ahead));
    const track = drive(places, at, speed);
    put(scene, goods, track);
    return track.at(-1)!.at;
  };

/** Carried off, out of everybody's hearing. */
export const takenAway =
  (goods: Goods): Step =>
  (scene, at) => {
    scene.bodies.delete(goods.name);
    return at;
  };

export const waited =
  (ms: number): Step =>
  (_scene, at) =>
    at + ms;

/** All begin at once; over when the last one is. */
export const together =
  (...steps: readonly Step[]): Step =>
  (scene, at) =>
    Math.max(...steps.map((step) => step(scene, at)));

/** One after the other, as one step. */
export const after =
  (ms: number, step: Step): Step =>
  (scene, at) =>
    step(scene, at + ms);

export interface Hearing {
  readonly forMs?: number;
  readonly everyMs?: number;
  readonly dbm?: number | undefined;
  /** It arrives so much later than the last of it was seen, all at once. */
  readonly lateMs?: number;
}

/** An antenna (`over-a/1`) hears the goods, as regularly as no real one does. */
export const heard =
  (goods: Goods, antenna: string, hearing: Hearing = {}): Step =>
  (scene, at) => {
    const { forMs = 30_000, everyMs = SECOND_MS, lateMs = 0 } = hearing;
    const dbm = 'dbm' in hearing ? hearing.dbm : -60;
    const [reader, number] = antenna.split('/');
    for (const [index, epc] of goods.epcs.entries()) {
      for (let seenAt = at + index; seenAt < at + forMs; seenAt += everyMs) {
        const read = { reader: reader!, antenna: Number(number), epc, rssiDbm: dbm, seenAt };
        scene.seen.push({ read, arrivesAt: lateMs === 0 ? seenAt : at + forMs + lateMs });
      }
    }
    return at + forMs;
  };

export const scanned =
  (device: string, data: string, { operator = 'op-7', lateMs = 0 } = {}): Step =>
  (scene, at) => {
    scene.seen.push({ scan: { device, data, at, operator }, arrivesAt: at + lateMs });
    return at + SECOND_MS;
  };

/** A person or a system says something. `key` to ask for its outcome by. */
export const said =
  (command: Command, key?: string, actor?: string): Step =>
  (scene, at) => {
    scene.commands.push(commandRow(at, command, key, actor));
    return at + SECOND_MS;
  };

/** The same of what the story has brought about so far. */
export const saidOf =
  (of: (scene: Scene) => readonly Command[]): Step =>
  (scene, at) => {
    for (const command of of(scene)) scene.commands.push(commandRow(at, command));
    return at + SECOND_MS;
  };

export const packed = (goods: Goods, container: Goods, key?: string): Step =>
  said({ kind: 'pack', container: container.epcs[0]!, epcs: [...goods.epcs] }, key);

/** Everything that we packed, or the goods that are named. */
export const unpacked = (container: Goods, goods?: Goods, key?: string): Step =>
  said({ kind: 'unpack', container: container.epcs[0]!, ...(goods && { epcs: [...goods.epcs] }) }, key);

/** Whatever else, seen when it was. */
export const observed =
  (of: (at: number) => readonly Seen[], forMs = SECOND_MS): Step =>
  (scene, at) => {
    for (const one of of(at)) scene.seen.push({ arrivesAt: at, ...one });
    return at + forMs;
  };

function put(scene: Scene, goods: Goods, track: Track): void {
  const noise = noiseKey(scene.seed);
  const tags = goods.epcs.map((epc) => mountTag(noise, `pallet ${goods.name}`, epc, scene.level));
  scene.bodies.set(goods.name, { track, tags });
}

function breakBeam(scene: Scene, door: number, from: number, to: number): void {
  const trigger = scene.geometry.portals[door - 1]!.trigger;
  if (trigger === undefined) return;
  scene.seen.push({ trigger: { ...trigger, high: true, at: from }, arrivesAt: from });
  scene.seen.push({ trigger: { ...trigger, high: false, at: to }, arrivesAt: to });
}
