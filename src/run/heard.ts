// Who was heard when, and through which gateway: for the watch, which misses those that fell silent. What was heard before a
// site was taken over is known as far as the machines tell. Kept with the site as it is derived here: when it is given up, what
// was heard is forgotten, and when it comes back that begins anew.
import type { Clock } from '../kit/clock.ts';
import type { SiteFigures } from '../watch/finding.ts';
import type { EntriesRow, Row } from '../wire/row.ts';
import type { LiveSite, Sites } from './sites.ts';

interface Heard {
  gateway: string;
  heardAt: number;
}

interface HeardOfSite {
  readonly since: number;
  readonly devices: Map<string, Heard>;
}

/** Beyond so many devices of a site the newest are not watched: somebody makes them up. */
const DEVICES_MAX = 10_000;

export interface HeardDevices {
  /** Rows as they are derived. */
  readonly rows: (rows: readonly Row[]) => void;
  readonly figuresOf: (live: LiveSite) => SiteFigures;
}

export function openHeard(sites: Sites, clock: Clock): HeardDevices {
  const bySite = new WeakMap<LiveSite, HeardOfSite>();
  const heardOf = (live: LiveSite): HeardOfSite => {
    let heard = bySite.get(live);
    if (heard === undefined) bySite.set(live, (heard = { since: clock(), devices: new Map() }));
    return heard;
  };
  return {
    rows(rows) {
      for (const row of rows) {
        const live = sites.bySite.get(row.site);
        if (row.kind === 'entries' && live !== undefined) note(heardOf(live).devices, row);
      }
    },
    figuresOf(live) {
      const { since, devices } = heardOf(live);
      const { marks, clocks } = live.machine.clean;
      const latest = new Map<string, Heard>(devices);
      for (const [device, { heardAt }] of marks) {
        const known = devices.get(device);
        if (known === undefined || known.heardAt < heardAt)
          latest.set(device, { gateway: known?.gateway ?? '', heardAt });
      }
      return {
        site: live.site,
        since,
        devices: [...latest].map(([device, heard]) => ({ device, ...heard })),
        clocks: [...clocks].flatMap(([device, { offsetMs }]) => (offsetMs === 0 ? [] : [{ device, offsetMs }])),
      };
    },
  };
}

function note(devices: Map<string, Heard>, { gateway, receivedAt, entries }: EntriesRow): void {
  const heard = (device: string): void => {
    const known = devices.get(device);
    if (known !== undefined) {
      known.gateway = gateway;
      known.heardAt = receivedAt;
    } else if (devices.size < DEVICES_MAX) devices.set(device, { gateway, heardAt: receivedAt });
  };
  for (const { reader } of entries.reads.sources) heard(reader);
  for (const { reader } of entries.triggers) heard(reader);
  for (const { device } of entries.scans) heard(device);
  for (const { device } of entries.measures) heard(device);
}
