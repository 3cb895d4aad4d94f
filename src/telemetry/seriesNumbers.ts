// The number each series has in Postgres, made when it is first measured. Known ones are remembered: a number is never taken back.
import type { Queryable } from '../store/database.ts';
import { sqlFile } from '../store/sql.ts';
import type { PointSeries } from './rollUp.ts';

const SERIES = sqlFile(import.meta.url, 'sql/series.sql');

/** So many are remembered, some 30 MB of them; beyond it Postgres is asked again. */
const REMEMBERED_MAX = 200_000;

type Key = Pick<PointSeries, 'device' | 'name' | 'unit'>;

export interface SeriesNumbers {
  /** Of each of the series of a site, in their order. Outside any transaction: one that is rolled back would take new numbers with it. */
  of(site: string, series: readonly Key[]): Promise<readonly number[]>;
}

export function seriesNumbers(database: Queryable): SeriesNumbers {
  const known = new Map<string, number>();
  return {
    async of(site, series) {
      const keys = series.map(({ device, name, unit }) => [site, device, name, unit ?? ''].join('\n'));
      const unknown = series.filter((_, index) => !known.has(keys[index]!));
      if (unknown.length > 0) {
        if (known.size + unknown.length > REMEMBERED_MAX) known.clear();
        const asked = known.size === 0 ? series : unknown;
        const { rows } = await database.query<{ n: number; id: number }>({
          name: 'series-numbers',
          text: SERIES,
          values: [
            site,
            asked.map(({ device }) => device),
            asked.map(({ name }) => name),
            asked.map(({ unit }) => unit ?? ''),
          ],
        });
        const askedKeys = asked === series ? keys : keys.filter((key) => !known.has(key));
        for (const { n, id } of rows) known.set(askedKeys[n - 1]!, id);
      }
      return keys.map((key) => known.get(key)!);
    },
  };
}
