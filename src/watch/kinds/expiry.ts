// Lots that will soon be past their day, or are. Days are those of the calendar at the site.
import { sqlFile } from '../../store/sql.ts';
import { formatTime } from '../../wire/time.ts';
import type { Finding, Kinds, Look, Period } from '../finding.ts';
import { spansOf } from '../periods.ts';

const EXPIRING = sqlFile(import.meta.url, 'sql/expiring.sql');
const PAST = sqlFile(import.meta.url, 'sql/pastExpiring.sql');
const DAY_MS = 86_400_000;

interface Row {
  readonly sku: string;
  readonly lot: string;
  /** The last day on which it is good: `2026-12-31`. */
  readonly expiry: string;
  readonly quantity: number;
  readonly locations: readonly string[];
}

export const expiryKinds = {
  expiry: {
    async find({ database, plan, now }, { withinDays, unitsMin }) {
      const { rows } = await database.query<Row & Record<string, unknown>>({
        name: 'watch-expiring',
        text: EXPIRING,
        values: [plan.site, dayAt(plan, now + withinDays * DAY_MS), unitsMin],
      });
      return rows.map((row) => finding(plan, row, dayAt(plan, now)));
    },
    async past({ database, plan, from, to }, { withinDays, unitsMin }) {
      const { rows } = await database.query<Omit<Row, 'locations'> & { readonly at: number }>({
        text: PAST,
        values: [plan.site, dayAt(plan, to + withinDays * DAY_MS), formatTime(from)],
      });
      const lots = new Map<string, (typeof rows)[number][]>();
      for (const row of rows) lots.set(subjectOf(row), [...(lots.get(subjectOf(row)) ?? []), row]);
      return [...lots].flatMap(([subject, changes]): Period[] => {
        const [{ sku, lot, expiry }] = changes as [(typeof rows)[number]];
        // Midnight of UTC: within half a day of that of the site.
        const near = Date.parse(`${expiry}T00:00:00Z`) - withinDays * DAY_MS;
        const points = changes.map(({ at, quantity }) => ({ at: Math.max(at, near), isWrong: quantity >= unitsMin }));
        return spansOf(points, to)
          .filter((span) => span.from <= to && (span.to === undefined || span.to > span.from))
          .map((span) => ({ ...span, subject, message: `Lot ${lot} of ${sku} was on hand and good until ${expiry}.` }));
      });
    },
  },
} satisfies Partial<Kinds>;

const subjectOf = ({ sku, lot }: Pick<Row, 'sku' | 'lot'>): string => `${sku} ${lot}`;

/** The day that it is at the site. */
const dayAt = ({ timeZone }: Look['plan'], at: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);

function finding(plan: Look['plan'], row: Row, today: string): Finding {
  const { sku, lot, expiry, quantity, locations } = row;
  const isPast = expiry < today;
  const days = Math.round((Date.parse(expiry) - Date.parse(today)) / DAY_MS);
  return {
    subject: subjectOf(row),
    ...(isPast ? { severity: 'critical' as const } : {}),
    confidence: 1,
    message: `${quantity} of ${sku}, lot ${lot}, ${isPast ? `are past their day, ${expiry}` : `are good until ${expiry} only`}; they lie at ${locations.slice(0, 5).join(', ')}.`,
    suggestion: isPast
      ? 'Put them aside: hold or scrap them. They are promised to nobody any more.'
      : 'Ship them first, offer them at a lower price, or give them back.',
    evidence: { sku, lot, expiry, days, quantity, locations },
    look: `/v1/stock?site=${encodeURIComponent(plan.site)}&sku=${encodeURIComponent(sku)}`,
  };
}
