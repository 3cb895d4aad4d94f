// How right the books are: of records that were counted for the first time in their plan, those within tolerance. Nothing is netted.
import { rounded, type Asked } from './period.ts';

export interface RecordAccuracy {
  readonly counted: number;
  readonly accurate: number;
  /** Null when nothing was counted. */
  readonly share: number | null;
}

export const NO_RECORDS: RecordAccuracy = { counted: 0, accurate: 0, share: null };

/** By site; sites where nothing was counted in the period are not there. */
export async function recordFigures({ on, sites, from, to }: Asked): Promise<Map<string, RecordAccuracy>> {
  const { rows } = await on.query<{ site: string; records: number; accurate: number }>({
    name: 'kpis-records',
    text: `select site, sum(records) as records, sum(accurate) as accurate from count_task
           where site = any ($1) and first_counted_at >= $2 and first_counted_at < $3 group by site`,
    values: [sites, new Date(from), new Date(to)],
  });
  return new Map(
    rows.map(({ site, records, accurate }) => [
      site,
      { counted: records, accurate, share: records === 0 ? null : rounded(accurate / records, 4) },
    ]),
  );
}
