// The sites that this process derives: the machines of each, and how far they have come.
import { openMachine, type SiteMachine } from '../derive.ts';
import { planSite, type SitePlan } from '../config/plan.ts';
import { routesOf, type Routes } from '../intake/decode.ts';

export interface LiveSite {
  readonly site: string;
  machine: SiteMachine;
  /** The row that is handed on next to be derived; those before it may wait for that still. */
  nextOffset: number;
  /** It is being given back: no more ticks, and nothing more is consumed of it. */
  isLeaving?: boolean;
  /** Everything up to here is in the ledger: effects of earlier rows were posted before. */
  postedTo: number;
}

export interface Sites {
  readonly bySite: Map<string, LiveSite>;
  /** What decoding knows of them; made anew when a site file takes effect. */
  routes: Routes;
  /** The same, of each alone. */
  readonly routesOfSite: Map<string, Routes>;
}

export const noSites = (): Sites => ({ bySite: new Map(), routes: routesOf([]), routesOfSite: new Map() });

export const openSite = (site: string): LiveSite => ({
  site,
  machine: openMachine(planSite({ file: { site } })),
  nextOffset: 1,
  postedTo: 0,
});

/** Gives a site up. */
export function removeSite(sites: Sites, site: string): void {
  sites.bySite.delete(site);
  refreshRoutes(sites);
}

/** Adds a site that has been recovered. */
export function addSite(sites: Sites, live: LiveSite): void {
  sites.bySite.set(live.site, live);
  refreshRoutes(sites);
}

/** After a site file took effect. */
export function refreshRoutes(sites: Sites): void {
  sites.routes = routesOf([...sites.bySite.values()].map((live) => planOf(live)));
  sites.routesOfSite.clear();
}

/** What decoding knows of one site, or of all: a session at an external broker is one site's and speaks of nothing else. */
export function routesFor(sites: Sites, site: string | undefined): Routes {
  if (site === undefined) return sites.routes;
  const known = sites.routesOfSite.get(site);
  if (known !== undefined) return known;
  const live = sites.bySite.get(site);
  const routes = routesOf(live === undefined ? [] : [planOf(live)]);
  sites.routesOfSite.set(site, routes);
  return routes;
}

export const planOf = (live: LiveSite): SitePlan => live.machine.infer.plan;

/** How much there is of it, to be counted. */
export const sizesOf = (live: LiveSite) => ({
  site: live.site,
  lagRows: live.nextOffset - 1 - live.postedTo,
  openSightings: live.machine.infer.areas.reduce((sum, area) => sum + area.fold.active.size, 0),
  items: live.machine.infer.book.items.size,
  tags: live.machine.clean.tags.epcs.length,
});
