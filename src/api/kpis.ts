// Key figures of sites, live and of any past period, by site, SKU and customer; and the orders behind them.
import { Type, type Static } from 'typebox';
import { dockFigures, NO_DOCKS, NO_RECEIVING, receivingFigures } from '../watch/figures/docks.ts';
import { NO_ORDERS, orderFigures, settledOrders } from '../watch/figures/orders.ts';
import type { Asked } from '../watch/figures/period.ts';
import { NO_RECORDS, recordFigures } from '../watch/figures/records.ts';
import { siteSupply, siteTurnover } from '../watch/figures/sites.ts';
import { classFigures, skuFigures, skusOfPeriod, turnoverOf, type SkuFigures } from '../watch/figures/stock.ts';
import { supplyKey, supplyOf } from '../watch/figures/supply.ts';
import { formatTime } from '../wire/time.ts';
import type { App, Context } from './context.ts';
import { cursorOf, keyOf, LIMIT_DEFAULT, Page, Paging, timeOf, timeText, TimeParameter } from './lists.ts';
import { pickingFigures } from './pickErrors.ts';
import { ApiFault, Problem } from './problem.ts';
import * as Json from './kpiJson.ts';

/** The period when none is said. */
const PERIOD_MS = 28 * 86_400_000;
const PERIOD_MOST_MS = 3660 * 86_400_000;

const PeriodQuery = {
  site: Type.Optional(Type.String()),
  from: TimeParameter('Beginning of the period; 28 days before its end when left out.'),
  to: TimeParameter('End of the period, not in it; now when left out.'),
};

interface PeriodOf {
  readonly site?: string;
  readonly from?: string;
  readonly to?: string;
}

async function stockFigures(period: Asked) {
  const turnover = await siteTurnover(period);
  return { turnover, supply: await siteSupply(period) };
}

async function floorFigures(period: Asked) {
  const docks = await dockFigures(period);
  const receiving = await receivingFigures(period);
  const picking = await pickingFigures(period.on, period.sites, period.from, period.to);
  return { docks, receiving, picking, records: await recordFigures(period) };
}

export function kpiRoutes(app: App, { pool, catalogue, clock }: Context): void {
  const asked = async (query: PeriodOf): Promise<Asked> => {
    const now = clock();
    const to = Math.min(timeOf(query.to, 'to') ?? now, now);
    const from = timeOf(query.from, 'from') ?? to - PERIOD_MS;
    if (from >= to)
      throw new ApiFault(
        400,
        'bad-request',
        `from: ${formatTime(from)} is not before the end of the period, ${formatTime(to)}.`,
      );
    if (to - from > PERIOD_MOST_MS) throw new ApiFault(400, 'bad-request', 'from: a period has ten years at most.');
    const sites = (await catalogue.asked(query.site)).map(({ site }) => site);
    return { on: pool, sites, from, to };
  };

  app.get(
    '/v1/kpis',
    {
      schema: {
        tags: ['figures'],
        summary:
          'Key figures: fill rate, perfect orders, cycle times, dock to stock, receiving, turnover, days of supply',
        description: KPIS,
        querystring: Type.Object({
          ...PeriodQuery,
          customer: Type.Optional(
            Type.String({ maxLength: 64, description: 'Figures of orders of this customer only.' }),
          ),
        }),
        response: { 200: Json.Kpis, default: Problem },
      },
    },
    async ({ query }) => {
      const period = await asked(query);
      // What takes longest beside each other: three of the connections, not all.
      const [orders, { turnover, supply }, { docks, receiving, records, picking }] = await Promise.all([
        orderFigures(period, 'site', query.customer),
        stockFigures(period),
        floorFigures(period),
      ]);
      return {
        from: formatTime(period.from),
        to: formatTime(period.to),
        sites: period.sites.map((site) => ({
          site,
          ...(orders.find((row) => row.site === site)?.figures ?? NO_ORDERS),
          dockToStock: docks.get(site) ?? NO_DOCKS,
          receiving: receiving.get(site) ?? NO_RECEIVING,
          turnover: turnover.get(site)!,
          supply: supply.get(site)!,
          picking: picking.get(site)!,
          accuracy: records.get(site) ?? NO_RECORDS,
        })),
      };
    },
  );

  app.get(
    '/v1/kpis/customers',
    {
      schema: {
        tags: ['figures'],
        summary: 'Figures of orders by customer',
        description: 'As `/v1/kpis`, for every customer of whom an order was settled in the period.',
        querystring: Type.Object(PeriodQuery),
        response: { 200: Json.Customers, default: Problem },
      },
    },
    async ({ query }) => {
      const rows = await orderFigures(await asked(query), 'customer');
      return { customers: rows.map(({ site, customer, figures }) => ({ site, customer: customer ?? '', ...figures })) };
    },
  );

  app.get(
    '/v1/kpis/classes',
    {
      schema: {
        tags: ['figures'],
        summary: 'Figures of stock by velocity class of the product',
        description:
          'In base units, but for `turnover`, which is as in `/v1/kpis`. `/v1/kpis/skus?class=…` are the SKUs of one.',
        querystring: Type.Object(PeriodQuery),
        response: { 200: Json.Classes, default: Problem },
      },
    },
    async ({ query }) => {
      const period = await asked(query);
      return { classes: classFigures(await skuFigures(period), period) };
    },
  );

  app.get(
    '/v1/kpis/skus',
    {
      schema: {
        tags: ['figures'],
        summary:
          'Figures of stock by SKU: what stood there, came and went, how often it turns over and how long it lasts',
        description: SKUS,
        querystring: Type.Object({
          ...PeriodQuery,
          sku: Type.Optional(Type.String({ maxLength: 64 })),
          class: Type.Optional(Type.String({ maxLength: 8, description: 'Velocity class of the product.' })),
          ...Paging,
        }),
        response: { 200: Page(Json.SkuFigures), default: Problem },
      },
    },
    async ({ query }) => {
      const period = await asked(query);
      const after = keyOf(query.cursor, ['text', 'text']);
      const limit = query.limit ?? LIMIT_DEFAULT;
      const found = await skusOfPeriod(period, {
        sku: query.sku,
        class: query.class,
        after: after && { sku: after[0], site: after[1] },
        limit: limit + 1,
      });
      const asking = found.slice(0, limit);
      const figures = await skuFigures(period, [...new Set(asking.map(({ sku }) => sku))]);
      const byKey = new Map(figures.map((one) => [supplyKey(one), one]));
      const page = asking.flatMap((one) => byKey.get(supplyKey(one)) ?? []);
      const supply = await supplyOf(period, page);
      const last = asking.at(-1);
      return {
        items: page.map((sku) => skuJson(sku, period, supply.get(supplyKey(sku))!)),
        next: found.length > limit && last !== undefined ? cursorOf([last.sku, last.site]) : null,
      };
    },
  );

  app.get(
    '/v1/kpis/orders',
    {
      schema: {
        tags: ['figures'],
        summary: 'The orders that the figures of a period are made of, and what is amiss with each',
        description: 'Each opens at `/v1/orders/{id}`, and what left for it at `/v1/orders/{id}/shipments`.',
        querystring: Type.Object({
          ...PeriodQuery,
          customer: Type.Optional(Type.String({ maxLength: 64 })),
          ...Paging,
        }),
        response: { 200: Page(Json.SettledOrder), default: Problem },
      },
    },
    async ({ query }) => {
      const limit = query.limit ?? LIMIT_DEFAULT;
      const after = keyOf(query.cursor, ['text'])?.[0];
      const rows = await settledOrders(await asked(query), { customer: query.customer, after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map((row) => ({
          ...row,
          enteredAt: formatTime(row.enteredAt),
          shipBy: timeText(row.shipBy),
          outAt: timeText(row.outAt),
        })),
        next: rows.length > limit && last !== undefined ? cursorOf([last.order]) : null,
      };
    },
  );
}

const skuJson = (
  { onHandAtEnd, ...sku }: SkuFigures,
  period: Asked,
  { days, demandPerDay, inStockDays }: Awaited<ReturnType<typeof supplyOf>> extends Map<string, infer S> ? S : never,
): Static<typeof Json.SkuFigures> => ({
  ...sku,
  onHandAtEnd,
  turnsPerYear: turnoverOf([{ ...sku, onHandAtEnd }], period)[0]!.perYear,
  supply: { inStockDays, demandPerDay, days },
});

const KPIS = `Of what was settled, put away, closed or shipped in the period, as far as is known now.
* \`fill\`: units, lines and orders that left with the first shipment and in time, of what was due. An order is settled when its first shipment leaves
  or when it is due (\`shipBy\`), whichever is earlier; one without \`shipBy\` is due when it is entered, and any time is in time. A shipment is a load, and out when that is
  closed; without a load, what left on one day. Cancelled orders count when they lacked stock.
* \`perfect\`: whole with the first shipment, in time, on a load, and nothing of it came back. \`onTime\`: of orders that are out whole and say \`shipBy\`.
* \`cycle\`: from entry to hand-over of orders that are out whole.
* \`dockToStock\`: from the first arrival of a receipt to the last of it that was put away, by receipt.
* \`receiving\`: lines of closed receipts without a later correction; and lines that suppliers sent as announced, sound.
* \`accuracy\`: of records (a SKU, lot, owner, status and container in a bin) that were counted for the first time in their plan, those within tolerance.
* \`turnover\`: annualised cost of what was shipped over the time-weighted cost of what was on hand, by currency; in units (\`currency\` null) of SKUs without a unit cost.
* \`supply\`: what is available over what was shipped a day in the 28 days before \`to\`.`;

const SKUS = `In base units. \`supply\` is what is available now over the mean demand of the last 28 days on which the SKU was in stock.
The movements behind \`shipped\` are \`/v1/movements?type=ship&sku=…\`, those behind the others alike.`;
