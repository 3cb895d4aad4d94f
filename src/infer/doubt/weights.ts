// How much of what should hear a tag did hear others in an hour, beside what it usually hears. A reader that is away, or an antenna that
// is dead, makes nothing missing: an hour without it says nothing. Pure.
import type { PlacePlan, SitePlan } from '../../config/plan.ts';
import { WEIGHT_STEPS } from './belief.ts';
import type { Hour } from './hours.ts';

/** By antenna: what it hears in an hour, in bins of tags, and of how many hours that is known. */
export type Usual = Map<number, { bins: number; hours: number }>;

/** The memory of it is about two days: what was taken away is not waited for much longer. */
const HOURS_KEPT = 48;
/** Of an antenna that hears less than so, nothing is concluded. */
const BINS_LEAST = 2;

/** In quarters. `antenna` is the one that hears the tag; below 0 when it is not known: then all of the zone are asked. */
export function weightOf(
  usual: Usual,
  hour: Hour | undefined,
  { antennas }: SitePlan,
  zone: PlacePlan,
  antenna: number,
): number {
  if (hour === undefined) return 0;
  if (antennas[antenna]?.readPoint === zone.index) return shareOf(usual.get(antenna)?.bins, hour.antennas.get(antenna));
  let usually: number | undefined;
  let now = 0;
  for (const { index, readPoint } of antennas) {
    if (readPoint !== zone.index) continue;
    const own = usual.get(index);
    if (own !== undefined) usually = (usually ?? 0) + own.bins;
    now += hour.antennas.get(index) ?? 0;
  }
  return shareOf(usually, now);
}

/** What is heard now beside what usually is, in quarters. Bins of tags in an hour; `usually` is undefined while it is not known. */
export function shareOf(usually: number | undefined, now = 0): number {
  if (usually === undefined || now < BINS_LEAST) return 0;
  return Math.min(WEIGHT_STEPS, Math.round((now / usually) * WEIGHT_STEPS));
}

/** An hour is over. */
export function learnUsual(usual: Usual, hour: Hour | undefined): void {
  for (const antenna of hour?.antennas.keys() ?? []) if (!usual.has(antenna)) usual.set(antenna, { bins: 0, hours: 0 });
  for (const [antenna, own] of usual) {
    own.hours = Math.min(HOURS_KEPT, own.hours + 1);
    own.bins += ((hour?.antennas.get(antenna) ?? 0) - own.bins) / own.hours;
  }
}

export const forgetUsual = (usual: Usual): void => usual.clear();
