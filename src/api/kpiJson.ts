// Key figures as they are answered.
import { Type } from 'typebox';
import { PickingFigures } from './pickErrors.ts';

const Known = <T extends Type.TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const Hours = (description: string) => Known(Type.Number(), `${description} Hours; null when there was none.`);

const Share = Type.Object({
  asked: Type.Number({ description: 'How many there were.' }),
  filled: Type.Number({ description: 'How many of them were so.' }),
  share: Known(Type.Number(), 'Null when there was nothing to count.'),
});

const OrderFigures = {
  fill: Type.Object({ units: Share, lines: Share, orders: Share }),
  onTime: Share,
  perfect: Share,
  cycle: Type.Object({
    orders: Type.Integer(),
    medianHours: Hours('Half took less.'),
    p90Hours: Hours('Nine in ten took less.'),
  }),
};

const Turnover = Type.Array(
  Type.Object({
    currency: Known(Type.String(), 'ISO 4217; null: in units.'),
    shipped: Type.Number(),
    onHandMean: Type.Number({ description: 'Weighted by time.' }),
    perYear: Known(Type.Number(), 'Null when nothing was on hand.'),
  }),
);

export const Kpis = Type.Object({
  from: Type.String(),
  to: Type.String(),
  sites: Type.Array(
    Type.Object({
      site: Type.String(),
      ...OrderFigures,
      dockToStock: Type.Object({
        receipts: Type.Integer(),
        units: Type.Number(),
        medianHours: Hours('Half took less.'),
        p90Hours: Hours('Nine in ten took less.'),
      }),
      receiving: Type.Object({ accuracy: Share, suppliers: Share }),
      accuracy: Type.Object({
        counted: Type.Integer(),
        accurate: Type.Integer({ description: 'Within tolerance at their first count.' }),
        share: Known(Type.Number(), 'Null when nothing was counted.'),
      }),
      turnover: Turnover,
      supply: Type.Object({
        available: Type.Number(),
        demandPerDay: Type.Number(),
        days: Known(Type.Number(), 'Null without demand.'),
      }),
      picking: PickingFigures,
    }),
  ),
});

export const Customers = Type.Object({
  customers: Type.Array(Type.Object({ site: Type.String(), customer: Type.String(), ...OrderFigures })),
});

export const Classes = Type.Object({
  classes: Type.Array(
    Type.Object({
      site: Type.String(),
      class: Known(Type.String(), 'Velocity class; null: of SKUs without one.'),
      skus: Type.Integer(),
      onHand: Type.Number({ description: 'Now.' }),
      available: Type.Number({ description: 'Now, with status `available`.' }),
      received: Type.Number(),
      shipped: Type.Number(),
      returned: Type.Number(),
      adjusted: Type.Number(),
      turnover: Turnover,
    }),
  ),
});

export const SkuFigures = Type.Object({
  site: Type.String(),
  sku: Type.String(),
  class: Known(Type.String(), 'Velocity class of the product.'),
  unitCost: Known(Type.Number(), 'Of a base unit.'),
  currency: Known(Type.String(), 'ISO 4217.'),
  onHand: Type.Number({ description: 'Now.' }),
  available: Type.Number({ description: 'Now, with status `available`.' }),
  onHandAtEnd: Type.Number({ description: 'At the end of the period.' }),
  onHandMean: Type.Number({ description: 'In the period, weighted by time.' }),
  received: Type.Number(),
  shipped: Type.Number({ description: 'To customers, less what was undone.' }),
  returned: Type.Number(),
  adjusted: Type.Number({ description: 'Found, less what was missing.' }),
  turnsPerYear: Known(Type.Number(), 'Null when nothing was on hand.'),
  supply: Type.Object({
    inStockDays: Type.Integer(),
    demandPerDay: Type.Number(),
    days: Known(Type.Number(), 'Null without demand.'),
  }),
});

export const SettledOrder = Type.Object({
  site: Type.String(),
  order: Type.String(),
  customer: Type.String(),
  enteredAt: Type.String(),
  shipBy: Known(Type.String(), 'When it had to leave.'),
  outAt: Known(Type.String(), 'When the last of it was handed over; null while some is not.'),
  units: Type.Number(),
  unitsFilled: Type.Number({ description: 'With the first shipment, in time.' }),
  isFilled: Type.Boolean(),
  isLate: Type.Boolean(),
  isPerfect: Type.Boolean(),
});
