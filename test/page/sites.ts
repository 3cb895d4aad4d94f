// The sites that the page is looked at with: one that decides as usual, and one where a person decides everything.
import type { SiteFile } from '../../src/config/site.ts';
import { smallSite } from '../support/sites.ts';

export const MAIN_SITE: SiteFile = smallSite('T1', { name: 'First test site' });

/** No probability reaches 1, so every crossing waits for a person. */
export const ASKING_SITE: SiteFile = smallSite('T2', {
  name: 'Site that asks',
  timeZone: 'America/New_York',
  rules: { portal: { postAt: 1 } },
});
