// GET /v1/gaps: what never arrived, told apart: what may still come, and what will not.
import { beforeAll, describe, expect, it } from 'vitest';
import { smallSite } from '../support/sites.ts';
import { done, expectProblem, pages } from './doings.ts';
import { openService, type TestService } from './service.ts';

interface Gap {
  readonly gateway: string;
  readonly state: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly lost: number;
}

let service: TestService;
beforeAll(async () => {
  service = await openService({ sites: [smallSite(), smallSite('T2')] });
});

const gaps = async (query: Record<string, string | number> = {}): Promise<Gap[]> =>
  done(await service.get('/v1/gaps', query)).items as Gap[];
const brief = (list: readonly Gap[]) =>
  list.map(({ gateway, state, fromSeq, toSeq, lost }) => `${gateway} ${state} ${fromSeq}–${toSeq}: ${lost}`);

describe('a gap', () => {
  it('is open while what is missing may still come, and gone when it has come', async () => {
    await service.deliver({}, { seq: 1 });
    await service.deliver({}, { seq: 5 });
    expect(await gaps()).toEqual([
      {
        site: 'T1',
        gateway: 'gw-1',
        epoch: 'e1',
        state: 'open',
        fromSeq: 2,
        toSeq: 4,
        lost: 3,
        fromAt: null,
        toAt: null,
        noticedAt: expect.any(String) as string,
      },
    ]);
    for (const seq of [2, 3, 4]) await service.deliver({}, { seq });
    expect(await gaps()).toEqual([]);
  });

  it('is lost when the gateway says that it no longer has it', async () => {
    await service.deliver({}, { gateway: 'gw-2', seq: 1 });
    await service.deliver({}, { gateway: 'gw-2', seq: 9, oldest: 6 });
    expect(brief(await gaps({ site: 'T1' }))).toEqual(['gw-2 open 6–8: 3', 'gw-2 lost 2–5: 4']);
    expect(await gaps({ site: 'T2' })).toEqual([]);
  });

  it('is lost when the gateway has begun another epoch: its outbox is gone', async () => {
    await service.deliver({}, { gateway: 'gw-6', seq: 1 });
    await service.deliver({}, { gateway: 'gw-6', seq: 4 });
    expect(brief(await gaps({ site: 'T1' }))).toContain('gw-6 open 2–3: 2');
    await service.deliver({}, { gateway: 'gw-6', epoch: 'e2', seq: 1 });
    expect(brief(await gaps({ site: 'T1' }))).toContain('gw-6 lost 2–3: 2');
  });

  it('has a page to itself when there are many, while gateways go on sending', async () => {
    const send = (seq: number) => service.deliver({}, { site: 'T2', gateway: 'gw-3', seq });
    for (const seq of [1, 3, 5, 7, 9]) await send(seq);
    await service.deliver({}, { site: 'T2', gateway: 'gw-4', seq: 20, oldest: 11 });
    await service.deliver({}, { site: 'T2', gateway: 'gw-5', seq: 4, oldest: 4 });
    const all = [
      'gw-3 open 2–2: 1',
      'gw-3 open 4–4: 1',
      'gw-3 open 6–6: 1',
      'gw-3 open 8–8: 1',
      'gw-4 open 11–19: 9',
      'gw-5 lost 1–3: 3',
      'gw-4 lost 1–10: 10',
    ];
    expect(brief(await gaps({ site: 'T2' }))).toEqual(all);
    let seq = 9;
    const seen = await pages<Gap>(service, '/v1/gaps', { site: 'T2', limit: 2 }, () => send(++seq));
    expect(brief(seen)).toEqual(all);
  });

  it('cannot be asked for from a cursor that is none', async () => {
    expectProblem(await service.get('/v1/gaps', { cursor: 'WzFd' }), 400, 'bad-cursor');
    expectProblem(await service.get('/v1/gaps', { site: 'X' }), 404, 'unknown-site');
  });
});
