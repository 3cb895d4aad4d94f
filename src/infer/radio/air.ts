// The air of a portal: how RSSI falls with distance, angle and what is in between, and how often a tag that is heard is read. The
// form of the model is that of passive tags, whose reads hang on the power that reaches them (a tag that is heard at some
// RSSI is read with a probability that depends on that RSSI alone):
//   RSSI = loudness − 40 log10 d + 2 G(θ) − body − neighbour + fading,   G = max(−12 (θ/70°)², scatter floor)
//   reads/s of one antenna = rate · Φ((RSSI + 75) / 1.5)
// `loudness` is of the tag (power, cable, tag, what it sticks to), the rest of the place. Pure.

/** dB are two-way unless said. */
export interface Air {
  /** Of a moving tag, from read to read. */
  readonly fadingSdDb: number;
  /** Of a resting tag, from read to read. */
  readonly restingSdDb: number;
  /** The load's own body, for a tag on the side away from the antenna. */
  readonly bodyLossDb: number;
  /** For a tag in front of another door. */
  readonly neighbourLossDb: number;
  /** Reflections fill the back lobe: an antenna's gain never falls below this (one way). */
  readonly scatterFloorDb: number;
}

/** From quiet to rough; a portal finds out which is its own. */
export const AIRS: readonly Air[] = [
  { fadingSdDb: 3, restingSdDb: 1.2, bodyLossDb: 6, neighbourLossDb: 15, scatterFloorDb: -14 },
  { fadingSdDb: 3.75, restingSdDb: 1.4, bodyLossDb: 8, neighbourLossDb: 10, scatterFloorDb: -11 },
  { fadingSdDb: 4.5, restingSdDb: 1.6, bodyLossDb: 10, neighbourLossDb: 6, scatterFloorDb: -8 },
  { fadingSdDb: 5.25, restingSdDb: 2, bodyLossDb: 13, neighbourLossDb: 3, scatterFloorDb: -7 },
  { fadingSdDb: 6, restingSdDb: 2.5, bodyLossDb: 16, neighbourLossDb: 0, scatterFloorDb: -6 },
];
export const FIRST_AIR = 2;

const SENSITIVITY_DBM = -75;
const SENSITIVITY_SD_DB = 1.5;

/** Share of its full rate at which a tag of median `rssiDbm` is read, its RSSI spread by `sdDb` around that. */
export const audible = (rssiDbm: number, sdDb: number): number =>
  normal((rssiDbm - SENSITIVITY_DBM) / Math.hypot(sdDb, SENSITIVITY_SD_DB));

/** Φ by its logistic approximation (Bowling et al., 2009: within 0.00014). */
const normal = (z: number): number => 1 / (1 + Math.exp(-0.07056 * z ** 3 - 1.5976 * z));

/** Loudness of tags, dBm at 1 m on boresight: the places of every distribution over it. */
export const LOUDNESS: readonly number[] = Array.from({ length: 14 }, (_, index) => -72 + 3 * index);

/** Metres from the middle of a portal, seen from outside: to the right, further in, up; `look` is a unit vector. */
export interface Pose {
  readonly right: number;
  readonly ahead: number;
  readonly up: number;
  readonly lookRight: number;
  readonly lookAhead: number;
  /** The middle of the portal that the antenna belongs to. */
  readonly door: number;
}

/** −1 on the left of the load, 1 on the right, 0 in front or on top. */
export const FACINGS = [-1, 0, 1] as const;
const HALF_LOAD_M = 0.5;
const TAG_UP_M = 0.9;
const BEAM = (70 / 180) * Math.PI;
/** Half the distance from door to door: beyond it a tag outside is in another trailer or behind the wall. */
const LANE_M = 1.83;
export const UNHEARD_DB = -200;

/** RSSI over loudness of a tag on a load whose middle is at (right, ahead). */
export function gainDb(pose: Pose, right: number, ahead: number, facing: number, air: Air): number {
  const across = Math.abs(right - pose.door);
  if (across > LANE_M && ahead < 0) return UNHEARD_DB;
  const x = right + facing * HALF_LOAD_M - pose.right;
  const y = ahead - pose.ahead;
  const z = TAG_UP_M - pose.up;
  const metres = Math.max(0.3, Math.sqrt(x * x + y * y + z * z));
  const angle = Math.acos((x * pose.lookRight + y * pose.lookAhead) / metres) / BEAM;
  const pattern = 2 * Math.max(-12 * angle * angle, air.scatterFloorDb);
  const body = facing * x > 0 ? air.bodyLossDb : 0;
  const neighbour = across > LANE_M ? air.neighbourLossDb : 0;
  return -40 * Math.log10(metres) + pattern - body - neighbour;
}
