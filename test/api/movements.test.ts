// GET /v1/movements and its evidence: what happened, newest first, and why we say so.
import { beforeAll, describe, expect, it } from 'vitest';
import type { MovementJson } from '../../src/wire/movement.ts';
import { crossing, epcOf, lying, SKU, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, found, HOUR_MS, iso, MINUTE_MS, pages, say, seen, SECOND_MS } from './doings.ts';
import { openService, type TestService } from './service.ts';

let service: TestService;
const pallet = [1, 2, 3].map(epcOf);
/** Came in with the pallet, or so it seemed. */
const WRONG = epcOf(71);
const arrivedAt = Math.floor(Date.now() / 1000) * 1000 - 4 * HOUR_MS;

/** A pallet of three comes in, two of them are put away, one goes out again; and somebody moves plain stock about. */
beforeAll(async () => {
  service = await openService({ sites: [smallSite(), smallSite('T2')] });
  const [first, second, third] = pallet as [string, string, string];
  await seen(service, crossing([...pallet, WRONG], 'in', arrivedAt), { DOCK: [...pallet, WRONG] });
  const later = [
    ...lying([first, second], 'over-a', arrivedAt + MINUTE_MS),
    ...crossing([third], 'out', arrivedAt + 10 * MINUTE_MS),
  ];
  await seen(service, later, { A: [first, second], world: [third] });
  await found(service, 'PLAIN', 10, 'R', { at: iso(arrivedAt + HOUR_MS) });
  await say(service, '/v1/movements', {
    site: 'T1',
    sku: 'PLAIN',
    quantity: 4,
    from: 'R',
    to: 'A-01',
    at: iso(arrivedAt + 2 * HOUR_MS),
  });
  await found(service, 'PLAIN', 1, 'A-01', { site: 'T2', at: iso(arrivedAt + 2 * HOUR_MS) });
});

const movements = async (query: Record<string, string | number | boolean> = {}): Promise<MovementJson[]> =>
  done(await service.get('/v1/movements', query)).items as MovementJson[];
const brief = (list: readonly MovementJson[]) =>
  list.map(
    ({ type, from, to, epc, quantity }) =>
      `${type} ${quantity} ${from} → ${to}${epc === null ? '' : ` ${Number(`0x${epc.slice(-4)}`)}`}`,
  );

describe('movements', () => {
  it('say what moved from where to where, when, and how sure we are', async () => {
    const [movement] = await movements({ epc: pallet[0]!, type: 'receive' });
    expect(movement).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
      site: 'T1',
      epc: pallet[0],
      sku: SKU,
      type: 'receive',
      from: 'world',
      to: 'DOCK',
      quantity: 1,
      lot: null,
      container: null,
      happenedAt: expect.any(String) as string,
      recordedAt: expect.any(String) as string,
      confidence: expect.any(Number) as number,
      source: 'read',
      readPoint: 'DOOR',
      supersedes: null,
    });
    expect(Math.abs(Date.parse(movement!.happenedAt) - arrivedAt)).toBeLessThan(SECOND_MS);
    expect(movement!.confidence).toBeGreaterThan(0.9);
    expect(Date.parse(movement!.recordedAt)).toBeGreaterThan(arrivedAt + 3 * HOUR_MS);
  });

  it('come newest first, of all sites or of one', async () => {
    const all = await movements({ to: iso(arrivedAt + 3 * HOUR_MS) });
    expect(all).toHaveLength(10);
    expect(all.map(({ happenedAt }) => happenedAt)).toEqual(
      all
        .map(({ happenedAt }) => happenedAt)
        .sort()
        .toReversed(),
    );
    expect(new Set(all.map(({ site }) => site))).toEqual(new Set(['T1', 'T2']));
    expect(new Set((await movements({ site: 'T1' })).map(({ site }) => site))).toEqual(new Set(['T1']));
  });

  it('are found by tag, SKU, type, read point, place and time, alone and together', async () => {
    const day = { site: 'T1', to: iso(arrivedAt + 3 * HOUR_MS) };
    expect(brief(await movements({ ...day, epc: pallet[2]!.toLowerCase() }))).toEqual([
      'ship 1 DOCK → world 3',
      'receive 1 world → DOCK 3',
    ]);
    expect(brief(await movements({ ...day, sku: 'PLAIN' }))).toEqual(['move 4 R → A-01', 'adjust 10 world → R']);
    expect(brief(await movements({ ...day, type: 'putaway' })).sort()).toEqual([
      'putaway 1 DOCK → A 1',
      'putaway 1 DOCK → A 2',
    ]);
    expect(await movements({ ...day, readPoint: 'DOOR' })).toHaveLength(5);
    expect(brief(await movements({ ...day, location: 'A', type: 'move' }))).toEqual(['move 4 R → A-01']);
    expect(await movements({ ...day, location: 'A' })).toHaveLength(3);
    expect(brief(await movements({ ...day, location: 'world', sku: SKU }))).toHaveLength(5);
    expect(await movements({ ...day, sku: 'PLAIN', readPoint: 'DOOR' })).toEqual([]);
    expect(await movements({ ...day, location: 'NOWHERE' })).toEqual([]);
  });

  it('are found in a span of time that begins with `from` and ends before `to`', async () => {
    const [movement] = await movements({ sku: 'PLAIN', site: 'T1', type: 'adjust' });
    const at = movement!.happenedAt;
    const after = iso(Date.parse(at) + 1);
    const within = async (from: string, to: string) => (await movements({ sku: 'PLAIN', site: 'T1', from, to })).length;
    expect(await within(at, after)).toBe(1);
    expect(await within(iso(Date.parse(at) - 1), at)).toBe(0);
    expect(await within(after, after)).toBe(0);
    // A zone other than UTC, with a plus that no client encodes.
    const inBrussels = new Date(Date.parse(at) + HOUR_MS).toISOString().replace('Z', ' 01:00');
    expect(await within(inBrussels, after)).toBe(1);
  });

  it('in pages neither repeat nor skip, though newer and older ones arrive meanwhile', async () => {
    for (let minute = 0; minute < 6; minute++)
      await found(service, 'PAGED', 1, 'R', { at: iso(arrivedAt + minute * MINUTE_MS) });
    const before = await movements({ sku: 'PAGED' });
    const list = await pages<MovementJson>(service, '/v1/movements', { sku: 'PAGED', limit: 2 }, async (page) => {
      await found(service, 'PAGED', 1, 'B');
      await found(service, 'PAGED', 1, 'B', { at: iso(arrivedAt - page * MINUTE_MS) });
    });
    const ids = list.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
    expect(brief(list).filter((text) => text.endsWith('B'))).not.toHaveLength(0); // the older ones found their place
  });

  it('all at one moment are still told apart by a cursor', async () => {
    const at = iso(arrivedAt + 5 * MINUTE_MS);
    await Promise.all([1, 2, 3, 4, 5].map((quantity) => found(service, 'SAME', quantity, 'R', { at })));
    const list = await pages<MovementJson>(service, '/v1/movements', { sku: 'SAME', limit: 2 });
    expect(list.map(({ quantity }) => Number(quantity)).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  });

  it('that a person undoes are undone by movements, and `effective` leaves both out', async () => {
    const { items } = done(await service.get('/v1/passages', { epc: WRONG }));
    await say(service, `/v1/passages/${items[0].id}/decision`, { outcome: 'turned_back', reason: 'saw it' });
    const all = await movements({ epc: WRONG });
    const first = all.find(({ supersedes }) => supersedes === null);
    const undone = all.find(({ supersedes }) => supersedes !== null);
    expect([first, undone]).toMatchObject([
      { from: 'world', to: 'DOCK', supersedes: null },
      { from: 'DOCK', to: 'world', supersedes: first!.id },
    ]);
    expect(await movements({ epc: WRONG, effective: true })).toEqual([]);
    expect(await movements({ epc: pallet[0]!, effective: true })).toHaveLength(2);
    expect(done(await service.get(`/v1/movements/${first!.id}/evidence`)).supersededBy).toBe(undone!.id);
  });
});

describe('the evidence of a movement', () => {
  it('through the door is the passage, its scores, and the very reads that were sent', async () => {
    const [movement] = await movements({ epc: pallet[1]!, type: 'receive' });
    const evidence = done(await service.get(`/v1/movements/${movement!.id}/evidence`));
    expect(evidence).toMatchObject({
      movement,
      decision: { kind: 'passage', revision: 1 },
      passage: { readPoint: 'DOOR', epc: pallet[1], outcome: 'in', group: { size: 4 } },
      postings: [
        {
          line: 0,
          sku: SKU,
          quantity: 1,
          from: { location: 'supplier' },
          to: { location: 'DOCK', status: 'available' },
        },
      ],
      person: null,
      supersededBy: null,
    });
    expect(evidence.decision.scores.in).toBeGreaterThan(0);
    const sent = crossing([...pallet, WRONG], 'in', arrivedAt).filter(({ epc }) => epc === pallet[1]);
    // It was beyond doubt before the last ones came.
    expect(evidence.reads.length).toBeGreaterThan(sent.length / 2);
    expect(evidence.reads).toEqual(
      sent
        .slice(0, evidence.reads.length)
        .map(({ reader, antenna, epc, rssiDbm, at }) => ({ reader, antenna, epc, rssiDbm, seenAt: iso(at) })),
    );
    // P4 to the end: the row of the journal it came from.
    expect(evidence.journal.offset).toBeGreaterThan(0);
  });

  it('into an aisle is a presence with its reads', async () => {
    const [movement] = await movements({ epc: pallet[0]!, type: 'putaway' });
    const evidence = done(await service.get(`/v1/movements/${movement!.id}/evidence`));
    expect(evidence).toMatchObject({ decision: { kind: 'presence' }, passage: null });
    expect(Object.keys(evidence.decision.scores)).not.toHaveLength(0);
  });

  it('that a person told of is the person and the reason', async () => {
    const [id] = await say(
      service,
      '/v1/movements',
      { site: 'T1', sku: 'PLAIN', quantity: 1, from: 'R', to: 'B', reason: 'told by phone' },
      { 'x-operator': 'op-9' },
    );
    expect(done(await service.get(`/v1/movements/${id}/evidence`))).toMatchObject({
      movement: { id, source: 'person', confidence: 1 },
      decision: null,
      passage: null,
      reads: [],
      person: { actor: 'op-9', reason: 'told by phone' },
      postings: [{ quantity: 1, from: { location: 'R' }, to: { location: 'B' } }],
    });
  });

  it('can be asked for as soon as the answer to a command names it', async () => {
    const ids = await say(service, '/v1/movements', { site: 'T1', epc: epcOf(72), to: 'B' });
    expect(ids).toHaveLength(1);
    expect(done(await service.get(`/v1/movements/${ids[0]}/evidence`)).movement).toMatchObject({
      epc: epcOf(72),
      to: 'B',
    });
  });

  it('of a movement that is none is a 404, and of what is no id a 400', async () => {
    const nobody = '00000000-0000-8000-8000-000000000000';
    expectProblem(await service.get(`/v1/movements/${nobody}/evidence`), 404, 'not-found', /There is no movement/);
    expectProblem(await service.get('/v1/movements/17/evidence'), 400, 'bad-request', /id/);
  });
});

it('a question that movements cannot answer is told what is wrong', async () => {
  expectProblem(await service.get('/v1/movements', { site: 'X' }), 404, 'unknown-site');
  expectProblem(await service.get('/v1/movements', { epc: 'XYZ' }), 400, 'bad-request', /epc: XYZ is not hexadecimal/);
  expectProblem(await service.get('/v1/movements', { type: 'teleport' }), 400, 'bad-request', /type/);
  expectProblem(await service.get('/v1/movements', { from: 'noon' }), 400, 'bad-request', /^from/);
  const cursors = [['x', 'y'], ['2026-01-01T00:00:00Z', 'y'], [1, 2], ['2026-01-01T00:00:00Z'], null, 'text'];
  for (const key of cursors) {
    const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
    expectProblem(await service.get('/v1/movements', { cursor }), 400, 'bad-cursor');
  }
  await eventually('it still answers', async () => (await movements()).length > 0);
});
