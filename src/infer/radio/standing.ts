// How well standing still explains the reads of one tag: each antenna hears it at a level of its own, which is summed over, and
// what was heard of it before says which. Pure.
import { logSumOf } from '../signal.ts';
import { audible, LOUDNESS } from './air.ts';
import type { Bank } from './bank.ts';
import type { Heard, Manner } from './explain.ts';

/** RSSI at which an antenna may hear a resting tag: the places of the sum over it, and what is believed before any read. */
const LEVELS: readonly number[] = Array.from({ length: 32 }, (_, index) => -97.5 + 2.5 * index);
/** A tag at rest a few metres away is so much weaker than at 1 m on boresight; places and fading differ by so much. */
const AT_REST_DB = -30;
const AT_REST_SD_DB = 9;
/** A resting tag fades by more than the air alone would have it: people walk about. */
const UNREST_DB = 1.5;
/** Tags at rest are read in bursts, at rates that differ tenfold. */
const RATES: readonly number[] = [0.15, 0.5, 1];
const LOG_RATES = -Math.log(RATES.length);
const AUDIBLE_AT_REST = Float64Array.from(LEVELS, (level) => audible(level, 0));
const LOG_REST_NORM = Math.log((AT_REST_SD_DB * Math.sqrt(2 * Math.PI)) / 2.5);
const logRest = new Float64Array(LEVELS.length);
const priors = new Float64Array(LEVELS.length);
const logs = new Float64Array(LEVELS.length);
const counts = new Int32Array(256);
const withStrength = new Int32Array(256);
const sums = new Float64Array(256);
const squares = new Float64Array(256);

/** ln P(reads | it stands still), given what was heard of it before. */
export function explainStanding(bank: Bank, heard: Heard, manner: Manner): number {
  const { air, antennas } = bank;
  const { before } = heard;
  const seconds = (heard.to - heard.from) / 1000;
  const sd = Math.hypot(air.restingSdDb, UNREST_DB);
  const precision = 1 / (2 * sd * sd);
  let usual = AT_REST_DB;
  for (let loud = 0; loud < LOUDNESS.length; loud++) usual += Math.exp(manner.logLoudness[loud]!) * LOUDNESS[loud]!;
  for (const [place, level] of LEVELS.entries())
    logRest[place] = -(((level - usual) / AT_REST_SD_DB) ** 2) / 2 - LOG_REST_NORM;
  for (const column of [counts, withStrength, sums, squares]) column.fill(0, 0, antennas);
  for (let read = 0; read < heard.reads; read++) {
    const index = heard.antenna[read]!;
    counts[index]!++;
    const strength = heard.rssiDbm[read]!;
    if (Number.isNaN(strength)) continue;
    withStrength[index]!++;
    sums[index]! += strength;
    squares[index]! += strength * strength;
  }
  const byRate: number[] = [];
  const earlier: number[] = [];
  for (const share of RATES) {
    const rate = (manner.rate * share) / heard.every;
    const logRate = Math.log(rate);
    let silent: number | undefined;
    let total = 0;
    let known = LOG_RATES;
    for (let index = 0; index < antennas; index++) {
      const isSilent = counts[index] === 0 && before === undefined;
      if (isSilent && silent !== undefined) {
        total += silent;
        continue;
      }
      const count = withStrength[index]!;
      for (let place = 0; place < LEVELS.length; place++) {
        const level = LEVELS[place]!;
        const silence = rate * AUDIBLE_AT_REST[place]!;
        let prior = logRest[place]!;
        if (before !== undefined) {
          const off = level - before.meanDbm[index]!;
          prior -= before.reads[index]! * off * off * precision + silence * before.seconds;
        }
        priors[place] = prior;
        logs[place] =
          prior - (squares[index]! - 2 * level * sums[index]! + count * level * level) * precision - silence * seconds;
      }
      const prior = logSumOf(priors);
      if (before !== undefined) known += prior + before.reads[index]! * logRate;
      const own = logSumOf(logs) - prior - count * Math.log(sd) + counts[index]! * logRate;
      if (isSilent) silent = own;
      total += own;
    }
    earlier.push(known);
    byRate.push(total + known);
  }
  // What was heard before tells at what rate the tag is read.
  return logSumOf(byRate) - logSumOf(earlier);
}
