// GET /v1/labels: what people said of passages, and what the reads had said of them; as lines it is a truth to calibrate by.
import { beforeAll, describe, expect, it } from 'vitest';
import { readTruth } from '../../src/calibrate/truth.ts';
import { planSite } from '../../src/config/plan.ts';
import type { LabelJson } from '../../src/wire/label.ts';
import type { PassageJson } from '../../src/wire/movement.ts';
import { crossing, epcOf, readEntries, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, HOUR_MS, iso, pages, say, SECOND_MS, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';

let service: TestService;
const at = Math.floor(Date.now() / 1000) * 1000 - 3 * HOUR_MS;
const sure = [1, 2, 3].map(epcOf);
/** T2 asks a person of everything. */
const asked = [21, 22, 23].map(epcOf);
let before: readonly PassageJson[];

beforeAll(async () => {
  service = await openService({ sites: [smallSite(), smallSite('T2', { rules: { portal: { postAt: 1 } } })] });
  await seen(service, crossing(sure, 'in', at), { DOCK: sure });
  await service.deliver({ reads: readEntries(crossing(asked, 'in', at)) }, { site: 'T2', sentAt: at + 60 * SECOND_MS });
  await eventually('three wait', async () => (await passages({ outcome: 'undecided' })).length === 3);
  before = await passages({ outcome: 'undecided' });
  await decide(asked[0]!, 'in', 'on camera');
  await decide(asked[1]!, 'out');
  await decide(asked[1]!, 'turned_back', 'looked again');
  const [decided] = await passages({ site: 'T1', epc: sure[0]! });
  await say(service, `/v1/passages/${decided!.id}/decision`, { outcome: 'stayed' }, { 'x-operator': 'op-4' });
});

const passages = async (query: Record<string, string>): Promise<PassageJson[]> =>
  done(await service.get('/v1/passages', query)).items as PassageJson[];
const labels = async (query: Record<string, string> = {}): Promise<LabelJson[]> =>
  done(await service.get('/v1/labels', query)).items as LabelJson[];
async function decide(epc: string, outcome: string, reason?: string): Promise<void> {
  const [passage] = await passages({ epc });
  await say(service, `/v1/passages/${passage!.id}/decision`, { outcome, reason }, { 'x-operator': 'op-3' });
}

describe('labels', () => {
  it('tell what a person said, who and when, and what the reads had said', async () => {
    const label = (await labels({ site: 'T2' })).find(({ epc }) => epc === asked[0]);
    const passage = before.find(({ epc }) => epc === asked[0])!;
    expect(label).toEqual({
      passage: passage.id,
      site: 'T2',
      readPoint: 'DOOR',
      epc: asked[0],
      outcome: 'in',
      said: { outcome: 'undecided', leading: 'in', probability: passage.probability },
      by: 'op-3',
      at: expect.any(String) as string,
      reason: 'on camera',
      firstAt: passage.firstAt,
      lastAt: passage.lastAt,
      crossedAt: passage.crossedAt,
    });
    expect(Date.parse(label!.at)).toBeGreaterThan(Date.now() - HOUR_MS);
  });

  it('hold the last word of a person, and the reads’ own beside it, not the word before', async () => {
    const own = (await labels()).filter(({ epc }) => epc === asked[1]);
    expect(own).toMatchObject([
      { outcome: 'turned_back', reason: 'looked again', said: { outcome: 'undecided', leading: 'in' } },
    ]);
  });

  it('are also of passages that were decided, and decided wrongly', async () => {
    expect(await labels({ site: 'T1' })).toMatchObject([
      { epc: sure[0], outcome: 'stayed', by: 'op-4', said: { outcome: 'in', leading: 'in' } },
    ]);
  });

  it('are found by site, read point and time, in pages', async () => {
    expect(await labels({ site: 'T2', readPoint: 'AISLE-A' })).toEqual([]);
    expect(await labels({ from: iso(at + HOUR_MS) })).toEqual([]);
    expect(await labels({ from: iso(at - HOUR_MS), to: iso(at + HOUR_MS) })).toHaveLength(3);
    expect(await pages(service, '/v1/labels', { limit: 1 })).toEqual(await labels());
    expectProblem(await service.get('/v1/labels', { site: 'T9' }), 404, 'unknown-site');
    expectProblem(await service.get('/v1/labels.ndjson', { from: 'yesterday' }), 400, 'bad-request', /from/);
  });

  it('come as lines, the same', async () => {
    const { status, type, body } = await service.get('/v1/labels.ndjson');
    expect([status, type]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
    const lines = (body as string).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(await labels());
    expect((await service.get('/v1/labels.ndjson', { readPoint: 'AISLE-A' })).body).toBe('');
  });

  it('are, as lines, a truth that `calibrate` takes', async () => {
    const { body } = await service.get('/v1/labels.ndjson', { site: 'T2' });
    const truth = await readTruth(planSite({ file: smallSite('T2') }), 'labels', (body as string).split('\n'));
    const own = await labels({ site: 'T2' });
    expect(truth).toMatchObject({
      kind: 'labels',
      labels: own.map(({ passage, outcome, said }) => ({
        passage,
        outcome,
        said,
        firstAt: expect.any(Number) as number,
      })),
    });
  });

  it('are passages that a person decided; the others the reads did', async () => {
    const byPerson = await passages({ decidedBy: 'person' });
    expect(byPerson.map(({ id }) => id)).toEqual((await labels()).map(({ passage }) => passage));
    expect(new Set(byPerson.map(({ decidedBy }) => decidedBy))).toEqual(new Set(['op-3', 'op-4']));
    const byReads = await passages({ decidedBy: 'reads' });
    expect(new Set(byReads.map(({ epc }) => epc))).toEqual(new Set([sure[1], sure[2], asked[2]]));
    expectProblem(await service.get('/v1/passages', { decidedBy: 'op-3' }), 400, 'bad-request', /decidedBy/);
  });
});
