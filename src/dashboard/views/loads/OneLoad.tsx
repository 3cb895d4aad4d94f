// One load as it is loaded: what is wrong on top, its orders with what is missing, what is on the truck, its seals, and the truck leaving.
import { useEffect } from 'preact/hooks';
import type { Load, LoadOrder } from '../../api/work.ts';
import { onLive } from '../../live/stream.ts';
import { href } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { When } from '../../shared/states.tsx';
import { countText, numberText } from '../../shared/text.ts';
import { Time } from '../../shared/Time.tsx';
import { useOne } from '../../shared/useOne.ts';
import { Acts } from './Acts.tsx';
import { Alarms, isAlarm } from './Alarms.tsx';
import { LoadBar, LoadState } from './progress.tsx';

export function OneLoad({ id }: { readonly id: string }) {
  const { loaded, told } = useOne('load', '/v1/loads', id);
  const { reload } = loaded;
  // An order that left elsewhere changes nothing of the load itself, and its orders are picked without it.
  useEffect(
    () => onLive(({ discrepancy, order }) => (discrepancy.some(isAlarm) || order.length > 0) && reload()),
    [reload],
  );
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Load <span class="code">{id}</span>
        </h1>
        <p class="page-note">
          <a href={href({ view: 'loads', part: undefined, query: {} })}>All loads</a>
        </p>
      </header>
      <When loaded={loaded}>{(value) => <Truck load={told ?? value} onDone={reload} />}</When>
    </section>
  );
}

interface Props {
  readonly load: Load;
  readonly onDone: () => void;
}

const Truck = ({ load, onDone }: Props) => (
  <>
    <Alarms alarms={load.alarms} />
    <div class="sheet inbound-head load-head">
      <div>
        <p class="inbound-title">
          <LoadState load={load} />
          <span>
            {load.complete} of {countText(load.orders.length, 'order')} complete
          </span>
        </p>
        <LoadBar loaded={load.loaded} missing={load.missing} />
      </div>
      <dl class="facts">
        <dt>Carrier</dt>
        <dd>{load.carrier}</dd>
        <dt>Door</dt>
        <dd class="code">{load.door ?? 'any'}</dd>
        <dt>Seals</dt>
        <dd class="code">{load.seals.length === 0 ? 'none' : load.seals.join(', ')}</dd>
        <dt>{load.closedAt === null ? 'Opened' : 'Left'}</dt>
        <dd>
          <Time at={load.closedAt ?? load.openedAt} ago />
        </dd>
      </dl>
    </div>
    {load.state === 'open' && <Acts load={load} onDone={onDone} />}
    <Orders load={load} />
    <Aboard load={load} />
  </>
);

/** What lacks something first: that is what somebody has to fetch. */
const Orders = ({ load: { orders } }: { readonly load: Load }) => (
  <section class="load-orders" aria-label="Orders">
    <h2>Orders</h2>
    <ul class="cards">
      {orders
        .toSorted((a, b) => Number(a.isComplete) - Number(b.isComplete))
        .map((one) => (
          <OneOrder order={one} key={one.order} />
        ))}
    </ul>
  </section>
);

const OneOrder = ({ order }: { readonly order: LoadOrder }) => (
  <li class={order.isComplete ? 'sheet card load-card' : 'sheet card load-card severity-warning'}>
    <p class="card-head">
      <a class="card-kind code" href={href({ view: 'orders', part: order.order, query: {} })}>
        {order.order}
      </a>
      {order.isComplete ? (
        <span class="mark load-complete">
          <Icon name="tick" /> complete
        </span>
      ) : (
        <span class="mark load-short">
          <Icon name="undecided" /> {numberText(order.short)} missing
        </span>
      )}
    </p>
    <LoadBar loaded={order.loaded} missing={order.short} />
    {order.missing.length > 0 && (
      <ul class="load-missing" aria-label={`Missing of ${order.order}`}>
        {order.missing.map(({ line, sku, lot, quantity, picked }) => (
          <li key={line}>
            <b>{numberText(quantity)}</b> of <span class="code">{sku}</span>
            {lot !== null && ` lot ${lot}`}
            <span class="account-more">
              {picked > 0 ? ` ${numberText(Math.min(picked, quantity))} picked, to be loaded` : ' not picked yet'}
            </span>
          </li>
        ))}
      </ul>
    )}
  </li>
);

/** For the books it is neither here nor sold while the truck stands at the door. */
const Aboard = ({ load: { aboard, state } }: { readonly load: Load }) =>
  state === 'closed' ? null : (
    <section class="load-orders" aria-label="On the truck">
      <h2>On the truck</h2>
      {aboard.length === 0 && <p class="page-note">Nothing yet.</p>}
      <ul class="inbound-tags">
        {aboard.map(({ sku, lot, owner, container, quantity }) => (
          <li class="sheet" key={[sku, lot, owner, container].join(' ')}>
            <b>{numberText(quantity)}</b>
            <span class="code">{sku}</span>
            {lot !== null && <span>lot {lot}</span>}
            {owner !== null && <span>of {owner}</span>}
            {container !== null && <span class="code">{container}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
