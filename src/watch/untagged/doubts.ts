// Stock without tags that is doubted at a site, as of a time: what the tables know of it, weighed (belief.ts). Nothing of it is kept: it
// follows from the ledger, from counts and from the time of day, and changes no stock.
import type { SitePlan } from '../../config/plan.ts';
import { contentId } from '../../kit/ids.ts';
import type { Queryable } from '../../store/database.ts';
import { sqlFile } from '../../store/sql.ts';
import { formatTime } from '../../wire/time.ts';
import { beliefOf, type Belief, type Evidence } from './belief.ts';

const EVIDENCE = sqlFile(import.meta.url, 'sql/evidence.sql');

/** Told from here on, as doubts of tags are. */
export const TOLD_FROM = 0.3;

export interface StockDoubt extends Belief {
  readonly id: string;
  readonly site: string;
  readonly evidence: Evidence;
}

interface Row extends Record<string, unknown> {
  readonly sku: string;
  readonly location: string;
  readonly quantity: number;
  readonly since: number | null;
  readonly is_counted: boolean;
  readonly counts: number;
  readonly counted_short: number;
  readonly site_counts: number;
  readonly site_counted_short: number;
  readonly site_reports: number;
  readonly site_reports_right: number;
  readonly short_picks: number;
  readonly short_at: number | null;
  readonly taken_since: number;
  readonly negative_here: number;
  readonly negative_elsewhere: number;
  readonly gap_days: number | null;
  readonly sells_on: number | null;
}

/** What to look for, and how much of it. */
export interface Asking {
  /** ms since 1970. */
  readonly at: number;
  readonly sku?: string | undefined;
  /** Also what nothing but days without a sale speaks against. Those alone never make an alert, which needs not look for them. */
  readonly withGaps: boolean;
}

/** The records of a site that are doubted by 0.3 or more, the likeliest to be wrong first. */
export async function stockDoubts(database: Queryable, plan: SitePlan, asking: Asking): Promise<readonly StockDoubt[]> {
  const { at, sku, withGaps } = asking;
  const { rows } = await database.query<Row>({
    name: 'stock-doubts',
    text: EVIDENCE,
    values: [plan.site, formatTime(at), [...plan.locations.keys()], withGaps, sku ?? null],
  });
  return rows
    .map((row) => {
      const evidence = evidenceOf(row);
      return {
        id: contentId('stock-doubt', plan.site, row.sku, row.location),
        site: plan.site,
        evidence,
        ...beliefOf(evidence, at),
      };
    })
    .filter(({ probability }) => probability >= TOLD_FROM)
    .toSorted((a, b) => b.probability - a.probability || (a.id < b.id ? 1 : -1));
}

const evidenceOf = (row: Row): Evidence => ({
  sku: row.sku,
  location: row.location,
  quantity: row.quantity,
  since: row.since ?? undefined,
  isCounted: row.is_counted,
  counts: row.counts,
  countedShort: row.counted_short,
  siteCounts: row.site_counts,
  siteCountedShort: row.site_counted_short,
  siteReports: row.site_reports,
  siteReportsRight: row.site_reports_right,
  shortPicks: row.short_picks,
  shortAt: row.short_at ?? undefined,
  takenSince: row.taken_since,
  negativeHere: row.negative_here,
  negativeElsewhere: row.negative_elsewhere,
  gap: row.gap_days === null || row.sells_on === null ? undefined : { days: row.gap_days, sellsOn: row.sells_on },
});
