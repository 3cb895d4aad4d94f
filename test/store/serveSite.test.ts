// What a site is to be consumed of is asked of Postgres; what has become of the site meanwhile decides whether it is.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Sessions } from '../../src/intake/externalBroker.ts';
import { createLog } from '../../src/kit/log.ts';
import { serveSite, type Serving } from '../../src/run/serveSite.ts';
import { addSite, noSites, openSite, removeSite, type LiveSite, type Sites } from '../../src/run/sites.ts';
import { openPool } from '../../src/store/database.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase } from '../support/database.ts';

let sites: Sites;
let live: LiveSite;
let served: string[];
let serve: (meanwhile: () => void) => Promise<void>;

beforeEach(async () => {
  const database = await openDatabase(closeAfterTest);
  const pool = openPool({ ...database.options, max: 1 });
  closeAfterTest(() => pool.end());
  sites = noSites();
  live = openSite('T1');
  addSite(sites, live);
  served = [];
  const sessions = { serve: (site: string) => Promise.resolve(void served.push(site)) } as unknown as Sessions;
  serve = (meanwhile) => {
    const retry: Serving['retry'] = async (work) => {
      const result = await work();
      meanwhile();
      return result;
    };
    return serveSite('T1', sessions, { sites, pool, retry, log: createLog({ style: 'silent' }) });
  };
});

describe('a site', () => {
  it('that is ours is consumed', async () => {
    await serve(() => {});
    expect(served).toEqual(['T1']);
  });

  it('that is given back, or lost, while its topics are looked up is not', async () => {
    await serve(() => (live.isLeaving = true));
    await serve(() => removeSite(sites, 'T1'));
    expect(served).toEqual([]);
  });
});
