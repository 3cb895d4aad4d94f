// Too little of a SKU, nothing of it, or too little here while another site has too much. What counts is what can be given to
// a customer: status `available`, and stock that has no status.
import type { AlertRules } from '../../config/alertKinds.ts';
import type { Level } from '../../config/alertRule.ts';
import { isWithin, type SitePlan } from '../../config/plan.ts';
import type { Queryable } from '../../store/database.ts';
import { sqlFile } from '../../store/sql.ts';
import { formatTime } from '../../wire/time.ts';
import { levelsOf, type Finding, type Kinds, type Look, type Past, type Period } from '../finding.ts';
import { imbalances, transferOf, type Standing } from './demand.ts';
import { pastStandings, wrongOn } from './pastDemand.ts';
import { spansOf } from '../periods.ts';

const LEVELS = sqlFile(import.meta.url, 'sql/levels.sql');
const PAST_LEVEL = sqlFile(import.meta.url, 'sql/pastLevel.sql');

export const stockKinds = {
  'low-stock': {
    find: async (look) =>
      (await stockOf(look, look.plan))
        .filter(({ level, available }) => available > 0 && available < level.minimum)
        .map((stock) => finding(look, stock, `Only ${stock.available} of ${nameOf(look, stock.level)}`)),
    past: (past) =>
      pastLevels(past, (quantity, { minimum }) => quantity > 0 && quantity < minimum, 'below its minimum'),
  },
  'stock-out': {
    find: async (look) =>
      (await stockOf(look, look.plan))
        .filter(({ level, available }) => available <= 0 && level.minimum > 0)
        .map((stock) => finding(look, stock, `Nothing of ${nameOf(look, stock.level)}`)),
    past: (past) => pastLevels(past, (quantity, { minimum }) => quantity <= 0 && minimum > 0, 'out of stock'),
  },
  imbalance: {
    async find(look, limits) {
      const { quantityMin } = limits;
      const levelled = new Set(levelsOf(look.plan).map(({ sku }) => sku));
      const byDemand = await imbalances(look, limits, levelled);
      const wanting = (await stockOf(look, look.plan)).filter(
        ({ level, available }) => level.location === undefined && available < level.minimum,
      );
      if (wanting.length === 0) return byDemand;
      const others = look.plans.filter(({ site }) => site !== look.plan.site);
      const elsewhere = await Promise.all(others.map(async (plan) => ({ plan, stocks: await stockOf(look, plan) })));
      const byLevel = wanting.flatMap((stock) => {
        const giver = giverOf(stock, elsewhere);
        if (giver === undefined) return [];
        const quantity = Math.min(giver.spare, targetOf(stock.level) - stock.available);
        return quantity < quantityMin ? [] : [transfer(look, stock, giver, quantity)];
      });
      return [...byLevel, ...byDemand];
    },
    past: pastImbalances,
  },
} satisfies Partial<Kinds>;

interface Stock {
  readonly level: Level;
  readonly available: number;
  /** On site, but not to be given away: receiving, quality, damaged… */
  readonly otherwise: number;
  /** Passages that may have brought some, which a person has not decided; and how likely they are to have come in. */
  readonly undecided: number;
  readonly undecidedIn: number;
}

const targetOf = ({ minimum, target = minimum }: Level): number => target;

/** What was asked at a look, by site: three rules ask the same. */
const asked = new WeakMap<Look, Map<string, Promise<readonly Stock[]>>>();

function stockOf(look: Look, plan: SitePlan): Promise<readonly Stock[]> {
  const bySite = asked.get(look) ?? new Map<string, Promise<readonly Stock[]>>();
  asked.set(look, bySite);
  let stock = bySite.get(plan.site);
  if (stock === undefined) bySite.set(plan.site, (stock = askStock(look.database, plan)));
  return stock;
}

async function askStock(database: Queryable, plan: SitePlan): Promise<readonly Stock[]> {
  const levels = levelsOf(plan);
  if (levels.length === 0) return [];
  const roots = [...new Set(levels.map(({ location = '' }) => location))];
  const places = roots.flatMap((root) => placesIn(plan, root).map((location) => ({ root, location })));
  const { rows } = await database.query<
    Omit<Stock, 'level' | 'undecidedIn'> & { n: number; undecided_in: number | null }
  >({
    name: 'watch-levels',
    text: LEVELS,
    values: [
      plan.site,
      levels.map(({ sku }) => sku),
      levels.map(({ location = '' }) => location),
      places.map(({ root }) => root),
      places.map(({ location }) => location),
    ],
  });
  return rows.map(({ n, ...row }) => ({
    level: levels[n - 1]!,
    available: row.available,
    otherwise: row.otherwise,
    undecided: row.undecided,
    undecidedIn: row.undecided_in ?? 0,
  }));
}

/** The locations that lie in one; every one of the site for ''. */
const placesIn = (plan: SitePlan, root: string): string[] =>
  [...plan.locations.keys()].filter((id) => root === '' || isWithin(plan, id, root));

const nameOf = ({ plan }: Look, { sku, location }: Level): string => `${sku} is available in ${location ?? plan.site}`;

/** Counted, so sure; unless undecided passages may have brought what seems to lack. */
function confidenceOf({ level, available, undecided, undecidedIn }: Stock): number {
  return undecided > 0 && available + undecided >= level.minimum ? Math.max(0, 1 - undecidedIn) : 1;
}

function finding({ plan }: Look, stock: Stock, what: string): Finding {
  const { level, available, otherwise, undecided } = stock;
  const lacking = targetOf(level) - available;
  const hints = [
    ...(otherwise > 0 ? [`${otherwise} more are on site but not available: grade or release them.`] : []),
    ...(undecided > 0
      ? [`Decide the ${undecided === 1 ? 'passage' : `${undecided} passages`} of it in the review queue first.`]
      : []),
  ];
  return {
    subject: `${level.sku}@${level.location ?? plan.site}`,
    confidence: confidenceOf(stock),
    message: `${what}; the minimum is ${level.minimum}.`,
    suggestion: [
      level.location === undefined ? `Order ${lacking} of it.` : `Bring ${lacking} of it to ${level.location}.`,
      ...hints,
    ].join(' '),
    evidence: { ...level, site: plan.site, available, otherwise, undecided, lacking },
    look: `/v1/stock?site=${encodeURIComponent(plan.site)}&sku=${encodeURIComponent(level.sku)}${level.location === undefined ? '' : `&location=${encodeURIComponent(level.location)}`}`,
  };
}

interface Giver {
  readonly site: string;
  readonly stock: Stock;
  readonly spare: number;
}

/** The other site with most to spare above its target. */
function giverOf(
  { level }: Stock,
  elsewhere: readonly { readonly plan: SitePlan; readonly stocks: readonly Stock[] }[],
): Giver | undefined {
  return elsewhere
    .flatMap(({ plan, stocks }) =>
      stocks
        .filter((stock) => stock.level.sku === level.sku && stock.level.location === undefined)
        .map((stock) => ({ site: plan.site, stock, spare: stock.available - targetOf(stock.level) })),
    )
    .filter(({ spare }) => spare > 0)
    .toSorted((a, b) => b.spare - a.spare)[0];
}

function transfer({ plan }: Look, stock: Stock, giver: Giver, quantity: number): Finding {
  const { sku, minimum } = stock.level;
  return {
    subject: sku,
    confidence: Math.min(confidenceOf(stock), confidenceOf(giver.stock)),
    message: `${plan.site} has ${stock.available} of ${sku}, less than its minimum of ${minimum}; ${giver.site} has ${giver.stock.available}, ${giver.spare} above its target.`,
    suggestion: `Transfer ${quantity} of ${sku} from ${giver.site} to ${plan.site}.`,
    evidence: {
      transfer: { sku, quantity, from: giver.site, to: plan.site },
      here: { site: plan.site, available: stock.available, ...stock.level },
      there: { site: giver.site, available: giver.stock.available, ...giver.stock.level },
    },
    look: `/v1/stock?sku=${encodeURIComponent(sku)}`,
  };
}

/** Day by day: by the levels of the site where there are any, else by what was sent until then. */
async function pastImbalances(past: Past, limits: AlertRules['imbalance']): Promise<readonly Period[]> {
  const { plan, plans } = past;
  if (plans.length < 2) return [];
  const levelOf = (of: SitePlan, sku: string): Level | undefined =>
    levelsOf(of).find((level) => level.sku === sku && level.location === undefined);
  const days = await pastStandings(
    past,
    plans.map(({ site }) => site),
  );
  return wrongOn(days, past, (standings) => {
    const bySku = new Map<string, Standing[]>();
    for (const one of standings) bySku.set(one.sku, [...(bySku.get(one.sku) ?? []), one]);
    return [...bySku].flatMap(([sku, all]) => {
      const others = all.filter(({ site }) => site !== plan.site);
      const here = all.find(({ site }) => site === plan.site) ?? {
        site: plan.site,
        sku,
        available: 0,
        shipped: 0,
        waiting: 0,
      };
      const quantity = quantityOf(here, others);
      return quantity === undefined || quantity < limits.quantityMin
        ? []
        : [{ subject: sku, message: `${quantity} of ${sku} would have been better at ${plan.site}.` }];
    });
  });

  function quantityOf(here: Standing, others: readonly Standing[]): number | undefined {
    const level = levelOf(plan, here.sku);
    if (level === undefined) {
      if (levelsOf(plan).some(({ sku }) => sku === here.sku)) return undefined;
      return transferOf(here, others, limits)?.quantity;
    }
    if (here.available >= level.minimum) return undefined;
    const spare = others.map(({ site, available }) => {
      const own = levelOf(
        plans.find((one) => one.site === site)!,
        here.sku,
      );
      return own === undefined ? 0 : available - targetOf(own);
    });
    const most = Math.max(0, ...spare);
    return most <= 0 ? undefined : Math.min(most, targetOf(level) - here.available);
  }
}

async function pastLevels(
  { database, plan, from, to }: Past,
  isWrong: (quantity: number, level: Level) => boolean,
  what: string,
): Promise<Period[]> {
  const periods: Period[] = [];
  for (const level of levelsOf(plan)) {
    const { rows } = await database.query<{ at: number; quantity: number }>({
      text: PAST_LEVEL,
      values: [plan.site, level.sku, placesIn(plan, level.location ?? ''), formatTime(from)],
    });
    const points = rows
      .map(({ at, quantity }) => ({ at: Math.max(at, from), isWrong: isWrong(quantity, level) }))
      .filter(({ at }) => at <= to);
    const place = level.location ?? plan.site;
    for (const span of spansOf(points, to))
      periods.push({
        ...span,
        subject: `${level.sku}@${place}`,
        message: `${level.sku} was ${what} in ${place}.`,
      });
  }
  return periods;
}
