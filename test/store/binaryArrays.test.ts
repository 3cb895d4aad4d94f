// Arrays in binary arrive as the numbers that they were.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { float8Array, int4Array, int8Array, timeArray } from '../../src/store/binaryArrays.ts';
import { closeAfterTest } from '../support/cleanUp.ts';
import { openDatabase } from '../support/database.ts';

const INT4 = { min: -(2 ** 31), max: 2 ** 31 - 1 };
/** From the year 1 to the year 9999, whole ms. */
const TIMES = { min: Date.parse('0001-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') };

it('whole numbers, numbers with infinities, and times', async () => {
  const { pool } = await openDatabase(closeAfterTest);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer(INT4)),
      fc.array(fc.maxSafeInteger()),
      fc.array(fc.double({ noNaN: true })),
      fc.array(fc.integer(TIMES)),
      async (ints, bigs, doubles, times) => {
        const { rows } = await pool.query(
          `select $1::integer[] as ints, $2::bigint[]::text[] as bigs, $3::double precision[] as doubles,
                  array(select round(extract(epoch from t) * 1000)::text from unnest($4::timestamptz[]) t) as times`,
          [int4Array(ints), int8Array(bigs), float8Array(doubles), timeArray(times)],
        );
        expect(rows).toEqual([{ ints, bigs: bigs.map(String), doubles, times: times.map(String) }]);
      },
    ),
    { numRuns: 200 },
  );
});

it('times to the microsecond', async () => {
  const { pool } = await openDatabase(closeAfterTest);
  const { rows } = await pool.query<{ at: string }>("select ($1::timestamptz[])[1] at time zone 'UTC' || '' as at", [
    timeArray([Date.parse('2026-11-28T12:00:00.123Z') + 0.456]),
  ]);
  expect(rows).toEqual([{ at: '2026-11-28 12:00:00.123456' }]);
});
