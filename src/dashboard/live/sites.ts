// Which sites there are, which one is looked at, and the live stream that belongs to it.
import { computed, effect, signal } from '@preact/signals';
import { asFault, get, type ApiFault } from '../api/client.ts';
import type { Page, Site } from '../api/types.ts';
import { go, route } from '../routing.ts';
import { recall, remember } from '../shared/memory.ts';
import { openStream, resync } from './stream.ts';

const RETRY_MS = 3000;

export const sites = signal<readonly Site[] | undefined>(undefined);
export const sitesFault = signal<ApiFault | undefined>(undefined);

/** The site that is looked at; undefined while none is known, or the address names one that does not exist. */
export const site = computed(() => sites.value?.find((known) => known.site === route.value.site));
/** Stays the same when the sites are loaded again, so that what hangs on it is not. */
export const siteId = computed(() => site.value?.site);
/** For times, everywhere on the page. */
export const timeZone = computed(() => site.value?.timeZone ?? 'UTC');

export function watchSites(): void {
  void loadSites();
  // A site file may have been loaded meanwhile.
  effect(() => {
    if (resync.value > 0) void loadSites();
  });
  // An address without a site means the one looked at last, or the first.
  effect(() => {
    const known = sites.value;
    if (known === undefined || known.length === 0 || route.value.site !== undefined) return;
    const last = known.find((one) => one.site === recall('site')) ?? known[0]!;
    go({ ...route.value, site: last.site }, 'replace');
  });
  effect(() => {
    const id = siteId.value;
    if (id === undefined) return;
    remember('site', id);
    return openStream(id);
  });
}

async function loadSites(): Promise<void> {
  try {
    const { items } = await get<Page<Site>>('/v1/sites');
    sites.value = items;
    sitesFault.value = undefined;
  } catch (error) {
    sitesFault.value = asFault(error);
  }
  if (sitesFault.value !== undefined || sites.value?.length === 0) setTimeout(() => void loadSites(), RETRY_MS);
}
