// What the portals of a site should begin with, learned from a recording: the machines decide it, and what each portal has learned by
// its end becomes its calibration.
import type { Calibration } from '../config/calibration.ts';
import { planSite, type SitePlan } from '../config/plan.ts';
import type { SiteFile } from '../config/site.ts';
import { calibrationOf } from '../infer/radio/calibration.ts';
import { decide, type Decided, type Rows } from './decide.ts';

/** By the id of the portal. */
export type Calibrations = ReadonlyMap<string, Calibration>;

/** A site with other calibrations: those given, no others; undefined keeps none. */
export function calibrated(plan: SitePlan, calibrations: Calibrations | undefined, postAt?: number): SitePlan {
  const { file, rules } = plan.source;
  const readPoints = (file.readPoints ?? []).map((point) => {
    if (point.kind !== 'portal') return point;
    const { calibration: _, ...rest } = point;
    const found = calibrations?.get(point.id);
    return found === undefined ? rest : { ...rest, calibration: found };
  });
  const changed: SiteFile = {
    ...file,
    readPoints,
    ...(postAt !== undefined && { rules: { ...file.rules, portal: { ...file.rules?.portal, postAt } } }),
  };
  return planSite({ file: changed, ...(rules !== undefined && { rules }) });
}

export interface Lesson {
  readonly calibrations: Calibrations;
  /** Loads that surely crossed, by portal. */
  readonly loads: ReadonlyMap<string, number>;
  readonly decided: Decided;
}

/** Fewer loads say nothing of a door. */
export const LOADS_LEAST = 5;

/** Decides the rows. Portals with less than `LOADS_LEAST` loads have no calibration. */
export async function learnFrom(plan: SitePlan, rows: Rows): Promise<Lesson> {
  const decided = await decide(calibrated(plan, undefined), rows);
  const loads = new Map<string, number>();
  const calibrations = new Map<string, Calibration>();
  for (const [id, { lore, level }] of decided.learned) {
    loads.set(id, lore.loads);
    if (lore.loads >= LOADS_LEAST) calibrations.set(id, calibrationOf(lore, level));
  }
  return { calibrations, loads, decided };
}
