// Presences that zones found, as claims about items, with the reads that spoke for them. Pure.
import type { CleanState } from '../clean/clean.ts';
import { isWithin, type SitePlan } from '../config/plan.ts';
import { contentId } from '../kit/ids.ts';
import { EntriesBuilder } from '../wire/entries.ts';
import type { EffectsDraft } from './effects.ts';
import type { Claim } from './item.ts';
import { logistic } from './signal.ts';
import type { WorkRequest } from './planner.ts';
import { countsIn } from './tallies.ts';
import type { Presence, ZoneState } from './zones.ts';

/** The same for the same tag, place and time, however often it is found. */
export const presenceId = (plan: SitePlan, epc: string, { place, at }: Presence): string =>
  contentId('presence', plan.site, plan.readPoints[place]!.id, epc, at);

/** What a presence claims; adds its evidence to the draft. */
export function claimOf(plan: SitePlan, epc: string, presence: Presence, draft: EffectsDraft): Claim {
  const place = plan.readPoints[presence.place]!;
  const id = presenceId(plan, epc, presence);
  const reads = new EntriesBuilder();
  for (const count of presence.counts) {
    const antenna = plan.antennas[count.bestAntenna]!;
    reads.read(
      antenna.reader,
      antenna.antenna,
      epc,
      Number.isFinite(count.bestDbm) ? count.bestDbm : undefined,
      count.firstAt,
      count.reads,
    );
  }
  draft.evidence.push({
    id,
    revision: 1,
    kind: 'presence',
    scores: { logOdds: presence.logOdds },
    reads: reads.build(),
  });
  return {
    id,
    epc,
    at: presence.at,
    what: { kind: 'presence', to: place.kind === 'portal' ? place.inside : place.location },
    source: 'read',
    confidence: logistic(presence.logOdds),
    readPoint: place.id,
    decision: { id, revision: 1 },
    actor: undefined,
    reason: undefined,
  };
}

/** See `WorkRequest.heardBins`. */
export const heardBinsOf =
  (
    { zones, plan }: { readonly zones: ZoneState; readonly plan: SitePlan },
    { tags }: CleanState,
  ): WorkRequest['heardBins'] =>
  (epc, location, from, to) => {
    const tag = tags.byEpc.get(epc);
    if (tag === undefined || tag < 0) return 0;
    const { binMs } = plan.rules.zone;
    const first = Math.floor(from / binMs);
    const end = Math.ceil(to / binMs);
    const covering = new Set(
      plan.places.filter((place) => isWithin(plan, location, place.location)).map(({ index }) => index),
    );
    const bins = countsIn(zones.tallies, tag, first - 1, end - 1, binMs)
      .filter(({ place }) => covering.has(place))
      .map(({ bin }) => bin);
    return new Set(bins).size;
  };
