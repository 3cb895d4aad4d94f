// What the service measures of itself once a minute: it is telemetry like that of devices, and what dry runs of rules about readers,
// gateways, channels, the review queue and the ledger look back at.
import { beforeAll, describe, expect, it } from 'vitest';
import type { AlertKind } from '../../src/config/alertKinds.ts';
import type { SiteFigures } from '../../src/watch/finding.ts';
import { sampleAll, SAMPLE_EVERY_MS } from '../../src/watch/samples.ts';
import { smallSite } from '../support/sites.ts';
import { done, HOUR_MS, iso, MINUTE_MS } from './doings.ts';
import { openService, type TestService } from './service.ts';

const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const begin = now - 2 * HOUR_MS;
let service: TestService;

/** From minute 60 to 90 things go wrong. */
const isWrong = (minute: number): boolean => minute >= 60 && minute < 90;

beforeAll(async () => {
  service = await openService({ sites: [smallSite('T1')] });
  const { pool } = service.database;
  const plans = await service.api.plans();
  const rows = (text: string) => service.database.rows(text);
  await rows(
    "insert into gateway (site, gateway, online, status) values ('T1', 'gw-1', true, '{\"backlog\":3}'), ('T1', 'gw-2', true, null)",
  );
  await rows("insert into alert_channel (channel) values ('ops')");
  await rows(
    "insert into verification (site, verified_at, from_offset, to_offset, differences) values ('T1', now(), 0, 9, '[]')",
  );
  for (let minute = 0; minute < 120; minute += SAMPLE_EVERY_MS / MINUTE_MS) {
    const at = begin + minute * MINUTE_MS;
    if (minute === 60 || minute === 90) {
      const wrong = isWrong(minute);
      await rows(
        `update gateway set online = ${!wrong}, status = '{"backlog":${wrong ? 5000 : 3}}' where gateway = 'gw-1'`,
      );
      await rows(`update alert_channel set failing_since = ${wrong ? "now() - interval '1 hour'" : 'null'}`);
      await rows(`update verification set differences = '${wrong ? '[{"what":"balances"}]' : '[]'}'`);
      await rows(`update journal_head set next_offset = next_offset ${wrong ? '+' : '-'} 6000`);
      if (wrong)
        await rows(
          `insert into passage (site, id, revision, read_point, epc, first_at, last_at, outcome, leading_outcome, probability, journal_offset)
           select 'T1', gen_random_uuid(), 1, 'DOOR', 'AA', now(), now(), 'undecided', 'in', 0.6, 1 from generate_series(1, 60)`,
        );
      else await rows('delete from passage');
    }
    const heard = ['door', 'over-a', 'over-b', 'over-r'].map((device) => ({
      device,
      gateway: 'gw-1',
      heardAt: device === 'over-a' && isWrong(minute) ? begin + 60 * MINUTE_MS : at,
    }));
    const figures: SiteFigures = {
      site: 'T1',
      since: begin,
      devices: heard,
      clocks: isWrong(minute) ? [{ device: 'over-b', offsetMs: -60_000 }] : [],
    };
    await sampleAll(pool, plans, [figures], at, () => true);
  }
});

const tried = async (kind: AlertKind, limits: object = {}) =>
  (
    done(
      await service.get(`/v1/alert-rules/${kind}/dry-run`, {
        site: 'T1',
        from: iso(begin),
        limits: JSON.stringify({ clearAfterMs: 0, ...limits }),
      }),
    ) as {
      firings: { subject: string; from: string; to: string | null }[];
    }
  ).firings;

const from = (minute: number): string => iso(begin + minute * MINUTE_MS);

describe('a dry run', () => {
  it.each<readonly [kind: AlertKind, subject: string, from: number, limits: object]>([
    ['reader-silent', 'over-a', 75, {}],
    ['clock-off', 'over-b', 60, {}],
    ['gateway-offline', 'gw-1', 61, {}],
    ['gateway-behind', 'gw-1', 60, {}],
    ['journal-lag', 'T1', 60, {}],
    ['ledger-differs', 'T1', 60, {}],
    ['channel-failing', 'ops', 60, {}],
    ['review-backlog', 'T1', 60, {}],
  ])('of %s goes back through what was measured', async (kind, subject, minute, limits) => {
    expect(await tried(kind, limits)).toMatchObject([{ subject, from: from(minute), to: from(90) }]);
  });

  it('takes the limits of the rule', async () => {
    expect(await tried('reader-silent', { silentMs: HOUR_MS })).toEqual([]);
    expect(await tried('reader-silent', { except: ['over-a'] })).toEqual([]);
    expect(await tried('clock-off', { offsetMaxMs: 2 * MINUTE_MS })).toEqual([]);
    expect(await tried('gateway-offline', { offlineMs: HOUR_MS })).toEqual([]);
    expect(await tried('gateway-behind', { backlogMax: 9000 })).toEqual([]);
    expect(await tried('journal-lag', { rowsMax: 9000 })).toEqual([]);
    expect(await tried('review-backlog', { waitingMax: 100 })).toEqual([]);
  });
});

describe('telemetry', () => {
  it('has gateways, readers and the service itself as series', async () => {
    const { series } = done(
      await service.get('/v1/telemetry', { site: 'T1', from: iso(begin), to: iso(now), every: '30m' }),
    ) as { series: { device: string; name: string; unit: string | null; points: { max: number; count: number }[] }[] };
    const of = (device: string, name: string) => series.find((one) => one.device === device && one.name === name)!;
    expect(of('gw-1', 'gateway.backlog').points.map(({ max }) => max)).toContain(5000);
    expect(of('gw-1', 'gateway.online').points.reduce((sum, { count }) => sum + count, 0)).toBe(120);
    expect(of('over-a', 'heard.ago')).toMatchObject({ unit: 's' });
    expect(of('tallygate', 'journal.lag').points.some(({ max }) => max >= 6000)).toBe(true);
    expect(of('tallygate', 'channel.ops.failing').points.some(({ max }) => max >= 3600)).toBe(true);
    expect(series.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'review.waiting',
        'review.oldest',
        'quarantine.open',
        'discrepancies.open',
        'alerts.open',
        'ledger.differences',
      ]),
    );
  });
});
