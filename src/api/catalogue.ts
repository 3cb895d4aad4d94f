// The sites as the API knows them: their last configuration, looked for again when it may have changed, and read and
// compiled again only when it has.
import { isWithin, planSite, type SitePlan, type SiteSource } from '../config/plan.ts';
import type { Pool } from '../store/database.ts';
import { ApiFault } from './problem.ts';

export interface SiteCatalogue {
  readonly all: () => Promise<readonly SitePlan[]>;
  /** Throws `unknown-site`. */
  readonly one: (site: string) => Promise<SitePlan>;
  /** The site when one is asked for, else all but those where people practise. Throws `unknown-site`. */
  readonly asked: (site: string | undefined) => Promise<readonly SitePlan[]>;
  /** Do people practise there, as far as is known by now? */
  readonly isTraining: (site: string) => boolean;
  /** Was this ever a location of the site? Stock and history stay where they were when a site file drops it. */
  readonly everHad: (site: string, location: string) => boolean;
  /** Called when effects were posted that may hold a new configuration. */
  readonly stale: () => void;
}

const FRESH_MS = 2000;

interface Known {
  readonly offset: number;
  readonly plan: SitePlan;
  readonly locations: ReadonlySet<string>;
}

export function openCatalogue(pool: Pool): SiteCatalogue {
  let readAt = Number.NEGATIVE_INFINITY;
  let isStale = true;
  let known: ReadonlyMap<string, Known> = new Map();
  let reading: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    isStale = false;
    const { rows } = await pool.query<{ site: string; journal_offset: number }>({
      name: 'catalogue',
      text: 'select site, max(journal_offset) as journal_offset from configuration group by site order by site',
    });
    const found = new Map<string, Known>();
    for (const { site, journal_offset: offset } of rows) {
      const before = known.get(site);
      found.set(site, before?.offset === offset ? before : await readSite(pool, site, offset));
    }
    known = found;
    readAt = performance.now();
  };
  const isOld = (): boolean => isStale || performance.now() - readAt > FRESH_MS;
  const all = async (): Promise<readonly SitePlan[]> => {
    // The look that is under way may have begun before what made it stale; the next one has not.
    for (let looks = 0; looks < 2 && isOld(); looks++) {
      reading ??= look().finally(() => (reading = undefined));
      await reading;
    }
    return [...known.values()].map(({ plan }) => plan);
  };
  const one = async (site: string): Promise<SitePlan> => {
    await all();
    const plan = known.get(site)?.plan;
    if (plan === undefined)
      throw new ApiFault(404, 'unknown-site', `There is no site ${site}; GET /v1/sites lists those that were loaded.`);
    return plan;
  };
  return {
    all,
    one,
    asked: async (site) =>
      site === undefined ? (await all()).filter(({ isTraining }) => !isTraining) : [await one(site)],
    isTraining: (site) => known.get(site)?.plan.isTraining === true,
    everHad: (site, location) => known.get(site)?.locations.has(location) === true,
    stale: () => (isStale = true),
  };
}

async function readSite(pool: Pool, site: string, offset: number): Promise<Known> {
  const { rows } = await pool.query<{ source: SiteSource; locations: string[] }>(
    `select source, array(select distinct location ->> 'id' from configuration c, jsonb_array_elements(c.source -> 'file' -> 'locations') location
                          where c.site = $1) as locations
     from configuration where site = $1 and journal_offset = $2`,
    [site, offset],
  );
  const { source, locations } = rows[0]!;
  return { offset, plan: planSite(source), locations: new Set(locations) };
}

/** A place in a site: ids of locations are unique within their site only. */
export interface Place {
  readonly site: string;
  readonly location: string;
}

/**
 * The location, and everything inside it, in each site that has it. Where no site has it now it stands for itself: `world`,
 * or a location that a site once had.
 */
export function placesOf(plans: readonly SitePlan[], location: string): readonly Place[] {
  const places = plans.flatMap((plan) =>
    [...plan.locations.keys()]
      .filter((id) => isWithin(plan, id, location))
      .map((id) => ({ site: plan.site, location: id })),
  );
  return places.length > 0 ? places : plans.map(({ site }) => ({ site, location }));
}
