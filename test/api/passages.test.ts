// GET /v1/passages and the review queue: what each portal saw, why it was decided so, and a person who decides the rest.
import { beforeAll, describe, expect, it } from 'vitest';
import type { MovementJson, PassageJson } from '../../src/wire/movement.ts';
import type { WhyJson } from '../../src/wire/why.ts';
import { crossing, epcOf, readEntries, SKU, smallSite, type ReadSpec } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, found, HOUR_MS, iso, MINUTE_MS, pages, say, seen } from './doings.ts';
import { openService, type TestService } from './service.ts';

let service: TestService;
const at = Math.floor(Date.now() / 1000) * 1000 - 3 * HOUR_MS;
const sure = [1, 2, 3].map(epcOf);
/** Heard three times, which says little; and T2 wants to be very sure. */
const unsure = [21, 22, 23].map(epcOf);
const glimpse = (epc: string, when: number): ReadSpec[] =>
  [1, 2, 3].map((antenna, index) => ({ epc, antenna, at: when + index * 700 }));

beforeAll(async () => {
  service = await openService({ sites: [smallSite(), smallSite('T2', { rules: { portal: { postAt: 0.99999 } } })] });
  await seen(service, crossing(sure, 'in', at), { DOCK: sure });
  const reads = unsure.flatMap((epc, index) => glimpse(epc, at + index * MINUTE_MS));
  await service.deliver({ reads: readEntries(reads) }, { site: 'T2', sentAt: at + 5 * MINUTE_MS });
  await eventually('three passages are undecided', async () => (await passages({ outcome: 'undecided' })).length === 3);
});

const passages = async (query: Record<string, string | number> = {}): Promise<PassageJson[]> =>
  done(await service.get('/v1/passages', query)).items as PassageJson[];
const undecidedOf = async (epc: string): Promise<PassageJson> => (await passages({ epc }))[0]!;

describe('passages', () => {
  it('say what a portal saw of each tag, and in which company', async () => {
    const [passage] = await passages({ epc: sure[0]! });
    expect(passage).toEqual({
      id: expect.any(String) as string,
      site: 'T1',
      readPoint: 'DOOR',
      epc: sure[0],
      sku: SKU,
      outcome: 'in',
      leading: 'in',
      probability: expect.any(Number) as number,
      firstAt: iso(crossing(sure, 'in', at).find(({ epc }) => epc === sure[0])!.at),
      lastAt: expect.any(String) as string,
      crossedAt: expect.any(String) as string,
      group: { id: expect.any(String) as string, size: 3 },
      decidedBy: null,
    });
    const groups = (await passages({ site: 'T1' })).map(({ group }) => group?.id);
    expect(new Set(groups).size).toBe(1);
  });

  it('are found by site, read point, outcome, tag and time, newest first', async () => {
    expect(await passages({ site: 'T1', readPoint: 'DOOR', outcome: 'in' })).toHaveLength(3);
    expect(await passages({ site: 'T1', outcome: 'undecided' })).toEqual([]);
    expect(await passages({ readPoint: 'AISLE-A' })).toEqual([]);
    expect((await passages({ site: 'T2' })).map(({ epc }) => epc)).toEqual(unsure.toReversed());
    const within = { site: 'T2', from: iso(at + 30_000), to: iso(at + 90_000) };
    expect((await passages(within)).map(({ epc }) => epc)).toEqual([unsure[1]]);
  });

  it('come in pages', async () => {
    expect(await pages(service, '/v1/passages', { limit: 2 })).toEqual(await passages());
  });

  it('tell why: the scores and the reads that were weighed, decided or not', async () => {
    const undecided = await undecidedOf(unsure[0]!);
    const why = done(await service.get(`/v1/passages/${undecided.id}/evidence`));
    expect(why).toMatchObject({ passage: undecided, revision: 1 });
    const sent = glimpse(unsure[0]!, at).map(({ antenna, at: seenAt }) => ({ antenna, seenAt: iso(seenAt) }));
    expect(why.reads).not.toHaveLength(0);
    for (const { antenna, seenAt } of why.reads) expect(sent).toContainEqual({ antenna, seenAt });
    expect(Object.values(why.scores as object)).not.toHaveLength(0);
  });

  it('tell why in words: what each side heard, every outcome, and what would have changed it', async () => {
    const undecided = await undecidedOf(unsure[0]!);
    const { why } = done(await service.get(`/v1/passages/${undecided.id}/evidence`)) as { why: WhyJson };
    expect(why.sides).toMatchObject([
      { side: 'outside', reads: 2, bestDbm: -60, firstAt: iso(at) },
      { side: 'inside', reads: 1, bestDbm: -60, lastAt: iso(at + 1400) },
    ]);
    expect([why.firstSide, why.lastSide]).toEqual(['outside', 'inside']);
    expect(why.outcomes[0]).toEqual({ outcome: 'in', probability: undecided.probability });
    expect(why.postAt).toBe(0.99999);
    expect(why.marginNats).toBeLessThan(0);
    expect(why.second!.behindNats).toBeGreaterThan(0);
    expect(why.words.join(' ')).toMatch(/DOOR read it 3 times: 2 outside .*1 inside .*its odds fell short by/);
  });

  it('tell the same of a movement that came of one, and nothing of one that did not', async () => {
    const [passage] = await passages({ epc: sure[0]! });
    const [movement] = done(await service.get('/v1/movements', { epc: sure[0]! })).items as MovementJson[];
    const ofMovement = done(await service.get(`/v1/movements/${movement!.id}/evidence`)) as { why: WhyJson };
    const ofPassage = done(await service.get(`/v1/passages/${passage!.id}/evidence`)) as { why: WhyJson };
    expect(ofMovement.why).toEqual(ofPassage.why);
    expect(ofMovement.why).toMatchObject({ load: { size: 3 }, postAt: 0.9 });
    const [said] = await found(service, 'PLAIN', 5, 'B');
    expect(done(await service.get(`/v1/movements/${said}/evidence`))).toMatchObject({ why: null });
  });

  it('are drawn: a lane for each antenna that heard the tag, and the moment it crossed', async () => {
    const [passage] = await passages({ epc: sure[0]! });
    const picture = await service.get(`/v1/passages/${passage!.id}/evidence.svg`);
    expect(picture).toMatchObject({ status: 200, type: 'image/svg+xml; charset=utf-8' });
    const svg = picture.body as string;
    const { reads } = done(await service.get(`/v1/passages/${passage!.id}/evidence`)) as { reads: unknown[] };
    expect(svg.match(/<circle /g)).toHaveLength(reads.length);
    expect(svg.match(/<rect class="lane"/g)).toHaveLength(4);
    expect(svg).toMatch(/>crossed</);
    expect(svg).toContain(`${sure[0]} at DOOR`);
    const undecided = await service.get(`/v1/passages/${(await undecidedOf(unsure[0]!)).id}/evidence.svg`);
    expect(undecided.body).toMatch(/undecided, most likely/);
  });

  it('that cannot be asked for so are told what is wrong', async () => {
    const nobody = '00000000-0000-8000-8000-000000000000';
    expectProblem(await service.get('/v1/passages', { outcome: 'maybe' }), 400, 'bad-request', /outcome/);
    expectProblem(await service.get('/v1/passages', { epc: 'x' }), 400, 'bad-request', /epc/);
    expectProblem(await service.get(`/v1/passages/${nobody}/evidence`), 404, 'not-found');
    expectProblem(await service.get(`/v1/passages/${nobody}/evidence.svg`), 404, 'not-found');
    expectProblem(await service.post(`/v1/passages/${nobody}/decision`, { outcome: 'in' }), 404, 'not-found');
    expectProblem(await service.post('/v1/passages/7/decision', { outcome: 'in' }), 400, 'bad-request', /id/);
  });
});

describe('an undecided passage', () => {
  it('moved nothing, says what is likeliest, and waits in the review queue', async () => {
    const passage = await undecidedOf(unsure[0]!);
    expect(passage).toMatchObject({ outcome: 'undecided', leading: 'in', decidedBy: null });
    expect(passage.probability).toBeGreaterThan(0.5);
    expect(done(await service.get('/v1/movements', { site: 'T2' })).items).toEqual([]);
  });

  it('that a person decides as a crossing moves stock when it crossed, and leaves the queue', async () => {
    const passage = await undecidedOf(unsure[0]!);
    const [id] = await say(
      service,
      `/v1/passages/${passage.id.toUpperCase()}/decision`,
      { outcome: 'in', reason: 'on camera' },
      { 'x-operator': 'op-3' },
    );
    const evidence = done(await service.get(`/v1/movements/${id}/evidence`));
    expect(evidence.movement).toMatchObject({
      epc: unsure[0],
      from: 'world',
      to: 'DOCK',
      source: 'person',
      readPoint: 'DOOR',
    });
    expect(evidence.person).toEqual({ actor: 'op-3', reason: 'on camera' });
    const happenedAt = Date.parse((evidence.movement as MovementJson).happenedAt);
    expect(happenedAt).toBeGreaterThanOrEqual(at);
    expect(happenedAt).toBeLessThan(at + 10_000);
    expect(evidence.passage).toMatchObject({ id: passage.id, outcome: 'in', probability: 1, decidedBy: 'op-3' });
    const { words, outcomes } = evidence.why as WhyJson;
    expect(words[0]).toMatch(
      /^op-3 decided: in \(on camera\)\. The reads had said: undecided, most likely in, 0\.\d\d\.$/,
    );
    expect(outcomes[0]).toEqual({ outcome: 'in', probability: passage.probability });
    expect((await passages({ outcome: 'undecided' })).map(({ epc }) => epc)).not.toContain(unsure[0]);
  });

  it('that a person decides as no crossing moves nothing', async () => {
    const passage = await undecidedOf(unsure[1]!);
    expect(await say(service, `/v1/passages/${passage.id}/decision`, { outcome: 'turned_back' })).toEqual([]);
    expect(await undecidedOf(unsure[1]!)).toMatchObject({ outcome: 'turned_back', decidedBy: 'api' });
    expectProblem(await service.get(`/v1/items/${unsure[1]}`), 404, 'not-found');
  });

  it('is decided once a key, and can be decided otherwise later', async () => {
    const path = `/v1/passages/${(await undecidedOf(unsure[2]!)).id}/decision`;
    const key = { 'idempotency-key': 'review-1' };
    const answer = done(await service.post(path, { outcome: 'in' }, key));
    expect(done(await service.post(path, { outcome: 'in' }, key))).toEqual(answer);
    expectProblem(await service.post(path, { outcome: 'out' }, key), 409, 'key-reused');
    await say(service, path, { outcome: 'stray' });
    const moved = done(await service.get('/v1/movements', { epc: unsure[2]! })).items as MovementJson[];
    expect(moved).toHaveLength(2);
    expect(done(await service.get('/v1/stock', { site: 'T2', location: 'DOCK' })).items).toMatchObject([
      { quantity: 1 },
    ]);
  });

  it('cannot be decided as undecided, nor told more than an outcome and a reason', async () => {
    const path = `/v1/passages/${(await undecidedOf(unsure[0]!)).id}/decision`;
    for (const body of [
      { outcome: 'undecided' },
      {},
      { outcome: 'in', passage: 'other' },
      { outcome: 'in', kind: 'settle' },
    ])
      expectProblem(await service.post(path, body), 400, 'bad-request');
  });
});
