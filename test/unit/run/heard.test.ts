import { expect, it } from 'vitest';
import { openHeard } from '../../../src/run/heard.ts';
import { addSite, noSites, openSite, removeSite } from '../../../src/run/sites.ts';
import { EntriesBuilder } from '../../../src/wire/entries.ts';

/** A process that derives T1 from `takenAt` on. */
function deriving(takenAt: number) {
  let now = takenAt;
  const sites = noSites();
  const heard = openHeard(sites, () => now);
  const take = (at: number): void => {
    now = at;
    addSite(sites, openSite('T1'));
  };
  take(takenAt);
  const live = () => sites.bySite.get('T1')!;
  return {
    take,
    giveUp: () => removeSite(sites, 'T1'),
    /** A measure of a device, as a row that is derived. */
    measured: (device: string, receivedAt: number, site = 'T1'): void => {
      const builder = new EntriesBuilder();
      builder.measure({ device, name: 'temperature', value: 4, at: receivedAt });
      const entries = builder.build();
      heard.rows([{ kind: 'entries', site, offset: 1, receivedAt, gateway: 'gw-1', sentAt: undefined, entries }]);
    },
    /** The machines have it from a reader, here or where the site was derived before. */
    marked: (device: string, heardAt: number) => live().machine.clean.marks.set(device, { newest: heardAt, heardAt }),
    figures: () => heard.figuresOf(live()),
  };
}

it('of what was heard here, and what the machines know, the later counts', () => {
  const { measured, marked, figures } = deriving(1000);
  measured('door', 2000);
  marked('door', 1500);
  measured('over-a', 2000);
  marked('over-a', 3000);
  marked('over-b', 100);
  measured('elsewhere', 2000, 'T2');
  expect(figures()).toMatchObject({
    since: 1000,
    devices: [
      { device: 'door', gateway: 'gw-1', heardAt: 2000 },
      { device: 'over-a', gateway: 'gw-1', heardAt: 3000 },
      { device: 'over-b', gateway: '', heardAt: 100 },
    ],
  });
});

it('a site that comes back is listened to from then on, and nothing is left of what was heard before', () => {
  const { measured, take, giveUp, figures } = deriving(1000);
  measured('door', 2000);
  giveUp();
  measured('door', 3000);
  take(9000);
  expect(figures()).toMatchObject({ since: 9000, devices: [] });
});
