// What can go wrong between a reader and the service, and how often: by level, or one by one from the command line.
import { rejected } from '../../src/kit/faults.ts';
import type { LevelName } from '../radio/levels.ts';

/** Shares are of messages unless said; 0 is never. */
export interface FaultOptions {
  /** A message that never arrives. */
  readonly loss: number;
  /** A message that arrives twice, the second time up to seconds later. */
  readonly duplicate: number;
  /** The last messages of a line, all sent again. */
  readonly replay: number;
  /** Reads missing from, and repeated in, their envelopes. */
  readonly readLoss: number;
  readonly readDuplicate: number;
  /** Messages that others overtake, by up to `reorderMs`; and entries of an envelope out of order. */
  readonly reorder: number;
  readonly reorderMs: number;
  /** Time on the way: lognormal. */
  readonly delayMs: number;
  readonly delayP99Ms: number;
  /** Mean time from one outage of a line to the next; 0 for none. */
  readonly outageEveryMs: number;
  readonly outageMinMs: number;
  readonly outageMaxMs: number;
  /** Share of what an outage held back that is lost. */
  readonly backlogLoss: number;
  /** Clocks of readers: wrong by up to ± this, drifting by up to ± ppm, stepping some times a day by up to `clockMs`. */
  readonly clockMs: number;
  readonly driftPpm: number;
  readonly clockStepsPerDay: number;
  /** Share of readers that were never set: their clocks count from 1 January 2000. */
  readonly year2000: number;
}

export const NO_FAULTS: FaultOptions = {
  loss: 0,
  duplicate: 0,
  replay: 0,
  readLoss: 0,
  readDuplicate: 0,
  reorder: 0,
  reorderMs: 2000,
  delayMs: 0,
  delayP99Ms: 0,
  outageEveryMs: 0,
  outageMinMs: 60_000,
  outageMaxMs: 600_000,
  backlogLoss: 0,
  clockMs: 0,
  driftPpm: 0,
  clockStepsPerDay: 0,
  year2000: 0,
};

const DAY_MS = 86_400_000;

/** NOISE.md 3. */
export const FAULTS: Readonly<Record<LevelName, FaultOptions>> = {
  clean: {
    ...NO_FAULTS,
    duplicate: 0.002,
    reorder: 0.005,
    delayMs: 100,
    delayP99Ms: 1000,
    clockMs: 20,
  },
  typical: {
    ...NO_FAULTS,
    duplicate: 0.02,
    reorder: 0.05,
    delayMs: 300,
    delayP99Ms: 10_000,
    outageEveryMs: 3 * DAY_MS,
    clockMs: 500,
    driftPpm: 20,
  },
  hostile: {
    ...NO_FAULTS,
    duplicate: 0.1,
    replay: 0.0005,
    reorder: 0.25,
    reorderMs: 10_000,
    delayMs: 1000,
    delayP99Ms: 120_000,
    outageEveryMs: DAY_MS / 2,
    outageMaxMs: 2 * 3_600_000,
    backlogLoss: 0.02,
    clockMs: 5000,
    driftPpm: 50,
    clockStepsPerDay: 2,
    year2000: 0.1,
  },
};

const NAMES = Object.keys(NO_FAULTS) as readonly (keyof FaultOptions)[];
const isName = (name: string): name is keyof FaultOptions => (NAMES as readonly string[]).includes(name);
const isLevel = (name: string): name is LevelName => Object.hasOwn(FAULTS, name);
/** These are shares; everything else is a time, a rate or a number of times. */
const SHARES: ReadonlySet<keyof FaultOptions> = new Set([
  'loss',
  'duplicate',
  'replay',
  'readLoss',
  'readDuplicate',
  'reorder',
  'backlogLoss',
  'year2000',
]);

/** `loss=0.01,duplicate=0.02`, or a level to begin with: `typical,loss=0.01`. Throws a `rejected` fault `bad-faults`. */
export function parseFaults(text: string): FaultOptions {
  let options = NO_FAULTS;
  for (const [index, part] of text.split(',').entries()) {
    const [name = '', value] = part.trim().split('=');
    if (value === undefined && index === 0 && isLevel(name)) options = FAULTS[name];
    else options = { ...options, [nameOf(name)]: valueOf(name as keyof FaultOptions, value) };
  }
  return options;
}

function nameOf(name: string): keyof FaultOptions {
  if (isName(name)) return name;
  throw rejected(
    'bad-faults',
    `--faults: ${JSON.stringify(name)} is not one of ${NAMES.join(', ')} (or a level first).`,
  );
}

function valueOf(name: keyof FaultOptions, text: string | undefined): number {
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  if (!(value >= 0)) throw rejected('bad-faults', `--faults: ${name} needs a number, as in ${name}=0.01.`);
  if (SHARES.has(name) && value > 1) throw rejected('bad-faults', `--faults: ${name} is a share, from 0 to 1.`);
  return value;
}
