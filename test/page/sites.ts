// The sites that the page is looked at with: one that decides as usual, one where a person decides everything, and one
// whose door nobody drives through but the tests of the overview, which look at that door and at the last few lines.
import type { SiteFile } from '../../src/config/site.ts';
import { smallSite } from '../support/sites.ts';
import { twoDoors } from '../support/twoDoors.ts';

export const MAIN_SITE: SiteFile = smallSite('T1', {
  name: 'First test site',
  alerts: {
    levels: [
      { sku: 'BOLTS', minimum: 10, target: 40 },
      { sku: 'NAILS', location: 'A', minimum: 5 },
    ],
  },
});

/** No probability reaches 1, so every crossing waits for a person. */
export const ASKING_SITE: SiteFile = smallSite('T2', {
  name: 'Site that asks',
  timeZone: 'America/New_York',
  rules: { portal: { postAt: 1 } },
});

export const QUIET_SITE: SiteFile = smallSite('T3', { name: 'Quiet site' });

/** A truck stands at its door all the time: what anybody drove through would be counted on its documents. */
export const INBOUND_SITE: SiteFile = smallSite('T4', {
  name: 'Site that receives',
  rules: { directed: true },
  packing: {
    companyPrefix: '0614141',
    cartons: [
      { id: 'SMALL', length: 200, width: 150, height: 100, tare: 90 },
      { id: 'LARGE', length: 400, width: 300, height: 250, tare: 350, weightMax: 20_000 },
    ],
  },
});

/** Where people practise. */
export const TRAINING_SITE: SiteFile = smallSite('T9', { name: 'Site to practise in', training: true });

/** Two doors, each with a load. */
export const LOADING_SITE: SiteFile = twoDoors('T5', { name: 'Site that loads', rules: { orders: true } });
