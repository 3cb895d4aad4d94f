// Figures of what comes in: how long it stands until it is on its shelf, and how right receiving and suppliers are.
import { sqlFile } from '../../store/sql.ts';
import { roundedOrNull, rounded, shareOf, type Asked, type Share } from './period.ts';

const DOCKS = sqlFile(import.meta.url, 'sql/dockFigures.sql');
const RECEIVING = sqlFile(import.meta.url, 'sql/receivingFigures.sql');

/** From the first arrival of a receipt to the last of it that was put away. */
export interface DockToStock {
  readonly receipts: number;
  readonly units: number;
  readonly medianHours: number | null;
  readonly p90Hours: number | null;
}

export interface Receiving {
  /** Lines of closed receipts that needed no correction since. */
  readonly accuracy: Share;
  /** Lines that came as they were announced, and sound: the supplier's own accuracy. */
  readonly suppliers: Share;
}

export const NO_DOCKS: DockToStock = { receipts: 0, units: 0, medianHours: null, p90Hours: null };
export const NO_RECEIVING: Receiving = { accuracy: shareOf(0, 0), suppliers: shareOf(0, 0) };

/** By site; sites where nothing was put away are not there. */
export async function dockFigures({ on, sites, from, to }: Asked): Promise<Map<string, DockToStock>> {
  const { rows } = await on.query<{
    site: string;
    receipts: number;
    units: number;
    median_hours: number | null;
    p90_hours: number | null;
  }>({ name: 'kpis-docks', text: DOCKS, values: [sites, new Date(from), new Date(to)] });
  return new Map(
    rows.map((row) => [
      row.site,
      {
        receipts: row.receipts,
        units: rounded(row.units, 4),
        medianHours: roundedOrNull(row.median_hours, 2),
        p90Hours: roundedOrNull(row.p90_hours, 2),
      },
    ]),
  );
}

/** By site; sites where no receipt was closed are not there. */
export async function receivingFigures({ on, sites, from, to }: Asked): Promise<Map<string, Receiving>> {
  const { rows } = await on.query<{ site: string; lines: number; right_lines: number; exact_lines: number }>({
    name: 'kpis-receiving',
    text: RECEIVING,
    values: [sites, new Date(from), new Date(to)],
  });
  return new Map(
    rows.map(({ site, lines, right_lines: right, exact_lines: exact }) => [
      site,
      { accuracy: shareOf(lines, right), suppliers: shareOf(lines, exact) },
    ]),
  );
}
