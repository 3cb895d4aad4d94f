// The table of contents: every kind of alert, by family. A new kind is one entry in src/config/alertKinds.ts (what may be
// configured of it) and one in a family here (what makes it true and what it says).
import type { Kinds } from '../finding.ts';
import { carrierKinds } from './carriers.ts';
import { countKinds } from './counts.ts';
import { deviceKinds } from './devices.ts';
import { discrepancyKinds } from './discrepancies.ts';
import { doubtKinds } from './doubts.ts';
import { expiryKinds } from './expiry.ts';
import { floorKinds } from './floor.ts';
import { gatewayKinds } from './gateways.ts';
import { installationKinds } from './installation.ts';
import { sensorKinds } from './sensors.ts';
import { serviceKinds } from './service.ts';
import { stockKinds } from './stock.ts';
import { supplyKinds } from './supply.ts';
import { truckKinds } from './trucks.ts';

export const KINDS: Kinds = {
  ...discrepancyKinds, // the books and the building differ
  ...doubtKinds, // in the books, and probably not there
  ...stockKinds, // too little, nothing, too much elsewhere
  ...supplyKinds, // will be out before more can be here
  ...expiryKinds, // soon past its day
  ...countKinds, // not counted for too long
  ...floorKinds, // lies too long, waits too long
  ...carrierKinds, // to be handed over, and is here still
  ...truckKinds, // was to be at a door, and is not
  ...deviceKinds, // readers and their clocks
  ...installationKinds, // antennas: dead, deaf, swapped
  ...gatewayKinds, // away, behind, missing
  ...sensorKinds, // too warm, too hot
  ...serviceKinds, // the service itself
};
