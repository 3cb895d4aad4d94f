// What telemetry is kept for how long: as it was for a season, by the minute for a year, by the hour for ten.
import { expect, it } from 'vitest';
import { createLog } from '../../src/kit/log.ts';
import { retain } from '../../src/store/retention.ts';
import { postgresSink } from '../../src/telemetry/postgresSink.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase } from '../support/database.ts';

const DAY_MS = 86_400_000;
const NOON = Date.parse('2026-11-27T11:00:00Z');

it('telemetry is dropped by the day, its sums later', async () => {
  const { pool, options, rows } = await openDatabase(closeAfterTest);
  const sink = postgresSink(pool);
  await sink.cursor('T1');
  const days = [0, 89, 91, 399, 402, 3600, 3700];
  for (const [index, ago] of days.entries()) {
    const at = NOON - ago * DAY_MS;
    const measures = [
      { device: 'door', name: 'temperature', unit: 'Cel', at, value: ago, offset: index + 1, entry: 0 },
    ];
    await sink.write({ site: 'T1', from: index, to: index + 1, points: { measures, rates: [] } });
  }
  const kept = async (table: string, value: string): Promise<number[]> =>
    (await rows<{ ago: number }>(`select ${value} as ago from ${table} order by 1`)).map(({ ago }) => ago);
  expect(await kept('measure_hour', 'sum')).toEqual(days);
  await retain(
    {
      database: options,
      pool,
      journalDays: 90,
      telemetryDays: 90,
      telemetryMinutesDays: 400,
      telemetryHoursDays: 3650,
      quarantineDays: 30,
      log: createLog({ style: 'silent' }),
      keepBase: () => Promise.resolve(true),
    },
    NOON,
  );
  expect(await kept('measure', 'value')).toEqual([0, 89]);
  expect(await kept('series_ten_seconds', 'tens[2]')).toEqual([0, 89]);
  expect(await kept('measure_minute', 'sum')).toEqual([0, 89, 91, 399]);
  expect(await kept('measure_hour', 'sum')).toEqual([0, 89, 91, 399, 402, 3600]);
});
