// Giving a site back, step by step: what is still to be posted is waited for, what was lost meanwhile is not.
import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/kit/log.ts';
import type { Writer } from '../../../src/post/writer.ts';
import { giveBackSite, type GivingBack } from '../../../src/run/giveBack.ts';
import { addSite, noSites, openSite, removeSite } from '../../../src/run/sites.ts';
import { inTime } from '../../support/wait.ts';

/** One site with ten rows derived and none of them posted; the steps that were taken. */
function scene(meanwhile: (sites: GivingBack['sites']) => void) {
  const sites = noSites();
  addSite(sites, { ...openSite('T1'), nextOffset: 11 });
  const steps: string[] = [];
  const step = (name: string) => (site: string) => Promise.resolve(void steps.push(`${name} ${site}`));
  const options: GivingBack = {
    sites,
    writer: { release: step('release') } as Pick<Writer, 'release'> as Writer,
    leave: async (site) => {
      await step('leave')(site);
      setTimeout(() => meanwhile(sites), 50);
    },
    snapshot: step('snapshot'),
    left: (site) => steps.push(`left ${site}`),
    log: createLog({ style: 'silent' }),
  };
  return { steps, sites, giveBack: () => giveBackSite('T1', options) };
}

describe('a site that is given back', () => {
  it('is consumed no more, posted to its end, kept in a snapshot, and then free', async () => {
    const { steps, sites, giveBack } = scene(({ bySite }) => (bySite.get('T1')!.postedTo = 10));
    await giveBack();
    expect(steps).toEqual(['leave T1', 'snapshot T1', 'left T1', 'release T1']);
    expect(sites.bySite.size).toBe(0);
  });

  it('and lost meanwhile is another one’s: nothing is waited for, kept or freed', async () => {
    const { steps, giveBack } = scene((sites) => removeSite(sites, 'T1'));
    await inTime('it is over', giveBack(), 2000);
    expect(steps).toEqual(['leave T1']);
  });
});
