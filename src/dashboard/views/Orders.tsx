// What is to go out: orders of customers with how far each has come; and one of them, line by line, as it is picked.
import { useEffect, useState } from 'preact/hooks';
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
import { Lists, OneList } from './orders/Lists.tsx';
import { OneOrder } from './orders/OneOrder.tsx';
import { OrderState, Steps } from './orders/steps.tsx';
import { Wave } from './orders/Wave.tsx';

const STATES = [
  ['open', 'Open'],
  ['waiting', 'Waiting for stock'],
  ['shipped', 'Out'],
  ['all', 'All'],
  ['lists', 'Pick lists'],
] as const;

export function Orders() {
  const { part, query } = route.value;
  if (part !== undefined) return <OneOrder id={part} key={part} />;
  const { list } = query;
  return list === undefined ? <OrderPage /> : <OneList id={list} key={list} />;
}

function OrderPage() {
  const { state = 'open' } = route.value.query;
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
      {state === 'lists' ? <Lists /> : <OrderList state={state} />}
    </section>
  );
}

function OrderList({ state }: { readonly state: string }) {
  const list = usePages<OrderHead>('/v1/orders', { site: site.value!.site, state });
  const { items, fault, reload } = list;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => onLive(({ order }) => order.length > 0 && reload()), [reload]);
  const choose = (id: string, isChosen: boolean): void =>
    setChosen((before) => new Set(isChosen ? [...before, id] : [...before].filter((one) => one !== id)));
  return (
    <>
      {chosen.size > 0 && <Wave chosen={chosen} onDone={() => setChosen(new Set())} />}
      {fault !== undefined && <Failed fault={fault} onRetry={reload} />}
      {items === undefined && fault === undefined && <Loading lines={10} />}
      {items?.length === 0 && (
        <Empty icon="orders" title={state === 'open' ? 'Nothing is to go out' : 'There is no such order'}>
          Orders of customers appear here when they are entered (POST /v1/orders).
        </Empty>
      )}
      <ul class="cards">
        {items?.map((one) => (
          <Card order={one} isChosen={chosen.has(one.id)} onChoose={(is) => choose(one.id, is)} key={one.id} />
        ))}
      </ul>
      <More {...list} shown={items?.length ?? 0} what="order" />
    </>
  );
}

interface CardProps {
  readonly order: OrderHead;
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}

/** Something is promised to it that is on no list yet, and it may go. */
const isReady = ({ reserved, partial, backordered }: OrderHead): boolean =>
  reserved > 0 && (partial || backordered === 0);

const Card = ({ order, isChosen, onChoose }: CardProps) => (
  <li class="sheet card order-card">
    <p class="card-head">
      {isReady(order) && (
        <input
          type="checkbox"
          aria-label={`Pick ${order.id} together with others`}
          checked={isChosen}
          onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
        />
      )}
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
