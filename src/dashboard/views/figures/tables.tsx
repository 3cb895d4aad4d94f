// What the key figures are made of: by SKU, by customer, and order by order.
import { useLoad } from '../../shared/useLoad.ts';
import { usePages } from '../../shared/usePages.ts';
import { get, urlOf } from '../../api/client.ts';
import { href } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { More } from '../../shared/More.tsx';
import { Empty, Failed, Loading } from '../../shared/states.tsx';
import { numberText } from '../../shared/text.ts';
import {
  hoursText,
  shareText,
  type ClassFigures,
  type CustomerFigures,
  type SettledOrder,
  type SkuFigures,
} from './kpis.ts';

interface Of {
  readonly site: string;
  readonly from: string;
}

export function BySku({ site, from }: Of) {
  const list = usePages<SkuFigures>('/v1/kpis/skus', { site, from });
  const { items, fault, reload } = list;
  if (fault !== undefined) return <Failed fault={fault} onRetry={reload} />;
  if (items === undefined) return <Loading lines={8} />;
  if (items.length === 0)
    return (
      <Empty icon="stock" title="Nothing was there">
        SKUs appear here when something of them is on the site, or moved in the period.
      </Empty>
    );
  return (
    <>
      <div class="table-frame">
        <table class="ledger" aria-label="By SKU">
          <thead>
            <Head first="SKU" others={['On hand', 'Mean', 'In', 'Out', 'Turns a year', 'Days of supply']} />
          </thead>
          <tbody>
            {items.map((one) => (
              <tr class="line" key={one.sku}>
                <th scope="row">
                  <a class="code" href={href({ view: 'movements', query: { sku: one.sku } })}>
                    {one.sku}
                  </a>
                  {one.class !== null && <span class="account-more"> class {one.class}</span>}
                </th>
                <Numbers
                  of={[one.onHand, one.onHandMean, one.received, one.shipped, one.turnsPerYear, one.supply.days]}
                />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <More {...list} shown={items.length} what="SKU" />
    </>
  );
}

export function ByCustomer({ site, from }: Of) {
  const query = { site, from };
  const { value, fault, reload } = useLoad(urlOf('/v1/kpis/customers', query), (signal) =>
    get<{ readonly customers: readonly CustomerFigures[] }>('/v1/kpis/customers', query, signal),
  );
  if (fault !== undefined) return <Failed fault={fault} onRetry={reload} />;
  if (value === undefined) return <Loading lines={8} />;
  if (value.customers.length === 0) return <NoOrders />;
  return (
    <div class="table-frame">
      <table class="ledger" aria-label="By customer">
        <thead>
          <Head first="Customer" others={['Orders', 'Units', 'Whole', 'On time', 'Perfect', 'Cycle']} />
        </thead>
        <tbody>
          {value.customers.map(({ customer, fill, onTime, perfect, cycle }) => (
            <tr class="line" key={customer}>
              <th scope="row">{customer}</th>
              <td class="number">{numberText(fill.orders.asked)}</td>
              {[fill.units, fill.orders, onTime, perfect].map((share, index) => (
                <td class="number" key={index}>
                  {shareText(share)}
                </td>
              ))}
              <td class="number">{hoursText(cycle.medianHours)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ByClass({ site, from }: Of) {
  const query = { site, from };
  const { value, fault, reload } = useLoad(urlOf('/v1/kpis/classes', query), (signal) =>
    get<{ readonly classes: readonly ClassFigures[] }>('/v1/kpis/classes', query, signal),
  );
  if (fault !== undefined) return <Failed fault={fault} onRetry={reload} />;
  if (value === undefined) return <Loading lines={8} />;
  return (
    <div class="table-frame">
      <table class="ledger" aria-label="By class">
        <thead>
          <Head first="Class" others={['SKUs', 'On hand', 'In', 'Out', 'Turns a year']} />
        </thead>
        <tbody>
          {value.classes.map((one) => (
            <tr class="line" key={one.class}>
              <th scope="row">{one.class ?? 'none'}</th>
              <Numbers of={[one.skus, one.onHand, one.received, one.shipped]} />
              <td class="number">
                {one.turnover
                  .map(({ currency, perYear }) =>
                    perYear === null ? '-' : `${numberText(perYear)}${currency === null ? '' : ` (${currency})`}`,
                  )
                  .join(', ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ByOrder({ site, from }: Of) {
  const list = usePages<SettledOrder>('/v1/kpis/orders', { site, from });
  const { items, fault, reload } = list;
  if (fault !== undefined) return <Failed fault={fault} onRetry={reload} />;
  if (items === undefined) return <Loading lines={8} />;
  if (items.length === 0) return <NoOrders />;
  return (
    <>
      <div class="table-frame">
        <table class="ledger" aria-label="By order">
          <thead>
            <Head first="Order" others={['Customer', 'Units', 'First and in time', 'Verdict']} />
          </thead>
          <tbody>
            {items.map((one) => (
              <tr class="line" key={one.order}>
                <th scope="row">
                  <a class="code" href={href({ view: 'orders', part: one.order, query: {} })}>
                    {one.order}
                  </a>
                </th>
                <td>{one.customer}</td>
                <Numbers of={[one.units, one.unitsFilled]} />
                <td>
                  <Verdict of={one} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <More {...list} shown={items.length} what="order" />
    </>
  );
}

function Verdict({ of: { isPerfect, isFilled, isLate } }: { readonly of: SettledOrder }) {
  const [icon, text] = isPerfect
    ? (['tick', 'perfect'] as const)
    : isLate
      ? (['clock', 'late'] as const)
      : isFilled
        ? (['undecided', 'whole, not perfect'] as const)
        : (['cross', 'not whole'] as const);
  return (
    <span class="mark">
      <Icon name={icon} /> {text}
    </span>
  );
}

const Head = ({ first, others }: { readonly first: string; readonly others: readonly string[] }) => (
  <tr>
    <th scope="col">{first}</th>
    {others.map((title) => (
      <th scope="col" class={title === 'Customer' || title === 'Verdict' ? undefined : 'number'} key={title}>
        {title}
      </th>
    ))}
  </tr>
);

const Numbers = ({ of }: { readonly of: readonly (number | null)[] }) => (
  <>
    {of.map((value, index) => (
      <td class="number" key={index}>
        {value === null ? '–' : numberText(value)}
      </td>
    ))}
  </>
);

const NoOrders = () => (
  <Empty icon="orders" title="No order was due">
    Orders appear here when they leave, or when they should have left.
  </Empty>
);
