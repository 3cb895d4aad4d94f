// The movements that Bayes' rule (zoneBayes.ts) tells of a day: each at the time that is likeliest to be right, as long as it is likely
// enough. With all of the day before it, and when each must be told soon.
import type { RadioRead } from '../radio/radio.ts';
import { backward, evidence, forward, ratesOf, STEP_MS, STEPS, type Forward, type ZoneRead } from './zoneBayes.ts';
import { NAMES, type ZoneAir } from './zonesDay.ts';
import { FIRST_AT } from './traffic.ts';
import type { Move } from './judge.ts';

/** A movement must be told so long after it. */
export const SOON_MS = 1_800_000;
/** F1 is best when what is told is right at least half as often as F1 says. */
const CERTAINTY_LEAST = 0.45;

export interface ZoneLimits {
  readonly ever: readonly Move[];
  readonly soon: readonly Move[];
}

/** `toleranceMs`: how far off a movement may be told. */
export function limitsOf(reads: readonly RadioRead[], air: ZoneAir, toleranceMs: number): ZoneLimits {
  const byTag = new Map<string, ZoneRead[]>();
  for (const { epc, antenna, seenAt, rssiDbm } of reads) {
    const read: ZoneRead = { zone: antenna === 1 ? 0 : 1, at: seenAt - FIRST_AT, rssiDbm };
    const own = byTag.get(epc);
    if (own === undefined) byTag.set(epc, [read]);
    else own.push(read);
  }
  const rates = ratesOf(air);
  const ever: Move[] = [];
  const soon: Move[] = [];
  for (const [epc, own] of byTag) {
    const known = forward(own, air, rates);
    ever.push(...told(epc, own, everDensities(known), toleranceMs));
    soon.push(...told(epc, own, soonDensities(known), toleranceMs));
  }
  return { ever, soon };
}

/** P(it was put down in the zone with this step, coming from the other), by zone. */
type Densities = readonly Float64Array[];

function everDensities(known: Forward): Densities {
  const later = backward(known, 0, STEPS);
  const whole = evidence(known, STEPS);
  return known.moved.map((moved, zone) => moved.map((log, step) => Math.exp(log + later[zone]![step]! - whole)));
}

function soonDensities(known: Forward): Densities {
  const densities = known.moved.map(() => new Float64Array(STEPS + 1));
  for (let step = 1; step < STEPS; step++) {
    if (known.moved.every((moved) => moved[step] === Number.NEGATIVE_INFINITY)) continue;
    const until = Math.min(STEPS, step + SOON_MS / STEP_MS);
    const later = backward(known, step, until);
    const whole = evidence(known, until);
    for (const [zone, moved] of known.moved.entries())
      densities[zone]![step] = Math.exp(moved[step]! + later[zone]![step]! - whole);
  }
  return densities;
}

/** Most likely ones first; what each of them covers is not told again. The first of a tag is where it was first put down. */
function told(epc: string, reads: readonly ZoneRead[], densities: Densities, toleranceMs: number): Move[] {
  const reach = Math.floor(toleranceMs / STEP_MS) - 1;
  const moves: Move[] = [{ epc, to: '', at: FIRST_AT, toldAt: FIRST_AT }];
  for (const [zone, density] of densities.entries()) {
    const left = density.slice();
    const until = reachesOf(reads, zone, reach);
    for (;;) {
      const covered = new Float64Array(STEPS + 2);
      for (let step = 0; step <= STEPS; step++) {
        covered[Math.max(0, step - reach)]! += left[step]!;
        covered[until[step]! + 1]! -= left[step]!;
      }
      let likeliest = 0;
      let most = 0;
      let now = 0;
      for (let step = 0; step <= STEPS; step++) {
        now += covered[step]!;
        if (now > most + 1e-9) {
          most = now;
          likeliest = step;
        }
      }
      if (most < CERTAINTY_LEAST) break;
      const at = FIRST_AT + likeliest * STEP_MS;
      moves.push({ epc, to: NAMES[zone]!, at, toldAt: at });
      for (let step = 0; step <= STEPS; step++)
        if (likeliest >= step - reach && likeliest <= until[step]!) left[step] = 0;
    }
  }
  return moves;
}

/** The last step at which a movement with each step may be told: it counts from when its zone first read it. */
function reachesOf(reads: readonly ZoneRead[], zone: number, reach: number): Int32Array {
  const until = new Int32Array(STEPS + 1);
  const own = reads.filter((read) => read.zone === zone);
  let next = own.length;
  for (let step = STEPS; step >= 0; step--) {
    while (next > 0 && own[next - 1]!.at >= step * STEP_MS) next--;
    const heardAt = own[next]?.at ?? step * STEP_MS;
    until[step] = Math.min(STEPS, Math.floor(heardAt / STEP_MS) + reach);
  }
  return until;
}
