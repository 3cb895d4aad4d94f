// How the simulated people work and how often they err. Rates are per occasion unless said.
import type { LevelName } from '../radio/levels.ts';

/** What goes wrong. Each is P(it happens) on one occasion. */
export interface Mistakes {
  /** A truck comes to the door, turns back, and crosses only later. */
  readonly turnBack: number;
  /** A truck stops in the door for 2 to 20 s. */
  readonly stopInDoor: number;
  /** A pallet on its way is taken past the doors. */
  readonly passBy: number;
  /** A pallet is parked in the door's lane instead of beside it. */
  readonly blockDoor: number;
  readonly wrongAisle: number;
  /** A unit that was ordered stays where it is. */
  readonly leftBehind: number;
  /** A unit without a tag, or with a dead one. */
  readonly untagged: number;
}

/**
 * Turns and pass-bys after the mix of NOISE.md 1 (U-turns .05, .10, .15; pass-bys .20 of what a door sees);
 * untagged after Auburn's audits in 1.1 (1.2 % fail, up to 3.5 % have tagging issues). The rest is assumed.
 */
export const MISTAKES: Readonly<Record<LevelName, Mistakes>> = {
  clean: {
    turnBack: 0.05,
    stopInDoor: 0.02,
    passBy: 0.1,
    blockDoor: 0.02,
    wrongAisle: 0.01,
    leftBehind: 0.01,
    untagged: 0.005,
  },
  typical: {
    turnBack: 0.1,
    stopInDoor: 0.05,
    passBy: 0.2,
    blockDoor: 0.05,
    wrongAisle: 0.03,
    leftBehind: 0.02,
    untagged: 0.012,
  },
  hostile: {
    turnBack: 0.15,
    stopInDoor: 0.1,
    passBy: 0.3,
    blockDoor: 0.1,
    wrongAisle: 0.05,
    leftBehind: 0.04,
    untagged: 0.035,
  },
};

/** How busy the site is. Times in ms, medians or means as said. */
export interface Pace {
  /** Pallets in the building at which trailers are loaded rather than unloaded. */
  readonly palletsTarget: number;
  /** From one trailer leaving a door to the next one standing there; mean. */
  readonly trailerGapMs: number;
  readonly trailerPalletsMax: number;
  /** Units on a pallet: lognormal, at least 4, at most 60. */
  readonly palletUnitsMedian: number;
  /** A pallet waits in staging; median. */
  readonly stagingMs: number;
  /** From one order to the next; mean. */
  readonly orderGapMs: number;
  readonly orderUnitsMax: number;
  /** Units on an outbound pallet at which it leaves the bench. */
  readonly packedUnitsMin: number;
  readonly scanMs: number;
}

/** A demo that has something to show every minute: some 15 pallets with 300 to 400 tags in the building. */
export const BUSY: Pace = {
  palletsTarget: 14,
  trailerGapMs: 40_000,
  trailerPalletsMax: 5,
  palletUnitsMedian: 18,
  stagingMs: 60_000,
  orderGapMs: 45_000,
  orderUnitsMax: 6,
  packedUnitsMin: 12,
  scanMs: 2500,
};

export const PALLET_UNITS_MIN = 4;
export const PALLET_UNITS_MAX = 60;
