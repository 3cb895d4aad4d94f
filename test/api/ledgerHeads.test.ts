// GET /v1/ledger-heads: where the chain over each ledger stands, to be kept elsewhere.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { readHeads } from '../../src/post/keptHeads.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { smallSite } from '../support/sites.ts';
import { done, expectProblem, found, pages } from './doings.ts';
import { openService, type TestService } from './service.ts';

interface Head {
  readonly site: string;
  readonly journalOffset: number;
  readonly transactions: number;
  readonly hash: string;
}

const silent = createLog({ style: 'silent' });

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [smallSite(), smallSite('T2'), smallSite('T3')] });
});

const heads = async (query: Record<string, string | number> = {}): Promise<Head[]> =>
  done(await service.get('/v1/ledger-heads', query)).items as Head[];

describe('a head', () => {
  it('is there from the first transaction on, and goes on with each', async () => {
    expect(await heads()).toEqual([]);
    await found(service, 'NAILS', 7, 'A-01');
    const [first] = await heads();
    expect(first).toEqual({
      site: 'T1',
      journalOffset: expect.any(Number) as number,
      transactions: 1,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      recordedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
    await found(service, 'NAILS', 2, 'A-01');
    const [second] = await heads();
    expect(second).toMatchObject({ site: 'T1', transactions: 2 });
    expect(second!.journalOffset).toBeGreaterThan(first!.journalOffset);
    expect(second!.hash).not.toBe(first!.hash);
  });

  it('is of each site its own, and has a page to itself when there are many', async () => {
    await found(service, 'NAILS', 7, 'A-01', { site: 'T3' });
    const all = await heads();
    expect(all.map(({ site, transactions }) => `${site} ${transactions}`)).toEqual(['T1 2', 'T3 1']);
    expect(await heads({ site: 'T3' })).toEqual(all.slice(1));
    expect(await heads({ site: 'T2' })).toEqual([]);
    expect(await pages<Head>(service, '/v1/ledger-heads', { limit: 1 })).toEqual(all);
  });

  it('kept as it is given, is what verify finds', async () => {
    const given = await heads();
    const kept = readHeads('kept.ndjson', given.map((head) => JSON.stringify(head)).join('\n'));
    const { database } = service;
    expect(
      await verifySite(database.url, 'T1', openJournal(database.pool, silent), silent, kept.slice(0, 1)),
    ).toMatchObject({ head: { ...given[0]!, recordedAt: expect.any(String) as string }, differences: [] });
  });

  it('cannot be asked for from a cursor that is none, or of a site that is not there', async () => {
    expectProblem(await service.get('/v1/ledger-heads', { cursor: 'WzFd' }), 400, 'bad-cursor');
    expectProblem(await service.get('/v1/ledger-heads', { site: 'X' }), 404, 'unknown-site');
  });
});
