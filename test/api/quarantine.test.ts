// GET /v1/quarantine and replay: what could not be understood waits with its bytes until its cause is mended.
import { beforeAll, describe, expect, it } from 'vitest';
import { epcOf, readEntries, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, HOUR_MS, MINUTE_MS, pages } from './doings.ts';
import { openService, type TestService } from './service.ts';

interface Quarantined {
  readonly id: number;
  readonly code: string;
  readonly state: string;
  readonly times: number;
  readonly receivedAt: string;
}

let service: TestService;
const at = Math.floor(Date.now() / 1000) * 1000 - HOUR_MS;
const TOPIC = 'tallygate/v1/T1/gw-1/envelope';

beforeAll(async () => {
  service = await openService();
});

const quarantine = async (query: Record<string, string | number> = {}): Promise<Quarantined[]> =>
  done(await service.get('/v1/quarantine', query)).items as Quarantined[];
const replay = (id: number) => service.post(`/v1/quarantine/${id}/replay`);

async function publish(topic: string, payload: string | Buffer): Promise<void> {
  const peer = await service.connect();
  await peer.untilAcknowledged(peer.publish(topic, payload));
  await peer.leave();
}

describe('quarantine', () => {
  it('shows what came, on which topic, and what is wrong with it; the very same again is counted', async () => {
    for (let time = 0; time < 3; time++) await publish(TOPIC, '{"v":1,\u0007"epoch":');
    const [broken] = await quarantine({ code: 'not-json' });
    expect(broken).toEqual({
      id: expect.any(Number) as number,
      site: 'T1',
      gateway: 'gw-1',
      topic: TOPIC,
      epoch: null,
      seq: null,
      code: 'not-json',
      reason: expect.stringMatching(/\w/) as string,
      receivedAt: expect.any(String) as string,
      lastAt: expect.any(String) as string,
      times: 3,
      length: 16,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      preview: '{"v":1,·"epoch":',
      state: 'open',
    });
  });

  it('lists the newest first, by site, code and state, and in pages', async () => {
    for (let number = 0; number < 4; number++) await publish(`nobody/listens/${number}`, `hello ${number}`);
    const strangers = await quarantine({ code: 'unknown-topic' });
    expect(strangers.map(({ id }) => id)).toEqual(strangers.map(({ id }) => id).toSorted((a, b) => b - a));
    expect(await quarantine({ site: 'T1', code: 'unknown-topic' })).toEqual([]); // nobody knows whose they are
    expect(await quarantine({ state: 'replayed' })).toEqual([]);
    const seen = await pages<Quarantined>(service, '/v1/quarantine', { code: 'unknown-topic', limit: 3 }, () =>
      publish('nobody/listens/late', 'hello'),
    );
    expect(seen).toEqual(strangers);
  });
});

describe('a replay', () => {
  it('takes a read of a reader in that nobody knew, at its own time, once the site file names it', async () => {
    const read = { reader: 'over-c', antenna: 1, epc: epcOf(1), at };
    await service.deliver({ reads: readEntries([read]) }, { sentAt: at + MINUTE_MS });
    const [unknown] = await quarantine({ code: 'unknown-reader' });
    const before = done(await replay(unknown!.id));
    expect(before).toMatchObject({ status: 'still-rejected', offset: null, rejected: [{ code: 'unknown-reader' }] });
    expect(await quarantine({ code: 'unknown-reader' })).toMatchObject([{ id: unknown!.id, state: 'open' }]);

    const file = smallSite();
    const aisle = { id: 'AISLE-C', kind: 'zone', location: 'B', antennas: [{ reader: 'over-c', antenna: 1 }] };
    done(await service.put('/v1/sites/T1', { ...file, readPoints: [...file.readPoints!, aisle] }));
    const after = done(await service.post(`/v1/quarantine/${unknown!.id}/replay`, undefined, { 'x-operator': 'op-2' }));
    expect(after).toEqual({ status: 'replayed', site: 'T1', offset: expect.any(Number) as number, rejected: [] });
    const [row] = await service.engine.journal.read('T1', after.offset - 1, 1);
    expect(row).toMatchObject({ entries: { reads: { epc: [epcOf(1)], seenAt: new Float64Array([at]) } } });
    expect(await quarantine({ code: 'unknown-reader' })).toEqual([]);
    expect(await quarantine({ code: 'unknown-reader', state: 'replayed' })).toHaveLength(1);

    // Once is once: whoever asks again finds it there.
    expect(done(await replay(unknown!.id))).toMatchObject({ status: 'replayed' });
    const rows = await service.engine.journal.read('T1', 0, 1000);
    expect(rows.filter((found) => found.kind === 'entries' && found.entries.reads.epc[0] === epcOf(1))).toHaveLength(1);
  });

  it('of a message without any time keeps the time at which it came', async () => {
    await publish('scales/7', '{"kg": 12.5}');
    const cameAt = Date.now();
    const [unknown] = await quarantine({ code: 'unknown-topic' });
    const mapping = { measures: [{ at: 'kg', name: 'weight', unit: 'kg' }] };
    const devices = [{ id: 'over-b', format: 'mapped', topic: 'scales/+', mapping }];
    done(await service.put('/v1/sites/T1', { ...smallSite(), devices }));
    // It was set aside half an hour ago.
    await service.database.owner.query(
      "update quarantine set received_at = received_at - interval '30 minutes' where id = $1",
      [unknown!.id],
    );
    expect(done(await replay(unknown!.id))).toMatchObject({ status: 'replayed', site: 'T1' });
    const point = await eventually('the weight is a measure', async () => {
      const { series } = done(await service.get('/v1/telemetry', { site: 'T1', name: 'weight', every: '1s' }));
      return series[0]?.points[0] as { at: string } | undefined;
    });
    expect(Math.abs(Date.parse(point.at) - (cameAt - 30 * MINUTE_MS))).toBeLessThan(5000);
  });

  it('of what was too large to be kept whole is refused, and says what to do', async () => {
    await publish(TOPIC, `{"v":1,"reads":[${' '.repeat(300_000)}]}`);
    const [large] = await quarantine({ code: 'too-large' });
    expectProblem(await replay(large!.id), 422, 'not-replayable', /smaller envelopes/);
  });

  it('of what is still wrong says why, and leaves it where it is', async () => {
    const [broken] = await quarantine({ code: 'not-json' });
    expect(done(await replay(broken!.id))).toMatchObject({
      status: 'still-rejected',
      rejected: [{ code: 'not-json', message: expect.stringMatching(/\w/) as string }],
    });
    expect(await quarantine({ code: 'not-json' })).toHaveLength(1);
  });

  it('of what nobody set aside is a 404, and of what is no number a 400', async () => {
    expectProblem(await replay(123_456_789), 404, 'not-found', /Nothing is quarantined/);
    for (const id of ['x', '0', '1.5', '99999999999999999999'])
      expectProblem(await service.post(`/v1/quarantine/${id}/replay`), 400, 'bad-request', /id/);
  });
});

it('a question that quarantine cannot answer is told what is wrong', async () => {
  for (const key of [[1.5], ['1'], [], [1, 2], [Number.MAX_SAFE_INTEGER + 2]]) {
    const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
    expectProblem(await service.get('/v1/quarantine', { cursor }), 400, 'bad-cursor');
  }
  expectProblem(await service.get('/v1/quarantine', { state: 'gone' }), 400, 'bad-request', /state/);
});
