// What the portals of a site should begin with, learned from a recording: the machines decide it, and what each portal has learned by
// its end becomes its calibration. A second time with that as a light first belief they learn from loads that they doubted before.
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

/** Runs over the rows `passes` times; `rows` opens them again. Portals with less than `LOADS_LEAST` loads have no calibration. */
export async function learnFrom(plan: SitePlan, rows: () => Rows, passes: number): Promise<Lesson> {
  let lesson: Lesson | undefined;
  for (let pass = 0; pass < passes; pass++) {
    const begin = lesson && new Map([...lesson.calibrations].map(([id, one]) => [id, lightened(one)]));
    const decided = await decide(calibrated(plan, begin), rows());
    const loads = new Map<string, number>();
    const calibrations = new Map<string, Calibration>();
    for (const [id, { lore, level }] of decided.learned) {
      const own = lore.loads - (begin?.has(id) === true ? 1 : 0);
      loads.set(id, own);
      if (own >= LOADS_LEAST) calibrations.set(id, { ...calibrationOf(lore, level), loads: own });
    }
    lesson = { calibrations, loads, decided };
  }
  return lesson!;
}

/** Tags, and seconds of hearing, that a calibration is worth as a first belief: as little as what is believed of any door. */
const LIGHT_TAGS = 8;
const LIGHT_SECONDS = 4;

/** The same opinion, held as lightly as a first belief: what is then learned is not learned twice. */
function lightened(calibration: Calibration): Calibration {
  const { tagsByLoudnessDbm, heardForSeconds } = calibration;
  const tags = Object.values(tagsByLoudnessDbm).reduce((sum, one) => sum + one, 0);
  const scale = Math.min(1, LIGHT_TAGS / Math.max(1, tags));
  return {
    ...calibration,
    loads: 1,
    heardForSeconds: Math.min(LIGHT_SECONDS, heardForSeconds),
    tagsByLoudnessDbm: Object.fromEntries(Object.entries(tagsByLoudnessDbm).map(([dbm, one]) => [dbm, one * scale])),
  };
}
