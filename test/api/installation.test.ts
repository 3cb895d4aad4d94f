// GET /v1/installation and /v1/findings: what is wrong with antennas and readers, and how much doors hear of each other, from reads
// that came through the whole service.
import { beforeAll, describe, expect, it } from 'vitest';
import { INSTALLATION_CASES } from '../../simulators/score/installations.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, iso, pages } from './doings.ts';
import { openService, type TestService } from './service.ts';
import { listenTo } from './sse.ts';
import { alertsOf, look, only } from './watching.ts';

const { plan, reads } = INSTALLATION_CASES.find(({ name }) => name === 'dead antenna')!.traffic(1);
const READS_AN_ENVELOPE = 400;

let service: TestService;
let base: string;

beforeAll(async () => {
  service = await openService({ sites: [plan.source.file, smallSite()] });
  base = await service.listen();
});

/** Long ago, and then one read that says that time has gone on. */
async function deliverAll(): Promise<void> {
  const last = reads.at(-1)!;
  const later = { ...last, seenAt: last.seenAt + 3_600_000, reportedAt: last.reportedAt + 3_600_000 };
  const all = [...reads, later];
  for (let at = 0; at < all.length; at += READS_AN_ENVELOPE) {
    const some = all.slice(at, at + READS_AN_ENVELOPE);
    await service.deliver(
      {
        reads: some.map(({ reader, antenna, epc, rssiDbm, seenAt }) => ({
          reader,
          antenna,
          epc,
          rssiDbm,
          seenAt: iso(seenAt),
        })),
      },
      { site: plan.site, sentAt: some.at(-1)!.reportedAt + 100 },
    );
  }
}

interface Door {
  readonly readPoint: string;
  readonly lastWeek: Readonly<Record<string, number | null>>;
}

describe('the installation of a site', () => {
  it('is told: what was found, how sure, what to do; live, in the list, and with the counts of its doors', async () => {
    const stream = await listenTo(`${base}/v1/live?site=${plan.site}&types=finding`);
    closeAfterTest(() => stream.hangUp());
    await eventually('the stream says where it begins', () => stream.lastId() !== '');
    await deliverAll();
    await eventually('a finding is told', () => stream.of('finding').length > 0);
    const findings = done(await service.get('/v1/findings', { site: plan.site })).items as object[];
    expect(findings).toEqual([
      expect.objectContaining({
        site: plan.site,
        kind: 'antenna-dead',
        severity: 'critical',
        state: 'open',
        readPoint: 'DOOR-1',
        reader: 'door-1',
        antenna: 2,
        other: null,
        closedAt: null,
        evidence: expect.objectContaining({ reads: 0 }) as object,
        seen: expect.stringContaining('Antenna 2 of door-1') as string,
        advice: expect.stringContaining('Check the cable') as string,
      }),
    ]);
    expect(stream.of('finding').map(({ data }) => data as object)).toEqual(findings);
    const [installation] = done(await service.get('/v1/installation', { site: plan.site })).items as {
      site: string;
      findings: object[];
      doors: Door[];
    }[];
    expect(installation).toMatchObject({ site: plan.site, findings });
    const [door] = installation!.doors;
    expect(door).toMatchObject({
      readPoint: 'DOOR-1',
      lastWeek: { otherTags: 0, strayTagShare: 0, strayReadShare: 0 },
    });
    const { passages, crossed, tags, reads: heard } = door!.lastWeek;
    expect(passages).toBeGreaterThan(0);
    expect(crossed).toBeGreaterThan(0);
    expect(tags).toBeGreaterThanOrEqual(crossed!);
    expect(heard).toBeGreaterThan(tags!);
    expect(await service.api.app.inject('/openapi.json')).toMatchObject({ statusCode: 200 });
  }, 120_000);

  it('is an alert for as long as the finding is open, with the same words', async () => {
    const [finding] = done(await service.get('/v1/findings', { site: plan.site })).items as Record<string, unknown>[];
    const rules = only('installation');
    await look(service, Date.now(), { rules });
    expect(await alertsOf(service)).toMatchObject([
      {
        site: plan.site,
        kind: 'installation',
        severity: 'critical',
        subject: 'antenna-dead@DOOR-1 door-1 2',
        message: finding!.seen,
        suggestion: finding!.advice,
        confidence: finding!.certainty,
      },
    ]);
    const surer = { ...rules, installation: { on: true, certaintyMin: 1, clearAfterMs: 0 } };
    await look(service, Date.now() + 1000, { rules: surer });
    expect(await alertsOf(service)).toEqual([]);
    const dry = done(
      await service.get('/v1/alert-rules/installation/dry-run', {
        site: plan.site,
        from: iso(reads[0]!.seenAt),
        to: iso(reads.at(-1)!.seenAt + 3_600_000),
      }),
    );
    expect(dry).toMatchObject({ alerts: 1, firings: [{ message: finding!.seen }] });
  });

  it('is empty where nothing was heard, site by site and page by page', async () => {
    const [installation] = done(await service.get('/v1/installation', { site: 'T1' })).items as object[];
    const none = { tags: 0, reads: 0, otherTags: 0, otherReads: 0, passages: 0, crossed: 0, stray: 0 };
    const span = { ...none, strayTagShare: null, strayReadShare: null };
    expect(installation).toEqual({
      site: 'T1',
      findings: [],
      doors: [{ readPoint: 'DOOR', lastHour: span, lastDay: span, lastWeek: span }],
    });
    const all = await pages<{ site: string }>(service, '/v1/installation', { limit: 1 });
    expect(all.map(({ site }) => site)).toEqual([plan.site, 'T1']);
  });

  it('is asked by kind, state and read point', async () => {
    const of = async (query: Record<string, string>): Promise<number> =>
      (done(await service.get('/v1/findings', query)).items as object[]).length;
    expect(await of({ kind: 'antenna-dead' })).toBe(1);
    expect(await of({ kind: 'zones-alike' })).toBe(0);
    expect(await of({ state: 'closed' })).toBe(0);
    expect(await of({ state: 'all', readPoint: 'DOOR-1' })).toBe(1);
    expect(await of({ readPoint: 'DOOR-2' })).toBe(0);
    expectProblem(await service.get('/v1/findings', { kind: 'nonsense' }), 400, 'bad-request');
    expectProblem(await service.get('/v1/installation', { site: 'NOWHERE' }), 404, 'unknown-site');
  });
});
