// One order as it is promised, picked and loaded: its lines live, its release, and the lists that it is picked with.
import { post } from '../../api/client.ts';
import type { CommandAnswer } from '../../api/types.ts';
import type { Order, OrderLine } from '../../api/work.ts';
import { href } from '../../routing.ts';
import { Icon } from '../../shared/Icon.tsx';
import { Failed, When } from '../../shared/states.tsx';
import { useOne } from '../../shared/useOne.ts';
import { Time } from '../../shared/Time.tsx';
import { useCommand } from '../../shared/useCommand.ts';
import { Proposal } from '../packing/Proposal.tsx';
import { Picks } from './Picks.tsx';
import { OrderState, Steps } from './steps.tsx';

export function OneOrder({ id }: { readonly id: string }) {
  const { loaded, told } = useOne('order', '/v1/orders', id);
  return (
    <section class="page" aria-labelledby="title">
      <header class="page-head">
        <h1 id="title" tabIndex={-1}>
          Order <span class="code">{id}</span>
        </h1>
        <p class="page-note">
          <a href={href({ view: 'orders', part: undefined, query: {} })}>All orders</a>
        </p>
      </header>
      <When loaded={loaded}>{(value) => <Document order={told ?? value} />}</When>
    </section>
  );
}

const Document = ({ order }: { readonly order: Order }) => (
  <>
    <div class="sheet inbound-head">
      <div>
        <p class="inbound-title">
          <OrderState state={order.state} />
          <span>
            For <b>{order.customer}</b>
          </span>
        </p>
        <Steps of={order} />
      </div>
      <dl class="facts">
        <dt>To leave by</dt>
        <dd>{order.shipBy === null ? 'any time' : <Time at={order.shipBy} />}</dd>
        <dt>Priority</dt>
        <dd>
          {order.priority}, {order.partial ? 'may go in parts' : 'goes whole'}
        </dd>
        <dt>Load</dt>
        <dd class="code">{order.load ?? 'none'}</dd>
        <dt>Entered</dt>
        <dd>
          <Time at={order.enteredAt} ago />
        </dd>
        {order.sourcing !== null && (
          <>
            <dt>Why here</dt>
            <dd>{order.sourcing}</dd>
          </>
        )}
      </dl>
      <Release order={order} />
    </div>
    <Lines lines={order.lines} />
    <Proposal site={order.site} order={order.id} title="Cartons" />
    {order.picks.length > 0 && <Picks order={order} />}
  </>
);

/** What it is promised can be picked now; what goes whole waits until all of it is promised. What is out may come back. */
function Release({ order }: { readonly order: Order }) {
  const { id, site: siteId } = order;
  const path = `/v1/orders/${encodeURIComponent(id)}/release`;
  const release = useCommand((key) => post<CommandAnswer>(path, { site: siteId }, key));
  const isReady = order.reserved > 0 && (order.partial || order.backordered === 0);
  if (!isReady && order.picked === 0 && order.shipped === 0 && release.state.kind !== 'failed') return null;
  return (
    <div class="inbound-receipt">
      {order.picked > 0 && (
        <a class="button" href={href({ view: 'packing', part: undefined, query: { order: id } })}>
          <Icon name="packing" /> Pack it
        </a>
      )}
      {order.shipped > 0 && (
        <a class="button" href={href({ view: 'partners', part: undefined, query: { kind: 'announced', order: id } })}>
          <Icon name="partners" /> Announce a return
        </a>
      )}
      {isReady && <ReleaseButton isSending={release.state.kind === 'sending'} onSend={() => void release.send()} />}
      {release.state.kind === 'failed' && <Failed fault={release.state.fault} onRetry={() => void release.send()} />}
    </div>
  );
}

const ReleaseButton = ({ isSending, onSend }: { readonly isSending: boolean; readonly onSend: () => void }) => (
  <button type="button" class="button" onClick={onSend} disabled={isSending}>
    <Icon name="movements" /> Release it to be picked
  </button>
);

const Lines = ({ lines }: { readonly lines: readonly OrderLine[] }) => (
  <div class="order-lines">
    <table class="ledger" aria-label="Lines">
      <thead>
        <tr>
          <th scope="col">Line</th>
          <th scope="col">SKU</th>
          <th scope="col">How far</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr class="line" key={line.line}>
            <th scope="row" class="code">
              {line.line}
            </th>
            <td>
              <a class="code" href={href({ view: 'stock', query: { sku: line.sku } })}>
                {line.sku}
              </a>
              {line.lot !== null && <span class="account-more"> lot {line.lot}</span>}
            </td>
            <td>
              <Steps of={line} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
