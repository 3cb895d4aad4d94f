// SKUs that will be out before more of them can be here: days of supply under the lead time.
import type { AlertRules } from '../../config/alertKinds.ts';
import { sqlFile } from '../../store/sql.ts';
import { formatTime } from '../../wire/time.ts';
import { levelsOf, type Finding, type Kinds, type Look } from '../finding.ts';
import { round } from '../words.ts';
import { DEMAND_DAYS, standingsOf, type Standing } from './demand.ts';
import { pastStandings, wrongOn } from './pastDemand.ts';

const LEADS = sqlFile(import.meta.url, 'sql/leads.sql');
const DAY_MS = 86_400_000;

/** How long it takes to have more of a SKU, in days, and how that is known. */
export interface Lead {
  readonly days: number;
  readonly by: 'level' | 'orders' | 'rule';
}

export interface Risk {
  /** For so many days what is here lasts, after what waits has gone; and with what comes in time. */
  readonly days: number;
  readonly daysWithComing: number;
  readonly perDay: number;
  /** Units to order now. */
  readonly order: number;
}

type Limits = Pick<AlertRules['stock-out-risk'], 'shippedMin' | 'coverDays'>;

/**
 * What a SKU risks; undefined when it lasts for its lead time, with what comes within it, or is hardly asked for. A SKU of which there is
 * nothing left lasts for 0 days. Pure.
 */
export function riskOf(
  here: Standing,
  coming: number,
  lead: Lead,
  { shippedMin, coverDays }: Limits,
): Risk | undefined {
  const perDay = here.shipped / DEMAND_DAYS;
  if (perDay <= 0 || here.shipped < shippedMin) return undefined;
  const left = here.available - here.waiting;
  const days = Math.max(0, left) / perDay;
  const daysWithComing = Math.max(0, left + coming) / perDay;
  if (daysWithComing >= lead.days) return undefined;
  return {
    days,
    daysWithComing,
    perDay,
    order: Math.max(1, Math.ceil((lead.days + coverDays) * perDay - left - coming)),
  };
}

interface LeadRow extends Record<string, unknown> {
  readonly sku: string;
  readonly days: number | null;
  readonly receipts: number | null;
  readonly coming: readonly { readonly quantity: number; readonly at: number | null }[];
}

export const supplyKinds = {
  'stock-out-risk': {
    async find(look, limits) {
      const { database, plan, now } = look;
      const { rows } = await database.query<LeadRow>({
        name: 'watch-leads',
        text: LEADS,
        values: [plan.site, formatTime(now)],
      });
      const known = new Map(rows.map((row) => [row.sku, row]));
      const leadOf = leadsOf(look.plan, known, limits.leadDays);
      return (await standingsOf(look, [plan.site], now)).flatMap((here): Finding[] => {
        const lead = leadOf(here.sku);
        const until = now + lead.days * DAY_MS;
        // What nobody said a day of may come at any time: it does not save anything.
        const coming = (known.get(here.sku)?.coming ?? [])
          .filter(({ at }) => at !== null && at <= until)
          .reduce((sum, { quantity }) => sum + quantity, 0);
        const risk = riskOf(here, coming, lead, limits);
        return risk === undefined ? [] : [finding(here, coming, lead, risk)];
      });
    },
    async past(past, limits) {
      const { rows } = await past.database.query<LeadRow>({
        text: LEADS,
        values: [past.plan.site, formatTime(past.to)],
      });
      const leadOf = leadsOf(past.plan, new Map(rows.map((row) => [row.sku, row])), limits.leadDays);
      const days = await pastStandings(past, [past.plan.site]);
      return wrongOn(days, past, (standings) =>
        standings.flatMap((here) =>
          riskOf(here, 0, leadOf(here.sku), limits) === undefined
            ? []
            : [
                {
                  subject: here.sku,
                  message: `${here.sku} would not have lasted for its lead time of ${round(leadOf(here.sku).days)} days.`,
                },
              ],
        ),
      );
    },
  },
} satisfies Partial<Kinds>;

/** What the site file says of a SKU, else what its purchase orders took, else what is usual. */
function leadsOf(plan: Look['plan'], known: ReadonlyMap<string, LeadRow>, usual: number): (sku: string) => Lead {
  const said = new Map(
    levelsOf(plan).flatMap(({ sku, leadDays }) => (leadDays === undefined ? [] : [[sku, leadDays] as const])),
  );
  return (sku) => {
    const level = said.get(sku);
    if (level !== undefined) return { days: level, by: 'level' };
    const taken = known.get(sku)?.days ?? null;
    return taken === null ? { days: usual, by: 'rule' } : { days: taken, by: 'orders' };
  };
}

const LEAD_BY = {
  level: 'as its level says',
  orders: 'as its purchase orders took',
  rule: 'as the rule has it',
} as const;

function finding(here: Standing, coming: number, lead: Lead, risk: Risk): Finding {
  const { site, sku, available, waiting, shipped } = here;
  const days = (count: number): string => `${round(count)} ${round(count) === 1 ? 'day' : 'days'}`;
  return {
    subject: sku,
    // Nothing left for the customers of the next days: it will be out whatever is done now.
    ...(risk.daysWithComing < lead.days / 2 ? { severity: 'critical' as const } : {}),
    confidence: 1,
    message: `${sku} lasts for ${days(risk.daysWithComing)} at ${site}, and more of it takes ${days(lead.days)} to come, ${LEAD_BY[lead.by]}.`,
    suggestion: `Order ${risk.order} of ${sku} now, or bring it from another site.`,
    evidence: {
      sku,
      available,
      waiting,
      coming,
      shipped,
      perDay: Math.round(risk.perDay * 10_000) / 10_000,
      days: round(risk.days),
      daysWithComing: round(risk.daysWithComing),
      leadDays: round(lead.days),
      leadBy: lead.by,
      order: risk.order,
    },
    look: `/v1/kpis/skus?site=${encodeURIComponent(site)}&sku=${encodeURIComponent(sku)}`,
  };
}
