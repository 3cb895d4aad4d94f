// Who was heard when, and through which gateway: for the watch, which misses those that fell silent. What was heard before the
// start is known as far as the snapshot of the machines tells.
import type { SiteFigures } from '../watch/finding.ts';
import type { EntriesRow, Row } from '../wire/row.ts';
import type { LiveSite } from './sites.ts';

interface Heard {
  gateway: string;
  heardAt: number;
}

/** Beyond so many devices of a site the newest are not watched: somebody makes them up. */
const DEVICES_MAX = 10_000;

export interface HeardDevices {
  /** Rows as they are derived. */
  readonly rows: (rows: readonly Row[]) => void;
  readonly figuresOf: (live: LiveSite) => SiteFigures;
}

export function openHeard(startedAt: number): HeardDevices {
  const bySite = new Map<string, Map<string, Heard>>();
  return {
    rows(rows) {
      for (const row of rows) {
        if (row.kind !== 'entries') continue;
        let devices = bySite.get(row.site);
        if (devices === undefined) bySite.set(row.site, (devices = new Map()));
        note(devices, row);
      }
    },
    figuresOf({ site, machine: { clean } }) {
      const devices = new Map<string, Heard>(bySite.get(site));
      for (const [device, { heardAt }] of clean.marks)
        if (!devices.has(device)) devices.set(device, { gateway: '', heardAt });
      return {
        site,
        since: startedAt,
        devices: [...devices].map(([device, heard]) => ({ device, ...heard })),
        clocks: [...clean.clocks].flatMap(([device, { offsetMs }]) => (offsetMs === 0 ? [] : [{ device, offsetMs }])),
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
