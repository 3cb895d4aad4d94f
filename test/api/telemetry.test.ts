// GET /v1/telemetry: what devices measured and how antennas read, in buckets of a width.
import { beforeAll, describe, expect, it } from 'vitest';
import { epcOf, readEntries, smallSite } from '../support/sites.ts';
import { eventually } from '../support/wait.ts';
import { done, expectProblem, iso, MINUTE_MS, SECOND_MS } from './doings.ts';
import { openService, type TestService } from './service.ts';

let service: TestService;
/** On the grid of a minute, so that buckets begin where the tests say. */
const at = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 10 * MINUTE_MS;

beforeAll(async () => {
  service = await openService({ sites: [smallSite(), smallSite('T2')] });
  const temperature = (device: string, seconds: number, value: number) => ({
    device,
    name: 'temperature',
    value,
    unit: 'Cel',
    at: iso(at + seconds * SECOND_MS),
  });
  await service.deliver(
    {
      measures: [
        temperature('door', 0, 20),
        temperature('door', 30, 22),
        temperature('door', 70, 30),
        temperature('over-a', 10, 5),
        { device: 'door', name: 'load', value: 0.5, at: iso(at) },
      ],
      reads: readEntries([
        { antenna: 1, epc: epcOf(1), rssiDbm: -60, at },
        { antenna: 1, epc: epcOf(2), rssiDbm: -50, at: at + SECOND_MS },
        { antenna: 2, epc: epcOf(1), rssiDbm: -70, at: at + 65 * SECOND_MS },
      ]),
    },
    { sentAt: at + 2 * MINUTE_MS },
  );
  await eventually('the projection has caught up', async () => (await ask()).series.length > 0);
});

const span = { from: iso(at), to: iso(at + 5 * MINUTE_MS) };
const ask = async (query: Record<string, string> = {}) =>
  done(await service.get('/v1/telemetry', { site: 'T1', ...span, ...query })) as {
    series: { device: string; name: string; unit: string | null; points: object[] }[];
    reads: { reader: string; antenna: number; points: object[] }[];
  };

describe('telemetry', () => {
  it('is a series a device and name, in buckets of a minute unless another width is asked for', async () => {
    const { series } = await ask({ device: 'door', name: 'temperature' });
    expect(series).toEqual([
      {
        device: 'door',
        name: 'temperature',
        unit: 'Cel',
        points: [
          { at: iso(at), mean: 21, min: 20, max: 22, count: 2 },
          { at: iso(at + MINUTE_MS), mean: 30, min: 30, max: 30, count: 1 },
        ],
      },
    ]);
    const { series: fine } = await ask({ device: 'door', name: 'temperature', every: '10s' });
    expect(fine[0]!.points).toHaveLength(3);
  });

  it('tells all devices and names when none is named, and a measure without a unit', async () => {
    const { series } = await ask();
    expect(series.map(({ device, name, unit }) => [device, name, unit])).toEqual([
      ['door', 'load', null],
      ['door', 'temperature', 'Cel'],
      ['over-a', 'temperature', 'Cel'],
    ]);
  });

  it('tells how often and how strongly each antenna read', async () => {
    const { series, reads } = await ask({ name: 'reads' });
    expect(series).toEqual([]);
    expect(reads).toEqual([
      { reader: 'door', antenna: 1, points: [{ at: iso(at), reads: 2, rssiMeanDbm: -55, rssiMaxDbm: -50, tags: 2 }] },
      {
        reader: 'door',
        antenna: 2,
        points: [{ at: iso(at + MINUTE_MS), reads: 1, rssiMeanDbm: -70, rssiMaxDbm: -70, tags: 1 }],
      },
    ]);
    expect((await ask({ name: 'reads', device: 'over-a' })).reads).toEqual([]);
  });

  it('shows gaps as gaps when it is asked to', async () => {
    const { series, reads } = await ask({ device: 'door', gaps: 'null' });
    const temperature = series.find(({ name }) => name === 'temperature')!;
    const gap = (minute: number) => ({ at: iso(at + minute * MINUTE_MS), mean: null, min: null, max: null, count: 0 });
    expect(temperature.points).toMatchObject([{ mean: 21 }, { mean: 30 }, gap(2), gap(3), gap(4)]);
    expect(reads[1]!.points).toMatchObject([
      { at: iso(at), reads: 0, rssiMeanDbm: null, rssiMaxDbm: null, tags: 0 },
      { at: iso(at + MINUTE_MS), reads: 1 },
      { reads: 0 },
      { reads: 0 },
      { reads: 0 },
    ]);
  });

  it('is of the last hour unless a span is asked for, and of one site', async () => {
    const lastHour = done(await service.get('/v1/telemetry', { site: 'T1' }));
    expect(lastHour.series).toHaveLength(3);
    expect((await ask({ site: 'T2' })).series).toEqual([]);
    const before = { from: iso(at - 5 * MINUTE_MS), to: iso(at) };
    expect(await ask(before)).toEqual({ series: [], reads: [] });
  });

  it.each([
    [{}, 400, 'bad-request', /site/],
    [{ site: 'X' }, 404, 'unknown-site', /X/],
    [{ site: 'T1', every: '1 minute' }, 400, 'bad-request', /^every/],
    [{ site: 'T1', every: '0s' }, 400, 'bad-request', /^every/],
    [{ site: 'T1', every: `${'9'.repeat(20)}d` }, 400, 'bad-request', /366d at most/],
    [{ site: 'T1', every: `${'9'.repeat(400)}d` }, 400, 'bad-request', /^every/],
    [{ site: 'T1', every: '1ms' }, 400, 'bad-request', /5000 points/],
    [{ site: 'T1', from: iso(at), to: iso(at) }, 400, 'bad-request', /^from/],
    [{ site: 'T1', from: 'then' }, 400, 'bad-request', /^from/],
  ])('%j is told what is wrong', async (query, status, code, detail) => {
    expectProblem(await service.get('/v1/telemetry', query), status, code, detail);
  });
});
