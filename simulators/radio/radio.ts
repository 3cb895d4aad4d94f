// The air: tags on bodies that move past antennas → reads. Pure: (geometry, level, seed), then (time span, bodies) → reads;
// all chance is keyed noise, so the same span gives the same reads whatever was asked before.
//   RSSI = R1 − 40 log10 d + 2 G(θ) − body − neighbour + tag + fading,   G = max(−12 (θ/70°)², scatter floor)
//   P(read in a dwell) = p · Φ((RSSI + 75) / 1.5)                                     (NOISE.md)
import { toHalfDb, toMicros, type Epc } from '../../src/wire/entries.ts';
import { dwellsOf, tuneReaders, type Dwell, type TunedAntenna } from './dwells.ts';
import { fromDoor, type AntennaPose, type Geometry, type PortalFrame } from './geometry.ts';
import type { Level } from './levels.ts';
import { gaussianOf, mix, uniformOf, type NoiseKey } from './noise.ts';
import type { Body, MountedTag } from './tags.ts';
import { motionAt, type Motion } from './track.ts';

/** One read; `seenAt` in ms to the microsecond, `reportedAt` the end of the dwell, when the reader tells. */
export interface RadioRead {
  readonly reader: string;
  readonly antenna: number;
  readonly epc: Epc;
  readonly rssiDbm: number;
  readonly seenAt: number;
  readonly reportedAt: number;
}

export interface Radio {
  /** Reads of all dwells that end in (from, to], by `reportedAt`. `bodies` as they are during that time. */
  readonly reads: (from: number, to: number, bodies: readonly Body[]) => RadioRead[];
}

/** A passive tag is limited by the power that reaches it: below this RSSI it does not wake. */
const SENSITIVITY_DBM = -75;
const SENSITIVITY_SD_DB = 1.5;
const BEAM = (70 / 180) * Math.PI;
/** Racks, trucks and walls: nothing is heard from farther away, however good the tag. */
const RANGE_M = 10;
/** Half a door pitch. Beyond it a tag outside stands in another trailer or behind the wall. */
const LANE_M = 1.83;
/** However good a tag, an overhead antenna reads it in no more than this share of its dwells. */
const ZONE_SHARE_MAX = 0.5;
/** Places are told apart to this: a pallet put down again fades differently. */
const PLACE_STEPS_PER_M = 20;

export function createRadio(geometry: Geometry, level: Level, seed: NoiseKey): Radio {
  const readers = tuneReaders(geometry, level, seed);
  return {
    reads: (from, to, bodies) => {
      const reads: RadioRead[] = [];
      for (const dwell of dwellsOf(readers, from, to)) listen(dwell, bodies, geometry.portals, level, reads);
      return reads;
    },
  };
}

/** A body during one dwell. */
interface Heard extends Motion {
  readonly body: Body;
  /** Loss because of other doors, for the body as a whole. */
  readonly neighbourLossDb: number;
  readonly place: NoiseKey;
}

function listen(
  dwell: Dwell,
  bodies: readonly Body[],
  portals: readonly PortalFrame[],
  level: Level,
  reads: RadioRead[],
): void {
  const { antenna } = dwell;
  const heard: Heard[] = [];
  let audible = 0;
  for (const body of bodies) {
    const near = approach(body, dwell, portals, level);
    if (near === undefined) continue;
    heard.push(near);
    audible += body.tags.length * audibleShare(near, antenna.pose, level);
  }
  const share = Math.min(antenna.share, antenna.readsMax / Math.max(audible, 1));
  const first = reads.length;
  for (const near of heard) {
    for (const tag of near.body.tags) listenTo(tag, near, dwell, share, level, reads);
  }
  if (level.ghostsPerMillion > 0) {
    for (let index = first; index < reads.length; index++) reads[index] = garbled(reads[index]!, level, antenna.key);
  }
}

/** The body at the middle of the dwell, or undefined when it is out of reach. */
function approach(body: Body, dwell: Dwell, portals: readonly PortalFrame[], level: Level): Heard | undefined {
  if (body.tags.length === 0) return undefined;
  const { pose, frame } = dwell.antenna;
  const motion: Motion = { x: 0, y: 0, moving: false };
  motionAt(body.track, dwell.endsAt - dwell.lengthMs / 2, motion);
  if (Math.abs(motion.x - pose.x) > RANGE_M || Math.abs(motion.y - pose.y) > RANGE_M) return undefined;
  const neighbourLossDb = frame === undefined ? 0 : neighbourLoss(motion, frame, portals, level);
  if (neighbourLossDb === Infinity) return undefined;
  const { x, y, moving } = motion;
  const place = mix(Math.round(x * PLACE_STEPS_PER_M), Math.round(y * PLACE_STEPS_PER_M));
  return { body, x, y, moving, neighbourLossDb, place };
}

/** Infinity for what stands outside another door: its trailer or the wall is between. */
function neighbourLoss(at: Motion, frame: PortalFrame, portals: readonly PortalFrame[], level: Level): number {
  const { right, ahead } = fromDoor(frame, at);
  const across = Math.abs(right);
  if (across <= LANE_M) return 0;
  if (ahead < 0) return Infinity;
  const nearer = portals.some((other) => other !== frame && Math.abs(fromDoor(other, at).right) < across);
  return nearer ? level.neighbourLossDb : 0;
}

/** Rough share of a body's tags that wake up: the whole body as one median tag, all spreads together. */
function audibleShare(near: Heard, pose: AntennaPose, level: Level): number {
  const metres = Math.max(0.5, Math.hypot(near.x - pose.x, near.y - pose.y));
  const median = level.rssiAtOneMetreDbm - 40 * Math.log10(metres) - near.neighbourLossDb - level.bodyLossDb / 2;
  const sdDb = Math.hypot(level.tagSdDb, level.fadingSdDb, SENSITIVITY_SD_DB);
  return 1 / (1 + Math.exp((-1.7 * (median - SENSITIVITY_DBM)) / sdDb));
}

function listenTo(tag: MountedTag, near: Heard, dwell: Dwell, share: number, level: Level, reads: RadioRead[]): void {
  const { pose, key } = dwell.antenna;
  const pair = mix(key, tag.key);
  const chance = mix(pair, dwell.number);
  const own = pose.use === 'zone' ? zoneShare(share, pair, near.place, level) : share;
  // The cheapest question first: most dwells end here.
  if (uniformOf(chance) >= own) return;
  const rssiDbm =
    pathRssi(tag, near, dwell.antenna, level) + tag.offsetDb + fading(pair, chance, near, level) - near.neighbourLossDb;
  if (rssiDbm + gaussianOf(mix(chance, 1)) * SENSITIVITY_SD_DB < SENSITIVITY_DBM) return;
  reads.push({
    reader: pose.reader,
    antenna: pose.antenna,
    epc: tag.epc,
    rssiDbm: toHalfDb(rssiDbm),
    seenAt: toMicros(dwell.endsAt - uniformOf(mix(chance, 2)) * dwell.lengthMs),
    reportedAt: dwell.endsAt,
  });
}

/** Under the roof tags differ by far more than their signal: what lies on top, which way they face (NOISE.md). */
const zoneShare = (share: number, pair: NoiseKey, place: NoiseKey, level: Level): number =>
  Math.min(ZONE_SHARE_MAX, share * Math.exp(level.zoneRateSdLn * gaussianOf(mix(mix(pair, place), 3))));

/** Median RSSI of this spot: distance, antenna pattern, the pallet's own body. */
function pathRssi(tag: MountedTag, near: Heard, antenna: TunedAntenna, level: Level): number {
  const { pose } = antenna;
  const x = near.x + tag.dx - pose.x;
  const y = near.y + tag.dy - pose.y;
  const z = tag.z - pose.z;
  const metres = Math.max(0.3, Math.sqrt(x * x + y * y + z * z));
  const cosine = (x * pose.lookX + y * pose.lookY + z * pose.lookZ) / metres;
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine))) / BEAM;
  const gainDb = Math.max(-12 * angle * angle, level.scatterFloorDb);
  // A tag on the left of the pallet is hidden from the right post, and the other way round.
  const hidden = tag.facing * x > 0;
  return level.rssiAtOneMetreDbm - 40 * Math.log10(metres) + 2 * gainDb - (hidden ? level.bodyLossDb : 0);
}

function fading(pair: NoiseKey, chance: NoiseKey, near: Heard, level: Level): number {
  const now = gaussianOf(mix(chance, 4));
  if (near.moving) return now * level.fadingSdDb;
  return gaussianOf(mix(mix(pair, near.place), 5)) * level.fadingSdDb + now * level.restingSdDb;
}

/** Now and then a bit error passes the CRC, and a tag is read that does not exist. */
function garbled(read: RadioRead, level: Level, key: NoiseKey): RadioRead {
  const chance = mix(mix(key, Math.round(read.seenAt * 1000)), 7);
  if (uniformOf(chance) * 1_000_000 >= level.ghostsPerMillion) return read;
  const at = mix(chance, 8) % read.epc.length;
  const digit = (Number.parseInt(read.epc[at]!, 16) ^ (1 + (mix(chance, 9) % 15))).toString(16).toUpperCase();
  return { ...read, epc: read.epc.slice(0, at) + digit + read.epc.slice(at + 1) };
}
