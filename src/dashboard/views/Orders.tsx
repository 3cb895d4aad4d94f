// What is to go out: orders of customers with how far each has come; and one of them, line by line, as it is picked.
import { useEffect } from 'preact/hooks';
import type { OrderHead } from '../api/work.ts';
import { site } from '../live/sites.ts';
import { onLive } from '../live/stream.ts';
import { href, route } from '../routing.ts';
import { More } from '../shared/More.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { Tabs } from '../shared/Tabs.tsx';
import { countText } from '../shared/text.ts';
import { Time } from '../shared/Time.tsx';
import { usePages } from '../shared/usePages.ts';
import { OneOrder } from './orders/OneOrder.tsx';
import { OrderState, Steps } from './orders/steps.tsx';

const STATES = [
  ['open', 'Open'],
  ['waiting', 'Waiting for stock'],
  ['shipped', 'Out'],
  ['all', 'All'],
] as const;

export const Orders = () =>
  route.value.part === undefined ? <OrderList /> : <OneOrder id={route.value.part} key={route.value.part} />;

function OrderList() {
  const { state = 'open' } = route.value.query;
  const list = usePages<OrderHead>('/v1/orders', { site: site.value!.site, state });
  const { items, fault, reload } = list;
  useEffect(() => onLive(({ order }) => order.length > 0 && reload()), [reload]);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Orders
        </h1>
        <p class="page-note">
          What is to go out, and how far it has come: nothing is promised twice, and only what was seen or scanned is
          picked.
        </p>
      </header>
      <div class="filter-fields">
        <Tabs label="State" name="state" present={state} choices={STATES} />
      </div>
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={10} />}
      {items?.length === 0 && (
        <Empty icon="orders" title={state === 'open' ? 'Nothing is to go out' : 'There is no such order'}>
          Orders of customers appear here when they are entered (POST /v1/orders).
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card order={one} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="order" />
    </section>
  );
}

const Card = ({ order }: { readonly order: OrderHead }) => (
  <li class="sheet card order-card">
    <p class="card-head">
      <a class="card-kind code" href={href({ view: 'orders', part: order.id, query: {} })}>
        {order.id}
      </a>
      <OrderState state={order.state} />
      <span class="card-supplier">{order.customer}</span>
    </p>
    <Steps of={order} />
    <p class="card-facts">
      <span>{countText(order.lineCount, 'line')}</span>
      <span>priority {order.priority}</span>
      {order.shipBy !== null && (
        <span>
          to leave by <Time at={order.shipBy} />
        </span>
      )}
      {order.load !== null && <span class="code">{order.load}</span>}
    </p>
  </li>
);
