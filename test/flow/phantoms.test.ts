// An item that somebody took and no door saw: the zone says so by itself within days, a sweep makes it surer, an alert tells, a person
// who has looked takes it out of the books, and when it is heard again it comes back. And the same when the days are derived again.
import { beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/intake/journal.ts';
import { createLog } from '../../src/kit/log.ts';
import { verifySite } from '../../src/post/verifyLedger.ts';
import { done, expectProblem, HOUR_MS, iso, MINUTE_MS, say, seen } from '../api/doings.ts';
import { openService, type TestService } from '../api/service.ts';
import { alertsOf, look, only } from '../api/watching.ts';
import { epcOf, readEntries, SKU, smallSite, type ReadSpec } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';

const tags = [1, 2, 3, 4, 5, 6].map(epcOf);
const [lost, alsoLost] = [tags[0]!, tags[1]!];
const now = Date.now();
const BEGIN = now - 16 * 24 * HOUR_MS;
/** Hours from the beginning after which the two are not heard any more. */
const GONE_AFTER = 7 * 24;

let service: TestService;

/** Every hour each tag that is there answers twice, from one hour to another. */
async function hours(from: number, to: number, missing: readonly string[]): Promise<void> {
  const reads: ReadSpec[] = [];
  for (let hour = from; hour < to; hour++) {
    for (const [index, epc] of tags.entries()) {
      if (missing.includes(epc)) continue;
      for (const minute of [7 + index, 37 + index])
        for (const second of [0, 8])
          reads.push({ reader: 'over-a', epc, at: BEGIN + hour * HOUR_MS + minute * MINUTE_MS + second * 1000 });
    }
  }
  reads.sort((a, b) => a.at - b.at);
  for (let at = 0; at < reads.length; at += 400) {
    const some = reads.slice(at, at + 400);
    await service.deliver({ reads: readEntries(some) }, { sentAt: some.at(-1)!.at + 1000 });
  }
  await service.posted();
}

const phantoms = async (query: Record<string, string | number> = {}) =>
  done(await service.get('/v1/phantoms', { site: 'T1', ...query })).items as Record<string, unknown>[];
const rule = { rules: only('phantom') };

beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1')] });
});

describe('an item that went unseen', () => {
  it('is doubted, and what was concluded from is said in words and numbers', async () => {
    await hours(0, GONE_AFTER, []);
    expect(await phantoms()).toEqual([]);
    await hours(GONE_AFTER, GONE_AFTER + 96, [lost, alsoLost]);
    await eventually('the two are doubted', async () => (await phantoms()).length === 2);
    const items = await phantoms();
    for (const one of items) {
      expect(one).toMatchObject({ sku: SKU, location: 'A', zone: 'AISLE-A', state: 'open', end: null });
      expect(one.probability).toBeGreaterThan(0.3);
      expect(one.why).toMatch(
        /^Zone AISLE-A heard others in \d\d hours since .* UTC, and never this tag, which usually answers in \d+ of 10 such hours\.$/,
      );
    }
    expect(new Set(items.map(({ epc }) => epc))).toEqual(new Set([lost, alsoLost]));
    // Page by page it is the same, and what is asked for narrows it.
    const first = done(await service.get('/v1/phantoms', { site: 'T1', limit: 1 }));
    const second = done(await service.get('/v1/phantoms', { site: 'T1', limit: 1, cursor: first.next as string }));
    expect([...first.items, ...second.items]).toEqual(items);
    expect(await phantoms({ location: 'B' })).toEqual([]);
    expect(await phantoms({ location: 'A', probability: 0.3, sku: SKU })).toHaveLength(2);
    expectProblem(await service.get('/v1/phantoms', { cursor: 'x' }), 400, 'bad-cursor');
  });

  it('says where to look next, and a sweep that does not find it makes the alert a warning', async () => {
    const told = { rules: { ...only('phantom'), phantom: { on: true, probabilityMin: 0.3 } } };
    expect((await look(service, now - MINUTE_MS, told)).toSorted()).toEqual(
      [lost, alsoLost].map((epc) => `phantom ${epc} opened`).toSorted(),
    );
    expect((await alertsOf(service, { kind: 'phantom' })).map(({ severity }) => severity)).toEqual(['info', 'info']);
    const { checks } = done(await service.get('/v1/phantoms/checks', { site: 'T1' }));
    expect(checks).toMatchObject([
      { location: 'A', items: 2, shortPicks: 0, suggestion: expect.stringContaining('Sweep A') },
    ]);
    const at = iso(BEGIN + (GONE_AFTER + 96) * HOUR_MS);
    const { detail } = done(await service.post('/v1/sweeps', { site: 'T1', location: 'A', epcs: tags.slice(2), at }));
    expect(detail).toMatchObject({ found: 4, notFound: 2, elsewhere: [], unknown: [] });
    expect((await phantoms({ probability: 0.9 })).map(({ sweeps }) => sweeps)).toEqual([1, 1]);
    expect((await look(service, now, rule)).toSorted()).toEqual(
      [lost, alsoLost].map((epc) => `phantom ${epc} escalated`).toSorted(),
    );
    const [alert] = await alertsOf(service, { kind: 'phantom' });
    expect(alert).toMatchObject({
      severity: 'warning',
      message: expect.stringMatching(/is probably not at A, where the books have it \(90 % or more\)\.$/),
      suggestion: expect.stringMatching(/^Sweep A with a handheld reader/),
      evidence: { why: expect.stringContaining('A sweep of A did not find it.'), doubtedBeside: 1 },
      look: '/v1/phantoms?site=T1&location=A',
    });
    // Nothing has left the books.
    expect(done(await service.get(`/v1/items/${lost}`)).location).toBe('A');
  });

  it('would have been told earlier with another limit: a dry run says when', async () => {
    const period = { site: 'T1', from: iso(BEGIN), to: iso(now) };
    const dry = async (probabilityMin: number) =>
      done(
        await service.get('/v1/alert-rules/phantom/dry-run', {
          ...period,
          limits: JSON.stringify({ probabilityMin }),
        }),
      ) as { firings: { subject: string; from: string }[] };
    const [early, late] = [await dry(0.3), await dry(0.75)];
    expect(early.firings).toHaveLength(2);
    expect(late.firings).toHaveLength(2);
    expect(Date.parse(early.firings[0]!.from)).toBeLessThan(Date.parse(late.firings[0]!.from));
    expect(Date.parse(early.firings[0]!.from)).toBeGreaterThan(BEGIN + GONE_AFTER * HOUR_MS);
  });

  it('ends by itself when it is heard, and by a person who looked for it; the alerts end with it', async () => {
    const back = BEGIN + (GONE_AFTER + 98) * HOUR_MS;
    await say(service, `/v1/items/${lost}/check`, { site: 'T1', found: false, at: iso(back) });
    expect(done(await service.get(`/v1/items/${lost}`)).location).not.toBe('A');
    await hours(GONE_AFTER + 99, GONE_AFTER + 101, [lost]);
    await eventually('none is doubted', async () => (await phantoms()).length === 0);
    const closed = await phantoms({ state: 'closed' });
    expect(Object.fromEntries(closed.map(({ epc, end }) => [epc, end]))).toEqual({
      [lost]: 'missing',
      [alsoLost]: 'heard',
    });
    await look(service, now + MINUTE_MS, rule);
    await look(service, now + 10 * MINUTE_MS, rule);
    expect(await alertsOf(service, { kind: 'phantom' })).toEqual([]);
  });

  it('comes back into the books when it is read again after it was called missing', async () => {
    const reads = [0, 8, 30, 38].map((second) => ({
      reader: 'over-a',
      epc: lost,
      at: BEGIN + (GONE_AFTER + 104) * HOUR_MS + second * 1000,
    }));
    await seen(service, reads, { A: [lost] });
    expect(done(await service.get(`/v1/items/${lost}`))).toMatchObject({ location: 'A' });
  });

  it('is what the journal says', async () => {
    await service.posted();
    const log = createLog({ style: 'silent' });
    const { differences } = await verifySite(service.database.url, 'T1', openJournal(service.database.pool, log), log);
    expect(differences).toEqual([]);
  });

  it('is refused where it makes no sense', async () => {
    expectProblem(
      await service.post(`/v1/items/${epcOf(999)}/check`, { site: 'T1', found: true }),
      422,
      'unknown-item',
      /^epc: /,
    );
    expectProblem(
      await service.post('/v1/sweeps', { site: 'T1', location: 'NOWHERE', epcs: [] }),
      422,
      'unknown-location',
    );
    expectProblem(
      await service.post(`/v1/items/${lost}/check`, { site: 'T1', found: false, location: 'A' }),
      422,
      'contradiction',
    );
  });
});
