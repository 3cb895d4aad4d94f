// The sites that this process derives: the machines of each, and how far they have come.
import { openMachine, type SiteMachine } from '../derive.ts';
import { planSite, type SitePlan } from '../config/plan.ts';
import { routesOf, type Routes } from '../intake/decode.ts';

export interface LiveSite {
  readonly site: string;
  machine: SiteMachine;
  /** The row that comes next. */
  nextOffset: number;
  /** Everything up to here is in the ledger: effects of earlier rows were posted before. */
  postedTo: number;
}

export interface Sites {
  readonly bySite: Map<string, LiveSite>;
  /** What decoding knows of them; made anew when a site file takes effect. */
  routes: Routes;
}

export const noSites = (): Sites => ({ bySite: new Map(), routes: routesOf([]) });

export const openSite = (site: string): LiveSite => ({
  site,
  machine: openMachine(planSite({ file: { site } })),
  nextOffset: 1,
  postedTo: 0,
});

/** Adds a site that has been recovered. */
export function addSite(sites: Sites, live: LiveSite): void {
  sites.bySite.set(live.site, live);
  refreshRoutes(sites);
}

/** After a site file took effect. */
export function refreshRoutes(sites: Sites): void {
  sites.routes = routesOf([...sites.bySite.values()].map((live) => planOf(live)));
}

export const planOf = (live: LiveSite): SitePlan => live.machine.infer.plan;
