// A site file that is loaded while running: everything open has been closed, areas and zones begin anew, and what portals have
// learned stays.
import { isDeepStrictEqual } from 'node:util';
import type { SitePlan } from '../config/plan.ts';
import { contentId } from '../kit/ids.ts';
import { openArea } from './area.ts';
import { replanDoubts } from './doubt/doubts.ts';
import type { AreaState } from './fold.ts';
import type { InferState } from './infer.ts';
import { replan, type InstallationChange } from './installation/installation.ts';
import { lastChangeOf, skuOfTag, type Claim } from './item.ts';
import { rebasePassages } from './passages.ts';
import type { Lore } from './radio/learn.ts';
import { openZones } from './zones.ts';

/** Claims of items that have another SKU by it follow. */
export function loadPlan(state: InferState, plan: SitePlan, now: number, installed: InstallationChange): Claim[] {
  rebasePassages(state.passages, state.plan, plan);
  const lores = loresOf(state.areas, plan);
  state.plan = plan;
  state.areas = plan.areas.map((area) => openArea(area, plan, (portal) => lores.get(portal), state.lookups));
  state.settledTo = plan.areas.map(() => Number.NEGATIVE_INFINITY);
  // What zones believed of each tag is gone, in the next snapshot too.
  const known = state.zones.tags.keys();
  const { hours } = state.zones;
  state.zones = { ...openZones(), hours };
  for (const tag of known) state.zones.dirty.add(tag);
  state.again.clear();
  replanDoubts(state.doubts, state.zones);
  replan(state.installation, plan, now, installed);
  return identifyByRules(state, now);
}

/**
 * What portals have learned, by id: a new file changes neither their air nor their tags. One of which it says something else than
 * the old one did was calibrated, and begins with that.
 */
function loresOf(areas: readonly AreaState[], next: SitePlan): Map<string, Lore> {
  const calibrations = new Map(next.readPoints.map((point) => [point.id, 'calibration' in point && point.calibration]));
  return new Map(
    areas.flatMap(({ plan, fold }) =>
      plan.portals.flatMap(({ id, calibration }, index) =>
        isDeepStrictEqual(calibrations.get(id) || undefined, calibration)
          ? [[id, fold.portals[index]!.lore] as const]
          : [],
      ),
    ),
  );
}

/** Items that had no SKU may have one by the new rules. */
function identifyByRules(state: InferState, now: number): Claim[] {
  const claims: Claim[] = [];
  for (const item of state.book.items.values()) {
    if (item.state.sku !== undefined || item.kind === 'container') continue;
    const sku = skuOfTag(state.plan, state.book.packOf, item.epc);
    if (sku === undefined) continue;
    claims.push({
      id: contentId('rule', state.plan.site, item.epc, sku),
      epc: item.epc,
      at: Math.max(now, lastChangeOf(item)),
      what: { kind: 'identify', sku, lot: '', owner: '' },
      source: 'person',
      confidence: 1,
      readPoint: undefined,
      decision: undefined,
      actor: 'site rules',
      reason: 'a rule of the site file maps this tag',
    });
  }
  return claims;
}
